"""The softmax risk in the coordinates on which it depends: differences between classes, over the row space of X."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gdcli.risk.empirical import Matrix, Vector
from gdcli.risk.models.softmax import SoftmaxRisk
from gdcli.risk.models.softmax_kernel import hessian
from gdcli.risk.optimum.softmax_pairs import span_of_pairs
from gdcli.risk.optimum.solve import factorise


@dataclass(frozen=True)
class Contrasts:
    """R restricted to theta = theta0 + C V(u) W^T: the subspace in which the minimiser nearest theta0 lies.

    C (K, K-1) is an orthonormal basis of the differences between classes, X W = U (N, r) has orthonormal columns (with
    the penalty's rows below), and V(u) is u (K-1, r), or `span` u where some pairs are not active and fewer directions
    matter. `start` is the u whose predictions are 0.
    """

    risk: SoftmaxRisk
    theta0: Matrix
    C: Matrix
    W: Matrix
    U: Matrix
    span: Matrix | None
    start: Vector

    @property
    def rank(self) -> int:
        """How many directions of theta matter to R."""
        return len(self.start) + int(np.count_nonzero(self.risk.ridge))

    def spread(self, u: Vector) -> Matrix:
        """V(u), (K-1, r)."""
        full = u if self.span is None else self.span @ u
        return full.reshape(self.C.shape[1], -1)

    def theta(self, u: Vector) -> Vector:
        """theta0 + C V(u) W^T, flat."""
        return np.asarray((self.theta0 + self.C @ self.spread(u) @ self.W.T).ravel())

    def basis(self) -> Matrix:
        """The matrix of u -> theta - theta0, (K k, n)."""
        whole = np.asarray(np.kron(self.C, self.W))
        return whole if self.span is None else np.asarray(whole @ self.span)

    def value(self, u: Vector) -> float:
        """R(theta(u))."""
        return self.risk.value(self.theta(u))

    def gradient(self, u: Vector) -> Vector:
        """The gradient in u."""
        return self._reduced(self.C.T @ self.risk.matrix(self.risk.gradient(self.theta(u))) @ self.W)

    def hessian(self, u: Vector) -> Matrix:
        """The Hessian in u."""
        return self.hessian_at(self.theta(u))

    def hessian_at(self, theta: Vector) -> Matrix:
        """The Hessian at theta in the coordinates u.

        The last class is left out of the products: the Hessian does not change any theta_k by the same vector.
        """
        here = self.risk.at(theta)
        T = self.C[:-1] - self.C[-1]
        m, r = T.shape[1], self.W.shape[1]
        blocks = hessian(self.U, here.P[:-1], here.rests[:-1]).reshape(m, r, m, r)
        whole = np.tensordot(np.tensordot(T, blocks, (0, 0)), T, (2, 0)).transpose(0, 1, 3, 2)
        ridge = (self.W.T * self.risk.ridge) @ self.W
        found = np.ascontiguousarray(whole).reshape(m * r, m * r) + np.kron(np.eye(m), ridge)
        return found if self.span is None else np.asarray(self.span.T @ found @ self.span)

    def _reduced(self, spread: Matrix) -> Vector:
        flat = spread.ravel()
        return np.asarray(flat if self.span is None else self.span.T @ flat)


def contrasts(risk: SoftmaxRisk, theta0: Vector) -> Contrasts:
    """The coordinates for theta0; at the minimiser a penalised column has mean 0 over the classes."""
    centred = risk.matrix(theta0).copy()
    weighed = risk.ridge > 0.0
    centred[:, weighed] -= centred[:, weighed].mean(axis=0)
    A = _with_ridge(risk)
    factors = factorise(A)
    U = np.ascontiguousarray(factors.U[: risk.rows])
    C = differences(risk.classes)
    start = np.asarray(-(C.T @ centred @ A.T @ factors.U).ravel())
    span = None
    if risk.active is not None:
        penalty = np.asarray(np.kron(np.eye(len(C) - 1), factors.U[risk.rows :]))
        span = span_of_pairs(U, risk.y, C, risk.active, penalty)
        start = np.asarray(np.linalg.lstsq(span, start, rcond=None)[0])
    return Contrasts(risk, centred, C, factors.basis, U, span, start)


def differences(classes: int) -> Matrix:
    """An orthonormal basis (K, K-1) of the vectors whose entries sum to 0 (Helmert)."""
    C = np.zeros((classes, classes - 1))
    for j in range(1, classes):
        C[:j, j - 1] = 1.0
        C[j, j - 1] = -j
    return np.asarray(C / np.linalg.norm(C, axis=0))


def _with_ridge(risk: SoftmaxRisk) -> Matrix:
    """X with a row sqrt(N lambda_j) e_j for each penalised column j."""
    penalised = np.flatnonzero(risk.ridge)
    ridge = np.zeros((len(penalised), risk.X.shape[1]))
    ridge[np.arange(len(penalised)), penalised] = np.sqrt(risk.rows * risk.ridge[penalised])
    return np.vstack([risk.X, ridge])
