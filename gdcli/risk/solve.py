"""Least squares over the row space of X: one factorisation, an explicit decision on the rank."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gdcli.risk.empirical import Matrix, Vector


@dataclass(frozen=True)
class Factorisation:
    """X = Q R with R = U diag(s) V^T: `basis` V (k, r) spans the row space, r the numerical rank."""

    Q: Matrix
    U: Matrix
    singular: Vector
    basis: Matrix

    @property
    def rank(self) -> int:
        """The number of singular values above max(N, k) eps times the largest."""
        return int(self.basis.shape[1])

    def solve(self, residual: Vector) -> Vector:
        """X^+ residual: the shortest delta (k,) that minimises ||X delta - residual||."""
        return np.asarray(self.basis @ ((self.U.T @ (self.Q.T @ residual)) / self.singular))


def factorise(X: Matrix) -> Factorisation:
    """QR, then the singular values of the small factor.

    Columns are expected standardised: on raw columns of wild scales no threshold separates rank from scale.
    """
    Q, R = np.linalg.qr(X)
    U, singular, Vt = np.linalg.svd(R, full_matrices=False)
    threshold = max(X.shape) * np.finfo(float).eps * singular[0]
    rank = int(np.count_nonzero(singular > threshold))
    return Factorisation(Q, U[:, :rank], singular[:rank], Vt[:rank].T)
