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
from gdcli.risk.models.formula import Local, ModelRisk

EPS = float(np.finfo(float).eps)
# No step may promise less than this share of R: what is left is for `settle`.
LEAST_PROMISE = 1e-15
FIRST_DAMPING = 1e-3
# The acceleration may be this share of the step: beyond it the second order is no correction.
MOST_BENT = 0.75


@dataclass(frozen=True)
class Scaled:
    """R near theta in the coordinates D theta: the gradient g, and the rows A with A^T A the Gauss-Newton part."""

    here: Local
    theta: Vector
    D: Vector
    g: Vector
    A: Matrix
    bend: Matrix

    @classmethod
    def at(cls, risk: ModelRisk, theta: Vector) -> Scaled | None:
        """None where R or a derivative of it is not a finite number."""
        here = risk.local(theta)
        parts = (here.value, here.J, here.first, here.second, here.bend)
        if not all(np.all(np.isfinite(part)) for part in parts):
            return None
        with np.errstate(over="ignore", invalid="ignore"):
            weights = np.sqrt(np.maximum(here.second, 0.0) / risk.rows)
            rows = np.vstack([weights[:, None] * here.J, np.diag(np.sqrt(risk.penalty))])
            lengths = np.linalg.norm(rows, axis=0)
            D = np.where(lengths > 0.0, lengths, 1.0)
            g = (here.first @ here.J / risk.rows + risk.penalty * theta) / D
            bend = here.bend / D / D[:, None]
            if not (np.all(np.isfinite(lengths)) and np.all(np.isfinite(g)) and np.all(np.isfinite(bend))):
                return None
        return cls(here, theta, D, g, rows / D, bend)

    def curvature(self, newton: bool) -> Matrix:
        """The Hessian, or its Gauss-Newton part."""
        gauss = self.A.T @ self.A
        return np.asarray(gauss + self.bend) if newton else np.asarray(gauss)


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
        if not promise > LEAST_PROMISE * abs(here.here.value):
            return None
        theta = here.theta + (u + 0.5 * _acceleration(here, u, vectors, curved)) / here.D
        ratio = (here.here.value - risk.value(theta)) / promise
        there = Scaled.at(risk, theta) if ratio >= 1e-4 else None
        if there is not None:
            return there, damping * max(1.0 / 3.0, 1.0 - (2.0 * min(ratio, 1.0) - 1.0) ** 3)
        damping, growth = max(growth * damping, 1e-12), 2.0 * growth
    return None


def _acceleration(here: Scaled, u: Vector, vectors: Matrix, curved: Vector) -> Vector:
    """-(B + damping I)^-1 A^T sqrt(phi''/N) D^2 f[v, v] for the step v; infinite, so refused, where it outweighs u."""
    with np.errstate(all="ignore"):
        bends = here.here.along(u / here.D)
        weights = np.sqrt(np.maximum(here.here.second, 0.0) / len(bends))
        pulled = vectors.T @ ((weights * bends) @ here.A[: len(bends)])
        found = -vectors @ np.where(curved > 0.0, pulled / np.where(curved > 0.0, curved, 1.0), 0.0)
    return found if np.linalg.norm(found) <= MOST_BENT * np.linalg.norm(u) else np.full_like(u, np.nan)
