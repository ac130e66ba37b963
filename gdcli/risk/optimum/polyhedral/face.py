"""The optimum exactly, once it is known which rows stand on their kink.

With I those rows and a_i = l_i or h_i on the others, theta and a_I solve X_I theta = k_I and
X_I^T a_I + N Lambda theta = -sum_{i not in I} a_i x_i. Both are found by corrections from residuals in pairs of
doubles, in coordinates u (theta = theta0 + W u, X W = U) where columns are of one size. Rows of I may depend on one
another (ties, duplicates): a_I then moves as little as it can. Where I leaves theta free, theta does so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gdcli.kernels.pairs import Pair, add, times
from gdcli.risk.empirical import Matrix, Vector
from gdcli.risk.optimum.polyhedral.kinks import AT_ZERO, Kinks, Mask, dot

# Corrections, each of which gains some 12 digits of 30.
CORRECTIONS = 4
# Singular values of the rows on their kink below this are dependences.
DEPENDENT = 1e-11


@dataclass(frozen=True)
class Space:
    """theta = theta0 + W u: the directions on which predictions and penalty depend, with M = W^T N Lambda W."""

    kinks: Kinks
    W: Matrix
    U: Matrix
    M: Matrix


@dataclass(frozen=True)
class Faults:
    """Rows that rule theta out: a slack on I is not 0, t_i has the wrong sign, or a_i leaves [l_i, h_i]."""

    apart: Mask
    wrong: Mask
    outside: Mask

    @property
    def rows(self) -> Mask:
        """All of them."""
        return np.asarray(self.apart | self.wrong | self.outside)

    def __len__(self) -> int:
        return int(np.count_nonzero(self.rows))


@dataclass(frozen=True)
class Face:
    """theta (k,) and a (N,) as pairs; `rows` stand on their kink and span `rank` directions; t (N,) up to `error`."""

    space: Space
    theta: Pair
    a: Pair
    rows: Mask
    rank: int
    t: Vector
    error: Vector

    def faults(self) -> Faults:
        """What keeps this from being an optimum."""
        kinks = self.space.kinks
        size = kinks.size(self.theta[0])
        size = AT_ZERO * (size + np.mean(size))
        below, above = kinks.room(self.a)
        apart = self.rows & (np.where(self.t > 0.0, above, below) * np.abs(self.t) > size * kinks.width)
        wrong = ~self.rows & (np.where(above == 0.0, -self.t, self.t) > size)
        outside = self.rows & (np.minimum(below, above) < -AT_ZERO * kinks.width)
        return Faults(apart, wrong, outside)


def settle(space: Space, theta: Pair, a: Pair, rows: Mask, held: Mask | None = None) -> Face:
    """The theta and a_I nearest the given ones that solve the equations of the rows on their kink.

    Where `held` is given theta is to put these rows alone on their kink, as the others of I are near enough to it.
    """
    kinks = space.kinks
    held = rows if held is None else held
    split, holding = split_rows(space.U[rows]), split_rows(space.U[held])
    others = dot(kinks.X[~rows], (a[0][~rows], a[1][~rows]))
    on_kink = (a[0][rows], a[1][rows])
    for _ in range(CORRECTIONS):
        t = kinks.distance(theta, held)[0]
        slope = -(space.W.T @ add(add(others, dot(kinks.X[rows], on_kink)), times(theta, kinks.weight))[0])
        du = holding.steer(space.M, -t, slope)
        da = split.balance(slope - space.M @ du)
        step = space.W @ du
        theta = add(theta, (step, np.zeros_like(step)))
        on_kink = add(on_kink, (da, np.zeros_like(da)))
    high, tail = a[0].copy(), a[1].copy()
    high[rows], tail[rows] = on_kink
    return Face(space, theta, (high, tail), rows, split.rank, *kinks.distances(theta, rows))


@dataclass(frozen=True)
class Split:
    """U_I = P diag(s) V^T, and the directions Z (r, r - m) that U_I does not see."""

    P: Matrix
    s: Vector
    V: Matrix
    Z: Matrix

    @property
    def rank(self) -> int:
        """m, the number of directions that U_I sees."""
        return len(self.s)

    def steer(self, M: Matrix, t: Vector, slope: Vector) -> Vector:
        """The shortest du with U_I du = t, and in the directions Z with M du = slope where M determines it."""
        du = self.V @ ((self.P.T @ t) / self.s)
        if self.Z.shape[1] and M.any():
            curved = np.linalg.pinv(self.Z.T @ M @ self.Z, rcond=1e-13, hermitian=True)
            du = du + self.Z @ (curved @ (self.Z.T @ (slope - M @ du)))
        return np.asarray(du)

    def balance(self, slope: Vector) -> Vector:
        """The shortest da with U_I^T da = slope, as far as there is one."""
        return np.asarray(self.P @ ((self.V.T @ slope) / self.s))


def split_rows(rows: Matrix) -> Split:
    """The singular value decomposition of U_I with an explicit decision on its rank."""
    width = rows.shape[1]
    if not rows.any():
        return Split(np.zeros((len(rows), 0)), np.zeros(0), np.zeros((width, 0)), np.eye(width))
    Q, R = np.linalg.qr(rows)
    P, s, Vt = np.linalg.svd(R, full_matrices=True)
    rank = int(np.count_nonzero(s > DEPENDENT * s[0]))
    return Split(Q @ P[:, :rank], s[:rank], Vt[:rank].T, Vt[rank:].T)
