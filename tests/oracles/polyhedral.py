"""Exact truth for absolute, quantile and hinge loss in rational arithmetic: it knows nothing of the code under test."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np

from gdcli.risk.losses import compile_loss, find
from gdcli.risk.models.linear import LinearRisk

LOSSES = ("absolute", "quantile(0.9)", "quantile(0.25)", "hinge")
Row = list[Fraction]


def build(name: str, X: object, y: object, l2: float = 0.0, intercept: bool = True) -> LinearRisk:
    """The risk over X, with a column of ones that is not penalised where asked."""
    X = np.atleast_2d(np.asarray(X, dtype=float))
    penalty = np.full(X.shape[1] + intercept, l2)
    if intercept:
        X, penalty[-1] = np.column_stack([X, np.ones(len(X))]), 0.0
    return LinearRisk(np.ascontiguousarray(X), np.asarray(y, dtype=float), compile_loss(find(name)), penalty)


def sample(name: str, kind: str, N: int, d: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """X (N, d) and numbers, or labels with noise, for y."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(N, d))
    if kind == "integers":
        X = rng.integers(-3, 4, size=(N, d)).astype(float)
    elif kind == "standardised integers":
        X = rng.integers(0, 4, size=(N, d)).astype(float)
        X = (X - X.mean(axis=0)) / X.std(axis=0)
    elif kind == "duplicates":
        X = np.repeat(X[: (N + 1) // 2], 2, axis=0)[:N]
    signal = X @ np.arange(1.0, d + 1.0) / d
    if kind == "scales":
        X = X * 10.0 ** np.linspace(-8, 8, d)
    elif kind == "offset":
        X = X + 1e4
    elif kind == "outlier":
        X[0] *= 1e3
    noisy = signal + rng.standard_t(3, size=N)
    if name == "hinge":
        return X, np.where(noisy > 0.0, 1.0, -1.0)
    return X, np.round(2.0 * noisy) if "integers" in kind else noisy


def slopes(name: str, y: Fraction) -> tuple[Fraction, Fraction]:
    """The slopes of phi left and right of its kink at p = y."""
    if name == "absolute":
        return Fraction(-1), Fraction(1)
    if name == "hinge":
        return (Fraction(-1), Fraction(0)) if y > 0 else (Fraction(0), Fraction(1))
    tau = Fraction(name.removeprefix("quantile(").removesuffix(")"))
    return -tau, 1 - tau


class Exact:
    """R in fractions over the very doubles of a risk."""

    def __init__(self, risk: LinearRisk) -> None:
        self.name = risk.kernel.loss.name
        self.X = [[Fraction(v) for v in row] for row in risk.X.tolist()]
        self.y = [Fraction(v) for v in risk.y.tolist()]
        self.penalty = [Fraction(v) for v in risk.penalty.tolist()]

    def distance(self, i: int, theta: Row) -> Fraction:
        """x_i . theta - y_i."""
        return sum((x * v for x, v in zip(self.X[i], theta, strict=True)), -self.y[i])

    def value(self, theta: Row) -> Fraction:
        """R(theta)."""
        total = Fraction(0)
        for i, y in enumerate(self.y):
            t, (low, high) = self.distance(i, theta), slopes(self.name, y)
            total += max(low * t, high * t)
        ridge = sum(p * v * v for p, v in zip(self.penalty, theta, strict=True))
        return total / len(self.y) + ridge / 2

    def at(self, theta: np.ndarray) -> Fraction:
        """R at doubles."""
        return self.value([Fraction(v) for v in theta.tolist()])

    def least(self) -> Fraction:
        """R* without a penalty: the least of R over all points where k independent rows stand on their kink.

        Columns of full rank are assumed: then the set of minimisers has no line in it, and so has such a corner.
        """
        k = len(self.penalty)
        corners = (
            _solve([self.X[i] for i in rows], [self.y[i] for i in rows]) for rows in combinations(range(len(self.y)), k)
        )
        return min(self.value(corner) for corner in corners if corner is not None)

    def proven(self, near: np.ndarray, tolerance: float) -> Fraction:
        """R* by its conditions, solved and checked in fractions; rows within `tolerance` of their kink are on it."""
        N, k = len(self.y), len(self.penalty)
        start = [Fraction(v) for v in near.tolist()]
        rows = [i for i in range(N) if abs(self.distance(i, start)) <= tolerance]
        others = [i for i in range(N) if i not in rows]
        ends = {i: slopes(self.name, self.y[i])[self.distance(i, start) > 0] for i in others}
        forced = [sum((ends[i] * self.X[i][j] for i in others), Fraction(0)) for j in range(k)]
        # Unknowns theta (k), a (|I|): N lambda theta + X_I^T a = -forced and X_I theta = y_I.
        system = [
            [N * self.penalty[j] if j == m else Fraction(0) for m in range(k)] + [self.X[i][j] for i in rows]
            for j in range(k)
        ] + [self.X[i] + [Fraction(0)] * len(rows) for i in rows]
        found = _solve(system, [-f for f in forced] + [self.y[i] for i in rows])
        assert found is not None, "degenerate data"
        theta, a = found[:k], found[k:]
        for i, value in zip(rows, a, strict=True):
            low, high = slopes(self.name, self.y[i])
            assert low <= value <= high
        for i in others:
            assert ends[i] == slopes(self.name, self.y[i])[self.distance(i, theta) > 0]
        return self.value(theta)


def _solve(matrix: list[Row], right: Row) -> Row | None:
    """The solution of a square system; None where it is singular."""
    rows = [[*row, b] for row, b in zip(matrix, right, strict=True)]
    n = len(rows)
    for j in range(n):
        pivot = next((i for i in range(j, n) if rows[i][j] != 0), None)
        if pivot is None:
            return None
        rows[j], rows[pivot] = rows[pivot], rows[j]
        rows[j] = [v / rows[j][j] for v in rows[j]]
        for i in range(n):
            if i != j and rows[i][j] != 0:
                factor = rows[i][j]
                rows[i] = [a - factor * b for a, b in zip(rows[i], rows[j], strict=True)]
    return [row[n] for row in rows]
