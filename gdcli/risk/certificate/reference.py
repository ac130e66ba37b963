"""theta_hat to twice the digits of a double, for gaps that the double's own rounding would drown.

Near the optimum the gap is a quadratic in theta - theta_hat, so that its rounding spoils it from the square root
of a double's precision on: Newton steps with a gradient of 100 bits remove it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gdcli.kernels.ball import Ball
from gdcli.kernels.balls import balls
from gdcli.risk.certificate.exact import mean, product, transposed
from gdcli.risk.empirical import Matrix, Vector
from gdcli.risk.models.linear import LinearRisk

# Each step leaves a share of the gradient as small as the Hessian's own rounding.
MOST_STEPS = 4
# A decrement that has fallen by this factor is small enough.
SMALL = 1e-14


@dataclass(frozen=True)
class Reference:
    """theta_hat (k,), the predictions there, grad R there and a bound on its rounding."""

    core: LinearRisk
    theta: Ball
    predictions: Ball
    gradient: Vector
    error: Vector

    @cached_property
    def values(self) -> Ball:
        """phi of the predictions."""
        found: Ball = balls(self.core.kernel.derived)[0](self.predictions, self.core.y)
        return found

    def step(self, theta: Vector) -> tuple[Vector, Ball]:
        """d = theta - theta_hat and delta = X d."""
        d = Ball(theta) - self.theta
        return d.high, product(self.core.X, Ball(d.high, d.low))

    def difference(self, theta: Vector) -> tuple[float, float]:
        """R(theta) - R(theta_hat) and a bound on its error."""
        there = balls(self.core.kernel.derived)[0](product(self.core.X, Ball(theta)), self.core.y)
        found = mean(there - self.values) + self._ridge(Ball(theta)) - self._ridge(self.theta)
        return float(found.high), float(found.radius + np.abs(found.low))

    def value(self) -> tuple[float, float]:
        """R(theta_hat) and a bound on its error."""
        found = mean(self.values) + self._ridge(self.theta)
        return float(found.high), float(found.radius + np.abs(found.low))

    def _ridge(self, theta: Ball) -> Ball:
        k = float(len(self.core.penalty))
        return (0.5 * k) * mean(Ball(self.core.penalty) * (theta * theta))


def refine(core: LinearRisk, theta: Vector, half: Matrix) -> Reference:
    """The reference near theta, for Q = `half` (k, r) with Q Q^T = H^-1 on the space of the steps."""
    best = _at(core, Ball(theta))
    least = first = float(np.linalg.norm(half.T @ best.gradient))
    for _ in range(MOST_STEPS):
        moved = best.theta + Ball(-(half @ (half.T @ best.gradient)))
        here = _at(core, Ball(moved.high, moved.low))
        decrement = float(np.linalg.norm(half.T @ here.gradient))
        if not decrement < least:
            break
        best, least = here, decrement
        if least <= SMALL * first:
            break
    return best


def _at(core: LinearRisk, theta: Ball) -> Reference:
    z = product(core.X, theta)
    slopes: Ball = balls(core.kernel.derived)[1](z, core.y)
    gradient = transposed(core.X, slopes) * (1.0 / Ball(float(core.rows))) + Ball(core.penalty) * theta
    return Reference(core, theta, z, gradient.high, gradient.radius + np.abs(gradient.low))
