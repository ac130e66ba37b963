"""Losses of two straight pieces: phi_i(p) = max(l_i (p - k_i), h_i (p - k_i)), l_i <= 0 <= h_i, with a kink at k_i."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from gdcli.kernels.pairs import UNIT, Pair, add, fraction, times, total, two_product
from gdcli.risk.empirical import Matrix, Vector
from gdcli.risk.models.linear import LinearRisk

Mask = NDArray[np.bool_]
EPS = float(np.finfo(float).eps)
# What is off by this, relative to its terms, is 0 up to the rounding of pairs.
AT_ZERO = 2.0**20 * UNIT
# Plain doubles tell a distance's sign from here on, relative to its terms.
SURE = 1e-12
# Rows whose products are summed at once: what they need stays in the cache.
CHUNK = 4096


@dataclass(frozen=True)
class Kinks:
    """X (N, k), the kinks (N,), the slopes l <= 0 and h >= 0 beside them as pairs, and the weight N lambda (k,)."""

    X: Matrix
    kink: Vector
    low: Pair
    high: Pair
    weight: Vector

    @property
    def width(self) -> Vector:
        """h - l > 0, (N,)."""
        return np.asarray(self.high[0] - self.low[0])

    def end(self, right: Mask) -> Pair:
        """h right of the kink, l left of it."""
        high, tail = (np.where(right, h, low) for h, low in zip(self.high, self.low, strict=True))
        return high, tail

    def room(self, a: Pair) -> tuple[Vector, Vector]:
        """a - l and h - a, accurate where a is near an end."""
        below = (a[0] - self.low[0]) + (a[1] - self.low[1])
        above = (self.high[0] - a[0]) + (self.high[1] - a[1])
        return np.asarray(below), np.asarray(above)

    def clip(self, a: Pair) -> Pair:
        """The point of [l, h] nearest a, an end of it where a is that end up to rounding."""
        below, above = self.room(a)
        high, tail = self.end(above < below)
        at_end = np.minimum(below, above) <= AT_ZERO * self.width
        return np.where(at_end, high, a[0]), np.where(at_end, tail, a[1])

    def phi(self, t: Vector) -> Vector:
        """phi_i at the distance t from its kink."""
        return np.asarray(np.maximum(self.low[0] * t, self.high[0] * t))

    def size(self, theta: Vector) -> Vector:
        """sum_j |x_ij theta_j| + |k_i|, on which the rounding of a distance depends."""
        return np.asarray(np.abs(self.X) @ np.abs(theta) + np.abs(self.kink))

    def distance(self, theta: Pair, rows: Mask) -> Pair:
        """t = X theta - k on these rows, right to noise(k + 1) of their size."""
        return add(dot(self.X[rows].T, theta), (-self.kink[rows], np.zeros(int(rows.sum()))))

    def distances(self, theta: Pair, near: Mask) -> tuple[Vector, Vector]:
        """t (N,) and bounds on its errors: from pairs on the rows `near`, and where doubles may have the wrong sign."""
        size = self.size(theta[0])
        t = self.X @ theta[0] - self.kink
        near = near | (np.abs(t) <= SURE * size)
        t[near] = self.distance(theta, near)[0]
        width = self.X.shape[1]
        return t, np.where(near, noise(width + 1) * size + EPS * np.abs(t), (width + 3) * EPS * size)

    def stationarity(self, theta: Pair, a: Pair) -> tuple[Vector, Vector]:
        """X^T a + N Lambda theta (k,), 0 at an optimum, and a bound on its rounding."""
        value = add(dot(self.X, a), times(theta, self.weight))[0]
        terms = np.abs(a[0]) @ np.abs(self.X) + self.weight * np.abs(theta[0])
        return np.asarray(value), noise(len(self.X) + 1) * np.asarray(terms)


def kinks(risk: LinearRisk) -> Kinks:
    """The kinks of a risk whose loss has `pieces`.

    They are its slopes in p - y, and for labels y = -1, 1 those in 1 - y p = -y (p - y).
    """
    pieces = risk.kernel.loss.pieces
    if pieces is None:
        raise TypeError(f"{risk.kernel.loss.name} loss has no two straight pieces")
    low, high = (_everywhere(slope, risk.rows) for slope in pieces)
    if risk.kernel.loss.target == "signs":
        # -y (p - y) turns around where y = 1.
        falls = risk.y > 0.0
        low, high = (
            tuple(np.where(falls, -b, a) for a, b in zip(low, high, strict=True)),
            tuple(np.where(falls, -a, b) for a, b in zip(low, high, strict=True)),
        )
    return Kinks(risk.X, risk.y, low, high, risk.rows * risk.penalty)


def _everywhere(slope: Fraction, rows: int) -> Pair:
    high, tail = fraction(slope)
    return np.full(rows, high), np.full(rows, tail)


def dot(A: Matrix, x: Pair) -> Pair:
    """A^T x for A (m, n) of doubles and x (m,) of pairs, right to noise(m) |A|^T |x|."""
    if not len(A):
        return np.zeros(A.shape[1]), np.zeros(A.shape[1])
    sums = []
    for start in range(0, len(A), CHUNK):
        part = A[start : start + CHUNK]
        product, rest = two_product(part, x[0][start : start + CHUNK, None])
        sums.append(total((product, rest + part * x[1][start : start + CHUNK, None])))
    return total((np.array([high for high, _ in sums]), np.array([low for _, low in sums])))


def noise(terms: int) -> float:
    """The relative rounding of so many terms' sum of pairs."""
    return (8.0 + math.log2(terms + 1)) * UNIT
