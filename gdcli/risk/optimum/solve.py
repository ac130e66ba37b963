"""Least squares over the row space of X: one factorisation, an explicit decision on the rank."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gdcli.risk.empirical import Matrix, Vector

# What is left of the null space in the vectors that span the row space, and after how many subtractions at the latest.
SUBTRACTED, MOST_SUBTRACTIONS = 1e-15, 50


@dataclass(frozen=True)
class Factorisation:
    """X W = U: `U` (N, r) with orthonormal columns, `basis` W (k, r) spanning the row space of X, r the rank.

    In the coordinates u of theta = theta0 + W u every quadratic of X is well conditioned, whatever X's scales are.
    """

    U: Matrix
    basis: Matrix

    @property
    def rank(self) -> int:
        """The number of singular values above max(N, k) eps times the largest, of X with columns of one size."""
        return int(self.basis.shape[1])

    def solve(self, residual: Vector) -> Vector:
        """X^+ residual: the shortest delta (k,) that minimises ||X delta - residual||."""
        return np.asarray(self.basis @ (self.U.T @ residual))


def factorise(X: Matrix) -> Factorisation:
    """QR of X D^-1, D the columns' sizes as powers of two, then the singular values of the small factor.

    Without D a column of scale 1e-17 beside one of scale 1 would count as dependent, and so would an intercept beside
    an offset of 1e9: the rank is a matter of directions, not of units.
    """
    size = np.abs(X).max(axis=0)
    # W holds 1/D, which must be a double too: a column below 2^-960 counts as 0.
    counts = size > 2.0**-960
    D = np.where(counts, np.ldexp(1.0, np.frexp(size)[1]), 1.0)
    Q, R = np.linalg.qr(np.where(counts, X / D, 0.0))
    U, singular, Vt = np.linalg.svd(R, full_matrices=True)
    rank = int(np.count_nonzero(singular > max(X.shape) * np.finfo(float).eps * singular[0]))
    spanning, null = np.split(Vt.T / D[:, None], [rank], axis=1)
    basis = _without(null, spanning) / singular[:rank]
    basis[~counts] = 0.0
    return Factorisation(Q @ U[:, :rank], basis)


def _without(null: Matrix, vectors: Matrix) -> Matrix:
    """The vectors minus their parts in the null space of X: what is left lies in the row space, with the same X v."""
    if not null.shape[1]:
        return vectors
    null = null / np.abs(null).max(axis=0)
    # Householder's reflections keep the digits of each row if the large rows come first.
    order = np.argsort(-np.abs(null).max(axis=1), kind="stable")
    directions = np.empty_like(null)
    directions[order] = np.linalg.qr(null[order])[0]
    # Each subtraction leaves the rounding of what it cancels, which beside columns of 1e-170 is all but everything.
    for _ in range(MOST_SUBTRACTIONS):
        part = directions.T @ vectors
        vectors = vectors - directions @ part
        if np.all(np.abs(part).max(axis=0) <= SUBTRACTED * np.abs(vectors).max(axis=0, initial=0.0)):
            break
    return np.asarray(vectors)
