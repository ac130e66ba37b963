"""R* over parts of the rows: least squares, Newton and damped Newton, each step of them a few sums."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from operator import and_

import numpy as np

from gdcli.data.partitions.parts import added
from gdcli.errors import UsageError
from gdcli.risk.apart import terms
from gdcli.risk.apart.risk import ApartRisk
from gdcli.risk.empirical import Matrix, Vector
from gdcli.risk.optimum.found import Optimum
from gdcli.risk.optimum.levenberg import minimise_damped
from gdcli.risk.optimum.newton import minimise

NOBODY = np.zeros(0, dtype=np.bool_)


@dataclass(frozen=True)
class ApartOptimum(Optimum):
    """R* = inf R near `theta`; `infimum`: it is approached and not attained, as all rows are separated."""

    infimum: bool = False

    @property
    def attained(self) -> bool:
        """Whether some theta has R(theta) = R*."""
        return not self.infimum


def find_optimum(risk: ApartRisk, theta0: Vector) -> ApartOptimum:
    """R* and the minimiser nearest theta0, for a smooth convex loss."""
    if risk.loss.concordance == 0.0:
        return _least_squares(risk, theta0)
    problem = _begun(risk, theta0)
    if risk.loss.target == "real" or not math.isfinite(risk.loss.concordance):
        result = minimise_damped(problem)
        method = f"damped Newton, {result.steps} steps"
        return _attained(problem, problem.theta(result.u), method, result.decrement)

    def separable(step: int, u: Vector, direction: Vector) -> bool:
        return not risk.penalty.any() and risk.parts.total(terms.separated, problem.theta(u), by=and_)

    found = minimise(problem, separable)
    theta = problem.theta(found.u)
    if found.stopped:
        reason = f"separable: a hyperplane parts all {risk.rows} rows, so every loss tends to 0 as theta grows"
        rank = risk.basis.shape[1]
        return ApartOptimum(0.0, theta, NOBODY, rank, "all margins positive", reason, infimum=True)
    return _attained(problem, theta, f"damped Newton, {found.steps} steps", found.decrement)


def _least_squares(risk: ApartRisk, theta0: Vector) -> ApartOptimum:
    """theta0 + A^+ (b - A theta0) with refinements, by the normal equations in coordinates that are orthonormal."""
    theta = theta0
    for _ in range(4):
        (sums,) = risk.parts.total(terms.aimed, theta, by=added)
        theta = theta + risk.basis @ risk.project(sums, theta)
    rank = risk.basis.shape[1]
    short = f"rank {rank} of {risk.width}: the minimiser nearest theta0 is taken"
    reason = "the normal equations hold" if rank == risk.width else short
    return ApartOptimum(risk.value(theta), theta, NOBODY, rank, "Cholesky with refinements", reason)


@dataclass(frozen=True)
class Around:
    """R at theta = theta0 + W u, u (r,): coordinates in which X^T X + N diag(lambda) is the identity."""

    risk: ApartRisk
    theta0: Vector
    start: Vector
    _latest: dict[bytes, tuple[float, Vector]] = field(default_factory=dict, repr=False)

    def theta(self, u: Vector) -> Vector:
        """theta0 + W u."""
        return np.asarray(self.theta0 + self.risk.basis @ u)

    def value(self, u: Vector) -> float:
        """R."""
        return self._at(u)[0]

    def gradient(self, u: Vector) -> Vector:
        """W^T grad R."""
        return np.asarray(self.risk.basis.T @ self._at(u)[1])

    def hessian(self, u: Vector) -> Matrix:
        """W^T H W."""
        return self.risk.bend(self.theta(u), self.risk.basis)

    def steepness(self, u: Vector) -> float:
        """||(phi'_1, ..., phi'_N)||/N."""
        (total,) = self.risk.parts.total(terms.steepness, self.theta(u), by=added)
        return math.sqrt(total) / self.risk.rows

    def _at(self, u: Vector) -> tuple[float, Vector]:
        """R and its gradient, kept until another u is asked for."""
        key = u.tobytes()
        if key not in self._latest:
            found = self.risk.value_and_gradient(self.theta(u))
            self._latest.clear()
            self._latest[key] = found
        return self._latest[key]


def _begun(risk: ApartRisk, theta0: Vector) -> Around:
    """Where Newton begins. Raises UsageError for a loss that is no number where the descent begins."""
    value, gradient = risk.value_and_gradient(theta0)
    if not (math.isfinite(value) and np.all(np.isfinite(gradient))):
        message = f"the loss {risk.loss.formula} or its slope is no finite number in some row, where the descent begins"
        raise UsageError(message, hint="take a loss that is defined and smooth for every prediction")
    (sums,) = risk.parts.total(terms.aimed, theta0, by=added)
    return Around(risk, theta0, risk.project(sums, theta0))


def _attained(problem: Around, theta: Vector, method: str, decrement: float) -> ApartOptimum:
    risk = problem.risk
    reason = "Newton ended where the Hessian is singular along the gradient"
    if math.isfinite(decrement):
        reason = f"the Newton decrement stagnates at {decrement:.1e}"
    return ApartOptimum(risk.value(theta), theta, NOBODY, risk.basis.shape[1], method, reason)
