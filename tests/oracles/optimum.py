"""R* of every bundled problem, each by two methods that fail differently, neither of them gdcli's.

R(theta) = (1/N) sum loss_i + l2/2 ||w||^2, w the coordinates of the standardised columns (mean 0, mean square 1;
without an intercept not centred; as they are if the card says standardise = false), the intercept not penalised.
Squared loss is (p - y)^2/2, logistic log(1 + exp(-y p)). `optimum` is the first method: rational arithmetic for squared
loss, a rational proof of separation and 50-digit Newton steps for logistic, 50-digit Newton steps for softmax (with a
penalty). `second` is numpy's least squares, or scipy's trust region.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path

import mpmath
import numpy as np
from scipy.optimize import linprog, minimize
from scipy.special import expit, logsumexp

from tests.oracles.samples import Sample, card, sample
from tests.oracles.softmax import Truth

DIGITS = 50
# Beyond this, 50 digits take minutes: the slow test polishes those problems with fewer.
LARGE = 10_000


@cache
def optimum(name: str) -> float:
    """Return R* (the infimum, if it is not attained) to 1e-12 relative."""
    if card(name)["loss"] == "squared":
        return float(squared_exact(sample(name)))
    if card(name)["loss"] == "softmax":
        return float(softmax_exact(sample(name)))
    if card(name)["rows"] > LARGE:
        return second(name)
    return float(logistic_exact(sample(name)))


@cache
def second(name: str) -> float:
    """Return R* by the other method."""
    problem = sample(name, _made(name))
    if problem.card["loss"] == "squared":
        return squared_float(problem)
    if problem.card["loss"] == "softmax":
        return softmax_float(problem)[0]
    free = overlapping(problem) if problem.card["rows"] <= LARGE and not problem.l2 else None
    return logistic_float(problem, free)[0]


def _made(name: str) -> Path | None:
    if not card(name).get("on_demand", False):
        return None
    from gdcli.data import problems

    return problems.locate(name)


# Squared loss


def squared_exact(problem: Sample) -> Fraction:
    """R* by the normal equations in rational arithmetic: (y.y - b.theta) / 2N with (X^T X + N P) theta = b = X^T y."""
    N = len(problem.y)
    X = [[*row, Fraction(1)] if problem.intercept else row for row in problem.X]
    columns = list(zip(*X, strict=True))
    A = [[_dot(u, v) for v in columns] for u in columns]
    for j, weight in enumerate(_penalty(problem)):
        A[j][j] += N * weight
    b = [_dot(u, problem.y) for u in columns]
    theta = _solve(A, b)
    return (_dot(problem.y, problem.y) - _dot(b, theta)) / (2 * N)


def _penalty(problem: Sample) -> list[Fraction]:
    """l2 times the square of each column's scale: w_j = scale_j theta_j, and squares stay rational."""
    N, l2 = len(problem.y), Fraction(problem.l2)
    if not problem.card.get("standardise", True):
        return [l2 for _ in problem.X[0]]
    means = [sum(c) / N if problem.intercept else Fraction(0) for c in zip(*problem.X, strict=True)]
    return [l2 * sum((x - m) ** 2 for x in c) / N for c, m in zip(zip(*problem.X, strict=True), means, strict=True)]


def _dot(u: Sequence[Fraction], v: Sequence[Fraction]) -> Fraction:
    return sum((a * b for a, b in zip(u, v, strict=True)), Fraction(0))


def _solve(A: list[list[Fraction]], b: list[Fraction]) -> list[Fraction]:
    """Gauss-Jordan without rounding; a column without a pivot (rank deficiency) takes the coordinate 0."""
    rows = [[*row, value] for row, value in zip(A, b, strict=True)]
    pivots: list[int] = []
    for column in range(len(A)):
        at = len(pivots)
        found = next((i for i in range(at, len(rows)) if rows[i][column]), None)
        if found is None:
            continue
        rows[at], rows[found] = rows[found], rows[at]
        rows[at] = [value / rows[at][column] for value in rows[at]]
        for i, row in enumerate(rows):
            if i != at and row[column]:
                rows[i] = [p - row[column] * q for p, q in zip(row, rows[at], strict=True)]
        pivots.append(column)
    theta = [Fraction(0)] * len(A)
    for row, column in enumerate(pivots):
        theta[column] = rows[row][-1]
    return theta


def squared_float(problem: Sample) -> float:
    """R* by numpy.linalg.lstsq (an SVD) on standardised columns."""
    Z, y = standardised(problem), problem.floats()[1]
    N, d = Z.shape
    penalised = np.ones(d)
    penalised[len(problem.X[0]) :] = 0.0
    A = np.vstack([Z, math.sqrt(N * problem.l2) * np.diag(penalised)])
    theta = np.linalg.lstsq(A, np.append(y, np.zeros(d)), rcond=1e-15)[0]
    residual = Z @ theta - y
    return math.fsum(residual**2) / (2 * N) + problem.l2 / 2 * math.fsum((penalised * theta) ** 2)


def standardised(problem: Sample) -> np.ndarray:
    """The columns the descent sees, the intercept's last; a constant column becomes zeros."""
    X = problem.floats()[0]
    if problem.card.get("standardise", True):
        if problem.intercept:
            X = X - X.mean(axis=0)
            X = X - X.mean(axis=0)
        rms = np.sqrt((X**2).mean(axis=0))
        X = X / np.where(rms > 0, rms, 1.0)
    return np.column_stack([X, np.ones(len(X))]) if problem.intercept else X


# Logistic loss


def overlapping(problem: Sample) -> np.ndarray:
    """Indices of the rows that no direction separates; R of the others has infimum 0 along one direction, proven here.

    A linear program finds theta with y_i x_i.theta >= s_i, 0 <= s_i <= 1, sum s maximal; then, theta rounded to a
    rational, exact arithmetic checks that every margin is > 0 on the rows with s_i = 1 and = 0 on the others.
    """
    Z, y = standardised(problem), problem.floats()[1]
    N, d = Z.shape
    M = y[:, None] * Z
    bounds = [(None, None)] * d + [(0, 1)] * N
    cost = np.append(np.zeros(d), -np.ones(N))
    found = linprog(cost, np.hstack([-M, np.eye(N)]), np.zeros(N), bounds=bounds, method="highs")
    assert found.status == 0, found.message
    free = found.x[d:] < 0.5
    if not free.all():
        _prove(problem, found.x[:d], free)
    return np.flatnonzero(free)


def _prove(problem: Sample, direction: np.ndarray, free: np.ndarray) -> None:
    X = problem.floats()[0]
    mean, rms = X.mean(axis=0), X.std(axis=0)
    scale = np.where(rms > 0, rms, 1.0)
    slopes = np.round(direction[: X.shape[1]] / scale, 9)
    theta = [Fraction(float(slope)) for slope in slopes]
    shift = Fraction(float(np.round(direction[-1] - slopes @ mean, 9)))
    for row, y, undecided in zip(problem.X, problem.y, free, strict=True):
        margin = y * (_dot(row, theta) + shift)
        assert margin == 0 if undecided else margin > 0, float(margin)


def logistic_float(problem: Sample, free: np.ndarray | None = None) -> tuple[float, np.ndarray]:
    """(R*, theta) by scipy's trust-region Newton over the rows `free` (None: all), as a mean over all rows."""
    Z, y = standardised(problem), problem.floats()[1]
    N, l2 = len(y), problem.l2
    if free is not None:
        Z, y = Z[free], y[free]
    P = l2 * np.diag(np.arange(Z.shape[1]) < len(problem.X[0]))
    if len(y) == 0:
        return 0.0, np.zeros(Z.shape[1])
    keep = _independent(Z)
    Z, P = Z[:, keep], P[np.ix_(keep, keep)]

    def value(t: np.ndarray) -> float:
        return float(np.logaddexp(0, -y * (Z @ t)).sum() / N + t @ P @ t / 2)

    def slope(t: np.ndarray) -> np.ndarray:
        return Z.T @ (-y * expit(-y * (Z @ t))) / N + P @ t

    def curvature(t: np.ndarray) -> np.ndarray:
        p = expit(Z @ t)
        return (Z.T * (p * (1 - p))) @ Z / N + P

    found = minimize(
        value, np.zeros(Z.shape[1]), jac=slope, hess=curvature, method="trust-exact", options={"gtol": 1e-10}
    )
    t = found.x - np.linalg.solve(curvature(found.x), slope(found.x))
    theta = np.zeros(len(keep))
    theta[keep] = t
    return math.fsum(np.logaddexp(0, -y * (Z @ t))) / N + float(t @ P @ t) / 2, theta


def _independent(Z: np.ndarray) -> np.ndarray:
    """Which columns raise the rank of those before them."""
    ranks = [np.linalg.matrix_rank(Z[:, : j + 1]) for j in range(Z.shape[1])]
    return np.diff([0, *ranks]) > 0


def logistic_exact(problem: Sample, digits: int = DIGITS) -> mpmath.mpf:
    """R* by Newton steps, the gradient in `digits` digits and the Hessian in floats, until half the digits are 0."""
    free = np.arange(len(problem.y)) if problem.l2 or len(problem.y) > LARGE else overlapping(problem)
    if len(free) == 0:
        return mpmath.mpf(0)
    with mpmath.workdps(digits):
        return _polish(problem, free)


def _polish(problem: Sample, free: np.ndarray) -> mpmath.mpf:
    N = len(problem.y)
    start = logistic_float(problem, free)[1]
    Z = _standardised_exactly(problem)
    Z, y = [Z[i] for i in free], [int(problem.y[i]) for i in free]
    F = np.array(Z, dtype=float)
    keep = np.flatnonzero(start)
    l2 = [mpmath.mpf(problem.l2) if j < len(problem.X[0]) else mpmath.mpf(0) for j in keep]
    Z, F = [[row[j] for j in keep] for row in Z], F[:, keep]
    theta = [mpmath.mpf(float(start[j])) for j in keep]
    p = expit(F @ start[keep])
    H = (F.T * (p * (1 - p))) @ F / N + np.diag([float(w) for w in l2])
    for _ in range(12):
        margins = [s * mpmath.fdot(row, theta) for row, s in zip(Z, y, strict=True)]
        pull = [-s / (1 + mpmath.exp(m)) for m, s in zip(margins, y, strict=True)]
        g = [
            mpmath.fdot(pull, column) / N + w * t for column, w, t in zip(zip(*Z, strict=True), l2, theta, strict=True)
        ]
        size = max(map(abs, g))
        if size < mpmath.mpf(10) ** (-mpmath.mp.dps // 2):
            # R is off by about |g|^2/mu: far below the digits asked for.
            break
        step = np.linalg.solve(H, [float(v / size) for v in g])
        theta = [t - size * mpmath.mpf(float(s)) for t, s in zip(theta, step, strict=True)]
    else:
        raise AssertionError(f"{problem.name}: the gradient stays at {float(size):g}")
    risk = mpmath.fsum(mpmath.log1p(mpmath.exp(-m)) for m in margins) / N
    return risk + mpmath.fsum(w * t * t for w, t in zip(l2, theta, strict=True)) / 2


def _standardised_exactly(problem: Sample) -> list[list[mpmath.mpf]]:
    """`standardised` at the working precision."""
    columns = []
    for column in zip(*problem.X, strict=True):
        exact = [mpmath.mpf(x.numerator) / x.denominator for x in column]
        if problem.card.get("standardise", True):
            mean = mpmath.fsum(exact) / len(exact) if problem.intercept else mpmath.mpf(0)
            exact = [x - mean for x in exact]
            rms = mpmath.sqrt(mpmath.fsum(x * x for x in exact) / len(exact))
            exact = [x / rms for x in exact] if rms else exact
        columns.append(exact)
    if problem.intercept:
        columns.append([mpmath.mpf(1)] * len(problem.y))
    return [list(row) for row in zip(*columns, strict=True)]


# Softmax loss, with a penalty


def softmax_float(problem: Sample) -> tuple[float, np.ndarray]:
    """(R*, theta (K, k)) by scipy's trust-region Newton over the parameters that sum to 0 over the classes."""
    Z, codes = standardised(problem), problem.floats()[1].astype(int)
    N, k = Z.shape
    K = int(codes.max()) + 1
    Y = np.eye(K)[codes]
    ridge = problem.l2 * (np.arange(k) < len(problem.X[0]))
    E = np.kron(np.vstack([np.eye(K - 1), -np.ones(K - 1)]), np.eye(k))

    def scores(u: np.ndarray) -> np.ndarray:
        return Z @ (E @ u).reshape(K, k).T

    def value(u: np.ndarray) -> float:
        z, theta = scores(u), (E @ u).reshape(K, k)
        return math.fsum(logsumexp(z, axis=1) - (z * Y).sum(axis=1)) / N + math.fsum((ridge * theta**2).ravel()) / 2

    def slope(u: np.ndarray) -> np.ndarray:
        z = scores(u)
        pull = (np.exp(z - logsumexp(z, axis=1, keepdims=True)) - Y).T @ Z / N
        return E.T @ (pull.ravel() + np.tile(ridge, K) * (E @ u))

    def curvature(u: np.ndarray) -> np.ndarray:
        z = scores(u)
        s = np.exp(z - logsumexp(z, axis=1, keepdims=True))
        H = np.diag(np.tile(ridge, K))
        for a in range(K):
            for b in range(K):
                weights = s[:, a] * ((a == b) - s[:, b]) / N
                H[a * k : (a + 1) * k, b * k : (b + 1) * k] += (Z.T * weights) @ Z
        return E.T @ H @ E

    start = np.zeros((K - 1) * k)
    found = minimize(value, start, jac=slope, hess=curvature, method="trust-exact", options={"gtol": 1e-10})
    u = found.x - np.linalg.solve(curvature(found.x), slope(found.x))
    return value(u), (E @ u).reshape(K, k)


def softmax_exact(problem: Sample) -> mpmath.mpf:
    """R* by Newton steps at 50 digits."""
    start = softmax_float(problem)[1]
    with mpmath.workdps(DIGITS):
        Z, penalised = _standardised_exactly(problem), len(problem.X[0])
        ridge = [mpmath.mpf(problem.l2) if j < penalised else mpmath.mpf(0) for j in range(len(Z[0]))]
        truth = Truth(Z, [int(code) for code in problem.y], len(start), ridge)
        return truth.value(truth.minimise(start.ravel()))
