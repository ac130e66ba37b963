"""omega for the Huber loss where its curved rows do not span the others: a dual point drawn into the box.

With psi(t) = max over |c| <= delta of c t - c^2/2, t = z - y and a = psi'(t), any a' = (1 - s) a + s c that is feasible
with |c| <= delta gives, as c^2/2 is convex,

    R(theta_hat) - R* <= (s/N) sum [psi(t_i) - c_i t_i + c_i^2/2] + sum_j e_j^2/(2 lambda_j).

On the free columns b = s c makes up for what g = grad R(theta_hat) lacks to 0, X^T b = -(1 - s) N g; e is what is left
of g on the penalised ones. s is as small as |b| <= s delta allows: the rounding of g, relative to delta.
(Rockafellar, "Convex Analysis", 1970, section 31.)
"""

from __future__ import annotations

import math

import numpy as np

from gdcli.data.room import blocks
from gdcli.risk.empirical import Matrix, Vector
from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.optimum.whiten import whiten
from gdcli.risk.passes import absolute_transposed

# Computed bounds on b are doubled, for the rounding of the linear algebra they come from.
SAFE = 2.0


def box_bound(core: LinearRisk, z: Vector, wobble: Vector, residual: Vector, error: Vector) -> float:
    """omega at the predictions z up to `wobble`, for g = `residual` up to `error`; infinite for other losses."""
    if core.loss.name.split("(")[0] != "huber":
        return math.inf
    delta, free = core.loss.lipschitz, core.penalty == 0.0
    b = _change(core, free, residual, error)
    share = float(np.max(b)) / delta
    if not share < 1.0:
        return math.inf
    t = np.abs(z - core.y) + wobble
    psi = np.where(t <= delta, t * t / 2, delta * (t - delta / 2))
    drawn = share * float(np.mean(psi + delta * t + delta * delta / 2))
    left = (np.abs(residual) + error + absolute_transposed(core.X, b + share * delta) / core.rows)[~free]
    return (drawn + float(np.sum(left * left / core.penalty[~free])) / 2) * (1.0 + 1e-9)


def _change(core: LinearRisk, free: Vector, residual: Vector, error: Vector) -> Vector:
    """A bound on the shortest b with X^T b = -N g on the free columns, (N,)."""
    if not free.any():
        return np.zeros(core.rows)
    columns = core.X if free.all() else core.X[:, free]
    found = whiten(columns, np.zeros(columns.shape[1]))
    W = found.basis
    size = np.abs(W.T @ residual[free]) + np.abs(W).T @ error[free]
    return np.asarray(SAFE * core.rows * (_spread(columns, W, size)))


def _spread(X: Matrix, W: Matrix, size: Vector) -> Vector:
    """|X W| size."""
    return np.concatenate([np.abs(X[rows] @ W) @ size for rows in blocks(X)])
