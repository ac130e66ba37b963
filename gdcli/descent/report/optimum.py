"""R*, or the local minimum where no R* is claimed, with its proof."""

from __future__ import annotations

import math

import numpy as np

from gdcli.descent.plan import Plan
from gdcli.results.setting import Optimum
from gdcli.risk.empirical import EmpiricalRisk, Vector


def optimum(plan: Plan) -> Optimum:
    """The optimum of a plan's certificate."""
    certificate, found = plan.certificate, plan.certificate.optimum
    if plan.dry:
        nothing = (None, None, None, "skipped", found.method, found.reason, None, None)
        return Optimum(*nothing, math.inf, math.inf, None, 0, ())
    separated = tuple((np.flatnonzero(found.separated) + 1).tolist())
    decrement, least = (certificate.decrement, None) if plan.convex else _stationary(plan.risk, found.theta)
    at_optimum = certificate.gap(found.theta)
    return Optimum(
        risk_optimum=found.risk_optimum if plan.convex else None,
        lowest=None if plan.convex else found.risk_optimum,
        local_minimum=found.risk_optimum if found.converged and not plan.convex else None,
        status=_status(plan),
        method=found.method,
        reason=found.reason,
        newton_decrement=None if math.isnan(decrement) else decrement,
        concordance=None if math.isnan(certificate.concordance) else certificate.concordance,
        omega=certificate.omega,
        gap_floor=at_optimum.upper - at_optimum.lower,
        lambda_min=least,
        separated_count=len(separated),
        separated_rows=separated,
    )


def _status(plan: Plan) -> str:
    if not plan.convex:
        return "local" if plan.certificate.optimum.converged else "not converged"
    if not plan.certificate.optimum.attained:
        return "infimum"
    return "attained" if math.isfinite(plan.certificate.omega) else "unproven"


def _stationary(risk: EmpiricalRisk, theta: Vector) -> tuple[float, float]:
    """nu = ||g||_{H^-1}, infinite where H is not positive definite, and lambda_min(H)."""
    curvature = risk.curvature(theta)
    if not np.all(np.isfinite(curvature)):
        return math.inf, math.nan
    values, vectors = np.linalg.eigh(curvature)
    if not values[0] > 0.0:
        return math.inf, float(values[0])
    return float(np.linalg.norm(vectors.T @ risk.gradient(theta) / np.sqrt(values))), float(values[0])
