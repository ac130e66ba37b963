"""Coordinates in which X^T X is the identity, by the cheapest way that keeps the digits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gdcli.risk.empirical import Matrix, Vector
from gdcli.risk.optimum.solve import factorise

# The least ratio of the eigenvalues of A^T A, in columns of one size, at which they still hold half their digits.
WELL_CONDITIONED = 1e-7
# Squares of entries between these neither overflow nor vanish.
SQUARABLE = (2.0**-400, 2.0**400)
# Rows at a time: a block and its weighted copy stay in the cache, and its product is too small to be worth threads.
BLOCK = 1024


@dataclass(frozen=True)
class Whitening:
    """A W = U for A = X with a row sqrt(ridge_j) e_j below for each ridge_j > 0.

    U has orthonormal columns and `basis` W (k, r) spans the row space of A; r is the rank. In the coordinates u of
    theta = theta0 + W u every quadratic of A is well conditioned, whatever X's scales are. `left` is U, or None where
    the columns of A W are orthonormal as they are computed.
    """

    X: Matrix
    ridge: Vector
    basis: Matrix
    left: Matrix | None

    @property
    def rank(self) -> int:
        """The dimension of the row space of A."""
        return int(self.basis.shape[1])

    def project(self, residual: Vector, theta: Vector) -> Vector:
        """U^T (b - A theta) for residual = the first N entries of b - A theta, b being 0 below."""
        if self.left is None:
            return np.asarray(self.basis.T @ (residual @ self.X - self.ridge * theta))
        penalised = self.ridge > 0.0
        below = -np.sqrt(self.ridge[penalised]) * theta[penalised]
        return np.asarray(self.left[: len(self.X)].T @ residual + self.left[len(self.X) :].T @ below)

    def curvature(self, weights: Vector) -> Matrix:
        """W^T (X^T diag(weights) X + diag(ridge)) W, (r, r)."""
        if self.left is None:
            return np.asarray(self.basis.T @ (weighted_gram(self.X, weights) + np.diag(self.ridge)) @ self.basis)
        lower = self.left[len(self.X) :]
        return np.asarray(weighted_gram(self.left[: len(self.X)], weights) + lower.T @ lower)


def weighted_gram(X: Matrix, weights: Vector) -> Matrix:
    """X^T diag(weights) X."""
    total = np.zeros((X.shape[1], X.shape[1]))
    for rows in blocks(len(X)):
        part = X[rows]
        total += (part * weights[rows, None]).T @ part
    return total


def blocks(rows: int) -> Iterator[slice]:
    """The rows, so many at a time."""
    return (slice(start, start + BLOCK) for start in range(0, rows, BLOCK))


def whiten(X: Matrix, ridge: Vector) -> Whitening:
    """By A^T A where its eigenvalues have their digits, else by QR."""
    return _by_gram(X, ridge) or _by_qr(X, ridge)


def _by_gram(X: Matrix, ridge: Vector) -> Whitening | None:
    """From the eigenvectors of D^-1 A^T A D^-1, D the columns' sizes; None where these would not do."""
    with np.errstate(over="ignore", invalid="ignore"):
        gram = X.T @ X
    squares = np.diag(gram) + ridge
    if not (len(X) and np.all((squares > SQUARABLE[0]) & (squares < SQUARABLE[1]))):
        return None
    D = np.ldexp(1.0, np.frexp(np.sqrt(squares))[1])
    values, vectors = np.linalg.eigh((gram + np.diag(ridge)) / D / D[:, None])
    if not values[0] > WELL_CONDITIONED * values[-1]:
        return None
    return Whitening(X, ridge, vectors / np.sqrt(values) / D[:, None], None)


def _by_qr(X: Matrix, ridge: Vector) -> Whitening:
    penalised = np.flatnonzero(ridge)
    below = np.zeros((len(penalised), X.shape[1]))
    below[np.arange(len(penalised)), penalised] = np.sqrt(ridge[penalised])
    factors = factorise(np.vstack([X, below]))
    return Whitening(X, ridge, factors.basis, factors.U)
