"""theta_hat to twice the digits of a double, for gaps that the double's own rounding would drown.

Near the optimum the gap is a quadratic in theta - theta_hat, so that its rounding spoils it from the square root
of a double's precision on: Newton steps with a gradient of 100 bits remove it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gdcli.data.room import room
from gdcli.kernels.ball import Ball
from gdcli.kernels.balls import balls
from gdcli.risk.certificate.exact import mean, product, total, transposed
from gdcli.risk.certificate.taylor import Part
from gdcli.risk.empirical import Matrix, Vector
from gdcli.risk.models.linear import LinearRisk

# Each step leaves a share of the gradient as small as the Hessian's own rounding.
MOST_STEPS = 4
# A decrement that has fallen by this factor is small enough.
SMALL = 1e-14


@dataclass(frozen=True)
class Reference:
    """theta_hat (k,), grad R there and a bound on its rounding."""

    core: LinearRisk
    theta: Ball
    gradient: Vector
    error: Vector

    @cached_property
    def predictions(self) -> Ball:
        """X theta_hat."""
        z = Ball(*(room((self.core.rows,)) for _ in range(3)))
        for rows, part in self.core.parts():
            found = product(part.X, self.theta)
            z.high[rows], z.low[rows], z.radius[rows] = found.high, found.low, found.radius
        return z

    @property
    def wobble(self) -> Vector:
        """How far the high parts of the predictions may be from X theta_hat, (N,)."""
        wobble = room((self.core.rows,))
        for rows, _ in self.core.parts():
            wobble[rows] = np.abs(self.predictions.low[rows]) + self.predictions.radius[rows]
        return wobble

    def step(self, theta: Vector) -> Ball:
        """d = theta - theta_hat."""
        return Ball(theta) - self.theta

    def parts(self, theta: Vector) -> Iterator[Part]:
        """All rows, with delta = X (theta - theta_hat)."""
        d = self.step(theta)
        for rows, part in self.core.parts():
            z, delta = self.predictions[rows], product(part.X, Ball(d.high, d.low))
            yield Part(part, z.high, np.abs(z.low) + z.radius, delta.high, delta.radius)

    def difference(self, theta: Vector) -> tuple[float, float]:
        """R(theta) - R(theta_hat) and a bound on its error."""
        phi = balls(self.core.kernel.derived)[0]
        found = self._mean(
            phi(product(part.X, Ball(theta)), part.y) - phi(self.predictions[rows], part.y)
            for rows, part in self.core.parts()
        )
        found = found + self._ridge(Ball(theta)) - self._ridge(self.theta)
        return float(found.high), float(found.radius + np.abs(found.low))

    def value(self) -> tuple[float, float]:
        """R(theta_hat) and a bound on its error."""
        phi = balls(self.core.kernel.derived)[0]
        found = self._mean(phi(self.predictions[rows], part.y) for rows, part in self.core.parts())
        found = found + self._ridge(self.theta)
        return float(found.high), float(found.radius + np.abs(found.low))

    def _mean(self, parts: Iterable[Ball]) -> Ball:
        """The mean over all rows of what is given in parts."""
        first, *others = map(total, parts)
        return sum(others, first) * (1.0 / Ball(float(self.core.rows)))

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
    slope = balls(core.kernel.derived)[1]
    sums = [transposed(part.X, slope(product(part.X, theta), part.y)) for _, part in core.parts()]
    gradient = sum(sums[1:], sums[0]) * (1.0 / Ball(float(core.rows))) + Ball(core.penalty) * theta
    return Reference(core, theta, gradient.high, gradient.radius + np.abs(gradient.low))
