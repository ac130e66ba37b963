"""The softmax risk in the coordinates on which it depends: differences between classes, over the row space of X."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from gdcli.risk.empirical import Matrix, Vector
from gdcli.risk.models.softmax import SoftmaxRisk
from gdcli.risk.models.softmax_kernel import Softmax, hessian
from gdcli.risk.optimum.softmax_pairs import span_of_pairs
from gdcli.risk.optimum.solve import factorise
from gdcli.risk.optimum.whiten import whiten

# Products of matrices of more multiplications than this are shared among threads, which on a busy machine wait.
SHARED = 250_000
# What keeps the mean row's Hessian invertible where all rows are told.
FLOOR = 1e-10


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
    _latest: dict[bytes, Softmax] = field(default_factory=dict, repr=False)

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

    def coordinates(self, theta: Vector) -> Vector:
        """The u whose predictions are those of theta, up to one number for all classes of a row; no pair is missing."""
        weighed = self.risk.ridge > 0.0
        away = self.C.T @ (self.risk.matrix(theta) - self.theta0)
        below = self.risk.rows * self.risk.ridge[weighed, None] * self.W[weighed]
        return np.asarray((away @ self.risk.X.T @ self.U + away[:, weighed] @ below).ravel())

    def basis(self) -> Matrix:
        """The matrix of u -> theta - theta0, (K k, n)."""
        whole = np.asarray(np.kron(self.C, self.W))
        return whole if self.span is None else np.asarray(whole @ self.span)

    def at(self, theta: Vector) -> Softmax:
        """The loss's pieces for every row, kept until another theta is asked for."""
        key = theta.tobytes()
        if key not in self._latest:
            self._latest.clear()
            Z = _scores(self.risk.matrix(theta), self.risk.X)
            self._latest[key] = Softmax.at(Z, self.risk.y, self.risk.active)
        return self._latest[key]

    def value(self, u: Vector) -> float:
        """R(theta(u))."""
        theta = self.theta(u)
        return float(np.mean(self.at(theta).values)) + 0.5 * float((self.risk.penalty * theta) @ theta)

    def gradient(self, u: Vector) -> Vector:
        """The gradient in u."""
        risk, theta = self.risk, self.theta(u)
        whole = _sums(self.at(theta).slopes, risk.X) / risk.rows + risk.ridge * risk.matrix(theta)
        return self._reduced(self.C.T @ whole @ self.W)

    def curving(self, u: Vector) -> Callable[[Vector], Vector]:
        """v -> H(u) v without H: delta = C V(v) U^T, then s_k (delta_k - sum_l s_l delta_l)."""
        P = self.at(self.theta(u)).P
        ridge = (self.W.T * self.risk.ridge) @ self.W

        def product(v: Vector) -> Vector:
            V = self.spread(v)
            move, total = self.C @ V, np.zeros((len(self.C), V.shape[1]))
            for rows in _parts(self.U, len(P)):
                part, weights = self.U[rows], P[:, rows]
                moved = weights * (move @ part.T)
                moved -= weights * moved.sum(axis=0)
                total += moved @ part
            return self._reduced(self.C.T @ total / self.risk.rows + V @ ridge)

        return product

    def conditioning(self, u: Vector) -> Callable[[Vector], Vector]:
        """The inverse of the Hessian that one mean row would have: N (C^T mean(diag(s) - s s^T) C + r)^-1 (x) 1."""
        if self.span is not None:
            return lambda g: g
        P, N = self.at(self.theta(u)).P, self.risk.rows
        mean = self.C.T @ (np.diag(P.mean(axis=1)) - (P @ P.T) / N) @ self.C
        ridge = N * float(np.sum(self.risk.ridge @ self.W**2)) / max(1, self.W.shape[1])
        inverse = N * np.linalg.inv(mean + (ridge + FLOOR) * np.eye(len(mean)))
        return lambda g: np.asarray((inverse @ self.spread(g)).ravel())

    def hessian(self, u: Vector) -> Matrix:
        """The Hessian in u."""
        return self.hessian_at(self.theta(u))

    def hessian_at(self, theta: Vector) -> Matrix:
        """The Hessian at theta in the coordinates u.

        The last class is left out of the products: the Hessian does not change any theta_k by the same vector.
        """
        here = self.at(theta)
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
    W, U = _whitened(risk)
    space = Contrasts(risk, centred, differences(risk.classes), W, U, None, np.zeros(0))
    start = space.coordinates(np.zeros(risk.width))
    if risk.active is None:
        return replace(space, start=start)
    below = np.sqrt(risk.rows * risk.ridge[weighed])[:, None] * W[weighed]
    penalty = np.asarray(np.kron(np.eye(risk.classes - 1), below))
    span = span_of_pairs(U, risk.y, space.C, risk.active, penalty)
    return replace(space, span=span, start=np.asarray(np.linalg.lstsq(span, start, rcond=None)[0]))


def _whitened(risk: SoftmaxRisk) -> tuple[Matrix, Matrix]:
    """W and U = X W; where pairs are missing by QR, whose rounding is that of U."""
    ridge = risk.rows * risk.ridge
    if risk.active is None and (found := whiten(risk.X, ridge)).left is None:
        return found.basis, risk.X @ found.basis
    factors = factorise(np.vstack([risk.X, np.diag(np.sqrt(ridge))[ridge > 0.0]]))
    return factors.basis, np.ascontiguousarray(factors.U[: risk.rows])


def differences(classes: int) -> Matrix:
    """An orthonormal basis (K, K-1) of the vectors whose entries sum to 0 (Helmert)."""
    C = np.zeros((classes, classes - 1))
    for j in range(1, classes):
        C[:j, j - 1] = 1.0
        C[j, j - 1] = -j
    return np.asarray(C / np.linalg.norm(C, axis=0))


def _scores(theta: Matrix, X: Matrix) -> Matrix:
    """theta X^T, (K, N), for theta (K, k)."""
    Z = np.empty((len(theta), len(X)))
    for rows in _parts(X, len(theta)):
        Z[:, rows] = theta @ X[rows].T
    return Z


def _sums(slopes: Matrix, X: Matrix) -> Matrix:
    """slopes X, (K, k), for slopes (K, N)."""
    total = np.zeros((len(slopes), X.shape[1]))
    for rows in _parts(X, len(slopes)):
        total += slopes[:, rows] @ X[rows]
    return total


def _parts(X: Matrix, classes: int) -> Iterator[slice]:
    """The rows, so many at a time that a block's products stay in the cache and are no work to share out."""
    size = max(16, SHARED // max(1, X.shape[1] * classes))
    return (slice(start, start + size) for start in range(0, len(X), size))
