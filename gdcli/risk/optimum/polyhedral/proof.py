"""R(theta_hat) - R* by a dual point that is feasible, whatever rounding did.

For every a and the residual of stationarity e = X^T a / N + Lambda theta_hat, with t = X theta - k, exactly

    R(theta) - R(theta_hat) = (1/N) sum [s_i(theta) - s_i(theta_hat)] + e . (theta - theta_hat)
                              + (1/2) ||theta - theta_hat||^2_Lambda,         s_i(theta) = phi_i - a_i t_i.

Where l_i <= a_i <= h_i every slack s_i is >= 0: (h_i - a_i) t_i right of the kink, (a_i - l_i) |t_i| left of it. So
e = 0 gives R(theta_hat) - R* <= (1/N) sum s_i(theta_hat) (Fenchel and Young; Rockafellar, "Convex Analysis", 1970,
section 31). An e of 1e-30 is made up for: on the free columns by a change b of a with X^T b = -N e, on the penalised
ones by a move of theta. b lies on the rows on their kink, where a has room for it, or else on all rows: then a is drawn
by some share of the way towards a point in the middle of the box. What a change b costs is at most (1/N) sum |b_i t_i|,
that move sum e_j^2/(2 lambda_j).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import chain

import numpy as np

from gdcli.kernels.pairs import Pair, two_product
from gdcli.risk.empirical import Matrix, Vector
from gdcli.risk.optimum.polyhedral.face import Face, split_rows
from gdcli.risk.optimum.polyhedral.kinks import Kinks
from gdcli.risk.optimum.whiten import whiten

# Computed bounds on a change are doubled, for the rounding of the linear algebra they come from.
SAFE = 2.0


@dataclass(frozen=True)
class Proof:
    """a within the box; N e (k,) up to `error`; (1/N) sum s_i(theta_hat) <= slack; `rest`: what e costs.

    R(theta_hat) - R* <= slack + rest, infinite where nothing is proven.
    """

    a: Pair
    residual: Vector
    error: Vector
    slack: float
    rest: float


def prove(face: Face, middle: Vector) -> Proof:
    """The proof that theta_hat and a of the face give; `middle` is a point far from all ends of the box."""
    kinks = face.space.kinks
    a = kinks.clip(face.a)
    residual, error = kinks.stationarity(face.theta, a)
    slack = float(np.mean(slacks(kinks, a, face.t, face.error)[1]))
    return Proof(a, residual, error, slack, _rest(face, a, middle, residual, error))


def slacks(kinks: Kinks, a: Pair, t: Vector, error: Vector) -> tuple[Vector, Vector]:
    """s_i at t, and the most it may be where t is known up to `error`."""
    below, above = (np.maximum(room, 0.0) for room in kinks.room(a))
    value = np.where(t > 0.0, above * t, -below * t)
    return value, np.maximum(above * np.maximum(t + error, 0.0), below * np.maximum(error - t, 0.0))


def _rest(face: Face, a: Pair, middle: Vector, residual: Vector, error: Vector) -> float:
    kinks = face.space.kinks
    free = kinks.weight == 0.0
    change = _Change(np.zeros_like(face.t), np.zeros_like(face.t))
    if free.any():
        U, W = _free_space(face, free)
        known, unknown = W.T @ residual[free], np.abs(W).T @ error[free]
        found = _on_kinks(face, a, U, known, unknown)
        if found is None and not _vanishes(kinks, a, free):
            found = _towards(middle, kinks, free, U, W, np.abs(known) + unknown)
            if found is None:
                return math.inf
        change = found or change
    moved = change.b + change.drawn
    left = (np.abs(residual) + error + moved @ np.abs(kinks.X))[~free]
    cost = float(np.mean(moved * (np.abs(face.t) + face.error)))
    return cost + float(np.sum(left * left / kinks.weight[~free])) / (2 * len(face.t))


@dataclass(frozen=True)
class _Change:
    """Bounds on |b| and on how far a is drawn to the middle, (N,)."""

    b: Vector
    drawn: Vector


def _free_space(face: Face, free: Vector) -> tuple[Matrix, Matrix]:
    """U and W with X W = U, over the free columns alone."""
    if free.all():
        return face.space.U, face.space.W
    columns = face.space.kinks.X[:, free]
    found = whiten(columns, np.zeros(columns.shape[1]))
    return columns @ found.basis if found.left is None else found.left, found.basis


def _on_kinks(face: Face, a: Pair, U: Matrix, known: Vector, unknown: Vector) -> _Change | None:
    """b on the rows on their kink; None where a has no room for it, or where they do not see all of e."""
    split = split_rows(U[face.rows])
    unseen = np.abs(split.Z.T @ known)
    if np.any(unseen > SAFE * (np.abs(split.Z).T @ unknown)):
        return None
    b = np.zeros_like(face.t)
    seen = np.abs(split.V.T @ known) + np.abs(split.V).T @ unknown
    b[face.rows] = SAFE * (np.abs(split.P) @ (seen / split.s))
    room = np.minimum(*face.space.kinks.room(a))
    return _Change(b, np.zeros_like(b)) if np.all(b[face.rows] <= room[face.rows]) else None


def _vanishes(kinks: Kinks, a: Pair, free: Vector) -> bool:
    """Whether X^T a is 0 on the free columns without any rounding (where a holds no second doubles)."""
    if a[1].any():
        return False
    products = (two_product(kinks.X[:, j], a[0]) for j in np.flatnonzero(free))
    return all(math.fsum(chain(*(part.tolist() for part in pair))) == 0.0 for pair in products)


def _towards(middle: Vector, kinks: Kinks, free: Vector, U: Matrix, W: Matrix, size: Vector) -> _Change | None:
    """b on all rows, and the share s of the way to the middle that makes room for it."""
    columns = kinks.X[:, free]
    centre = middle - U @ (W.T @ (middle @ columns))
    off = np.abs(W.T @ (centre @ columns)) + np.abs(W).T @ (len(U) * 2.0**-53 * (np.abs(centre) @ np.abs(columns)))
    room = np.minimum(centre - kinks.low[0], kinks.high[0] - centre) - SAFE * (np.abs(U) @ off)
    if np.any(room <= 0.0):
        return None
    b = SAFE * (np.abs(U) @ size)
    share = float(np.max(b / room))
    return _Change(b + share * room, share * kinks.width) if share < 1.0 else None
