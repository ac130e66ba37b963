"""What the solvers of a linear model found, and the verdict where nothing is known to be convex."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.optimum.found import Optimum
from gdcli.risk.optimum.newton import NewtonResult, Reduced

# So small a square of the decrement, relative to the risk, ends at a minimum.
SETTLED = 1e-12


@dataclass(frozen=True)
class LinearOptimum(Optimum):
    """`core` holds the rows on which R* is attained, at `theta`: all of them where none is separated.

    Its penalty is that of all rows, a row of the core counting for more. R* may lie above `risk_optimum` by `slack`.
    `minimal`: theta is a minimum of some kind, not only the lowest point found.
    """

    core: LinearRisk | None
    slack: float = 0.0
    minimal: bool = True

    @property
    def converged(self) -> bool:
        """Whether theta is a local minimum at least."""
        return self.minimal

    @property
    def share(self) -> float:
        """The part of all rows that the core is."""
        return 0.0 if self.core is None else self.core.rows / len(self.separated)


def lowest_point(risk: LinearRisk, problem: Reduced, result: NewtonResult, rank: int, method: str) -> LinearOptimum:
    """The lowest stationary point found; nothing says that it is the least."""
    theta = problem.theta(result.u)
    least = float(np.linalg.eigvalsh(risk.curvature(theta))[0])
    bent = float(np.linalg.eigvalsh(problem.hessian(result.u))[0])
    small = result.decrement**2 <= SETTLED * max(abs(risk.value(theta)), SETTLED * abs(risk.value(problem.theta0)))
    minimal = bent > 0.0 and small
    if minimal:
        reason = f"nu = {result.decrement:.1e}, lambda_min(H) = {least:.2e}" + (" > 0" if least > 0.0 else "")
    elif bent > 0.0:
        reason = f"not converged: nu = {result.decrement:.1e} is not small"
    else:
        reason = "not converged: H has no positive least eigenvalue there"
    nobody = np.zeros(risk.rows, dtype=bool)
    return LinearOptimum(risk.value(theta), theta, nobody, rank, method, reason, risk, minimal=minimal)
