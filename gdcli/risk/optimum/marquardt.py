"""Damped steps for a risk that need not be convex, in units in which every parameter counts alike (Marquardt, 1963).

The steps are -(B + damping I)^-1 g in the coordinates D theta, D_j^2 = (1/N) sum phi''_i (df_i/dtheta_j)^2 + lambda_j,
so that parameters may differ by any power of ten. B is the Gauss-Newton part (1/N) J^T diag(phi'') J + diag(lambda)
alone, which is never indefinite, or the whole Hessian. The damping follows the ratio of the fall of R to the one that
the quadratic promised (Nielsen, "Damping parameter in Marquardt's method", 1999). A second step, of half the
acceleration that keeps the predictions on a straight line, follows curved valleys (Transtrum and Sethna, arXiv
1201.5885).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gdcli.risk.empirical import Matrix, Vector
from gdcli.risk.models.formula import ModelRisk

EPS = float(np.finfo(float).eps)
# No step may promise less than this share of R: what is left is for `settle`.
LEAST_PROMISE = 1e-15
FIRST_DAMPING = 1e-3
# The acceleration may be this share of the step: beyond it the second order is no correction.
MOST_BENT = 0.75


@dataclass(frozen=True)
class Scaled:
    """R near theta in the coordinates D theta: its value, the gradient g, and rows A with A^T A the Gauss-Newton part.

    A holds the last block of the data's rows below the R of those before it (A = QR), and the penalty's: (n, k) for
    some n. `turn` holds (1/N) sum_i phi''_i s_i df_i, (len(entries), k), for the second derivatives s_i of f.
    """

    value: float
    theta: Vector
    D: Vector
    g: Vector
    A: Matrix
    bend: Matrix
    turn: Matrix
    entries: tuple[tuple[int, int], ...]

    @classmethod
    def at(cls, risk: ModelRisk, theta: Vector) -> Scaled | None:
        """None where R or a derivative of it is not a finite number."""
        N, count = risk.rows, len(risk.model.entries)
        value, g, bends, turn = 0.0, np.zeros(risk.width), np.zeros(count), np.zeros((count, risk.width))
        rows = np.empty((0, risk.width))
        with np.errstate(all="ignore"):
            for here in risk.near(theta):
                value += np.sum(here.values)
                if not all(np.all(np.isfinite(part)) for part in (value, here.J, here.first, here.second)):
                    return None
                second = np.maximum(here.second, 0.0) / N
                g += here.first @ here.J
                bends += here.seconds @ here.first
                turn += (here.seconds * second) @ here.J
                rows = _below(rows, np.sqrt(second)[:, None] * here.J)
            rows = np.vstack([rows, np.diag(np.sqrt(risk.penalty))])
            lengths = np.linalg.norm(rows, axis=0)
            D = np.where(lengths > 0.0, lengths, 1.0)
            g = (g / N + risk.penalty * theta) / D
            bend = risk.symmetric(bends / N) / D / D[:, None]
            value = float(value / N) + 0.5 * float((risk.penalty * theta) @ theta)
            if not all(np.all(np.isfinite(part)) for part in (value, lengths, g, bend)):
                return None
            return cls(value, theta, D, g, rows / D, bend, turn / D, risk.model.entries)

    def along(self, v: Vector) -> Vector:
        """(1/N) sum_i phi''_i D^2 f_i[v, v] df_i: how the predictions bend on the straight line along v."""
        factors = np.array([v[i] * v[j] * (1.0 if i == j else 2.0) for i, j in self.entries])
        return np.asarray(factors @ self.turn)

    def curvature(self, newton: bool) -> Matrix:
        """The Hessian, or its Gauss-Newton part."""
        gauss = self.A.T @ self.A
        return np.asarray(gauss + self.bend) if newton else np.asarray(gauss)


def _below(rows: Matrix, block: Matrix) -> Matrix:
    """The block below the R of the rows before it."""
    return np.vstack([np.linalg.qr(rows, mode="r"), block]) if len(rows) else block


def descend(risk: ModelRisk, start: Vector, *, newton: bool, most: int) -> tuple[Vector, int]:
    """Where at most `most` damped steps lead, and how many were taken: until none promises a fall above rounding."""
    here = Scaled.at(risk, start)
    if here is None:
        return start, 0
    damping = FIRST_DAMPING
    for step in range(most):
        found = _step(risk, here, damping, newton) if np.any(here.g) else None
        if found is None:
            return here.theta, step
        here, damping = found
    return here.theta, most


def _step(risk: ModelRisk, here: Scaled, damping: float, newton: bool) -> tuple[Scaled, float] | None:
    """The next place and its damping; None where no step promises anything."""
    values, vectors = np.linalg.eigh(here.curvature(newton))
    along = vectors.T @ here.g
    if values[0] <= 0.0:
        # Along a direction that bends down the damping must outweigh the bend.
        damping = max(damping, -1.5 * float(values[0]) + 1e-8 * float(values[-1]))
    growth = 2.0
    while math.isfinite(damping):
        curved = values + damping
        u = vectors @ np.where(curved > 0.0, -along / np.where(curved > 0.0, curved, 1.0), 0.0)
        promise = -float(here.g @ u + 0.5 * u @ (vectors @ (values * (vectors.T @ u))))
        if not promise > LEAST_PROMISE * abs(here.value):
            return None
        theta = here.theta + (u + 0.5 * _acceleration(here, u, vectors, curved)) / here.D
        ratio = (here.value - risk.value(theta)) / promise
        there = Scaled.at(risk, theta) if ratio >= 1e-4 else None
        if there is not None:
            return there, damping * max(1.0 / 3.0, 1.0 - (2.0 * min(ratio, 1.0) - 1.0) ** 3)
        damping, growth = max(growth * damping, 1e-12), 2.0 * growth
    return None


def _acceleration(here: Scaled, u: Vector, vectors: Matrix, curved: Vector) -> Vector:
    """-(B + damping I)^-1 A^T sqrt(phi''/N) D^2 f[v, v] for the step v; infinite, so refused, where it outweighs u."""
    with np.errstate(all="ignore"):
        pulled = vectors.T @ here.along(u / here.D)
        found = -vectors @ np.where(curved > 0.0, pulled / np.where(curved > 0.0, curved, 1.0), 0.0)
    return found if np.linalg.norm(found) <= MOST_BENT * np.linalg.norm(u) else np.full_like(u, np.nan)
