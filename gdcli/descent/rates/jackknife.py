"""The slope of a curve on log-log axes and its interval: least squares, Student's t, the jackknife over seeds."""

from __future__ import annotations

import math

import numpy as np

from gdcli.risk.empirical import Matrix, Vector

LEVEL = 0.95
# Halve an interval until its ends are neighbours among the doubles.
BISECTIONS = 53


def slope(x: Vector, y: Vector) -> float:
    """Of the least-squares line through (log x, log y), x > 0, y > 0."""
    return line(np.log(x), np.log(y))


def line(x: Vector, y: Vector) -> float:
    """sum (x - mean x)(y - mean y)/sum (x - mean x)^2."""
    centred = x - np.mean(x)
    return float(centred @ (y - np.mean(y)) / (centred @ centred))


def jackknife(x: Vector, curves: Matrix) -> tuple[float, float, float]:
    """s = slope of the mean of K >= 2 curves (K, n) with the ends of its interval s -+ t SE.

    SE^2 = (K-1)/K sum_k (s_k - mean s_k)^2, s_k the slope of the mean without the k-th curve, t Student's of K - 1
    degrees of freedom at 95 % (Tukey, 1958; Efron and Stein, 1981). Curves are independent, the points of one are not:
    an interval from the residuals of the line would be far too short.
    """
    count = len(curves)
    whole = slope(x, np.mean(curves, axis=0))
    without = np.array([slope(x, np.mean(np.delete(curves, k, axis=0), axis=0)) for k in range(count)])
    spread = math.sqrt((count - 1) / count * float(np.sum((without - np.mean(without)) ** 2)))
    half = student(count - 1, LEVEL) * spread
    return whole, whole - half, whole + half


def student(freedom: int, level: float) -> float:
    """t with P(|T| <= t) = level for Student's T, by bisection."""
    low, high = 0.0, 1.0
    while central(freedom, high) < level:
        low, high = high, 2.0 * high
    for _ in range(BISECTIONS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if central(freedom, middle) < level else (low, middle)
    return 0.5 * (low + high)


def central(freedom: int, t: float) -> float:
    """P(|T| <= t): the finite sums in theta = atan(t/sqrt(n)) of Abramowitz and Stegun, 26.7.3 and 26.7.4."""
    theta = math.atan2(t, math.sqrt(freedom))
    square = math.cos(theta) ** 2
    odd = freedom % 2
    total, term = 0.0, math.cos(theta) if odd else 1.0
    for k in range(1 + odd, freedom, 2):
        total += term
        term *= k / (k + 1) * square
    if not odd:
        return math.sin(theta) * total
    return 2.0 / math.pi * (theta + math.sin(theta) * total)
