"""Coordinates in which X^T X is the identity, by the cheapest way that keeps the digits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdcli.risk.empirical import Matrix, Vector
from gdcli.risk.optimum.solve import factorise
from gdcli.risk.passes import gram, transposed, weighted_gram

# The least ratio of the eigenvalues of A^T A, in columns of one size, at which they still hold half their digits.
WELL_CONDITIONED = 1e-7
# Squares of entries between these neither overflow nor vanish.
SQUARABLE = (2.0**-400, 2.0**400)
Mask = NDArray[np.bool_]


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
            return np.asarray(self.basis.T @ (transposed(self.X, residual) - self.ridge * theta))
        penalised = self.ridge > 0.0
        below = -np.sqrt(self.ridge[penalised]) * theta[penalised]
        return np.asarray(self.left[: len(self.X)].T @ residual + self.left[len(self.X) :].T @ below)

    def curvature(self, weights: Vector) -> Matrix:
        """W^T (X^T diag(weights) X + diag(ridge)) W, (r, r)."""
        if self.left is None:
            return np.asarray(self.basis.T @ (weighted_gram(self.X, weights) + np.diag(self.ridge)) @ self.basis)
        lower = self.left[len(self.X) :]
        return np.asarray(weighted_gram(self.left[: len(self.X)], weights) + lower.T @ lower)


def whiten(X: Matrix, ridge: Vector, rows: Mask | None = None, squared: Matrix | None = None) -> Whitening:
    """By A^T A where its eigenvalues have their digits, else by QR; `squared` is X^T X, where it is known.

    Where `rows` are given the others count as 0; as they stand in X, what is weighed must weigh them 0.
    """
    if squared is None:
        with np.errstate(over="ignore", invalid="ignore"):
            squared = gram(X) if rows is None else weighted_gram(X, rows.astype(np.float64))
    found = _by_gram(X, ridge, squared)
    return found or _by_qr(X if rows is None else X * rows[:, None], ridge)


def _by_gram(X: Matrix, ridge: Vector, squared: Matrix) -> Whitening | None:
    """From A^T A; None where it would not do."""
    found = scaled_eigenvectors(squared + np.diag(ridge), WELL_CONDITIONED) if len(X) else None
    if found is None:
        return None
    D, values, vectors = found
    return Whitening(X, ridge, vectors / np.sqrt(values) / D[:, None], None)


def scaled_eigenvectors(squared: Matrix, least: float) -> tuple[Vector, Vector, Matrix] | None:
    """D, powers of two near the sizes of the columns of A, and D^-1 A^T A D^-1 = V diag(values) V^T.

    None where the ratio of the values is not above `least`, or squares of A's entries overflow or vanish.
    """
    squares = np.diag(squared)
    if not np.all((squares > SQUARABLE[0]) & (squares < SQUARABLE[1])):
        return None
    D = np.ldexp(1.0, np.frexp(np.sqrt(squares))[1])
    values, vectors = np.linalg.eigh(squared / D / D[:, None])
    return (D, values, vectors) if values[0] > least * values[-1] else None


def _by_qr(X: Matrix, ridge: Vector) -> Whitening:
    penalised = np.flatnonzero(ridge)
    below = np.zeros((len(penalised), X.shape[1]))
    below[np.arange(len(penalised)), penalised] = np.sqrt(ridge[penalised])
    factors = factorise(np.vstack([X, below]))
    return Whitening(X, ridge, factors.basis, factors.U)
