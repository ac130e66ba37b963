"""Damped Newton where the Hessian may be singular on the way, or indefinite (Levenberg, 1944; Marquardt, 1963)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from gdcli.risk.empirical import Matrix, Vector
from gdcli.risk.optimum.newton import NewtonResult, Reduced, Smooth

MOST_STEPS = 300
# A fall of the risk below this share of it is rounding.
NOISE = 1e-13
# Where the least squares' predictions have this share of the largest curvature along every direction, Newton begins.
CURVED = 0.1
# So small a square of the decrement, relative to the risk, is rounding.
NOTHING = 1e-28
# A part of the gradient below this share of its terms' size is rounding.
ROUNDING = 64 * float(np.finfo(float).eps)


class Damped(Smooth, Protocol):
    """A risk whose gradient may be all rounding somewhere."""

    def steepness(self, u: Vector) -> float:
        """||(phi'_1, ..., phi'_N)||/N: how large the terms of the gradient are."""


@dataclass(frozen=True)
class _Local:
    """R near u: its value, the gradient along the Hessian's eigenvectors, and which of those are curved at all."""

    u: Vector
    value: float
    along: Vector
    values: Vector
    vectors: Matrix
    noise: float

    @classmethod
    def at(cls, problem: Damped, u: Vector, value: float) -> _Local | None:
        """None where R or a derivative of it is not a finite number."""
        slope, hessian = problem.gradient(u), problem.hessian(u)
        if not (math.isfinite(value) and np.all(np.isfinite(slope)) and np.all(np.isfinite(hessian))):
            return None
        values, vectors = np.linalg.eigh(hessian)
        # The columns of X W have the norm 1.
        noise = ROUNDING * problem.steepness(u) * math.sqrt(len(u))
        return cls(u, value, vectors.T @ slope, values, vectors, noise)

    @property
    def scale(self) -> float:
        """The size of the curvature, or of the slope where there is none."""
        return max(float(np.max(np.abs(self.values))), float(np.linalg.norm(self.along)), np.finfo(float).tiny)

    @property
    def decrement(self) -> float:
        """||g||_{H^-1}; infinite where g has a part along which H is singular to rounding, or negative."""
        curved = self.values > len(self.values) * np.finfo(float).eps * self.scale
        if float(np.linalg.norm(self.along[~curved])) > self.noise:
            return math.inf
        return float(np.linalg.norm(self.along[curved] / np.sqrt(self.values[curved])))

    def move(self, damping: float) -> tuple[Vector, float]:
        """-(H + damping I)^-1 g and the fall it promises; directions of no curvature at all are left alone."""
        curved = self.values + damping
        usable = curved > len(curved) * np.finfo(float).eps * max(float(curved[-1]), np.finfo(float).tiny)
        scaled = np.where(usable, -self.along / np.where(usable, curved, 1.0), 0.0)
        return np.asarray(self.vectors @ scaled), -float(self.along @ scaled) / 2


def minimise_damped(problem: Damped, most: int = MOST_STEPS) -> NewtonResult:
    """Steps of (H + damping I)^-1 g: the damping grows until R falls by a tenth of the promise, and dies out after.

    `stopped` says that R is not smooth and finite where it began.
    """
    # A risk that is not bounded below is followed until it is too large for a double.
    with np.errstate(over="ignore", invalid="ignore"):
        return _minimise(problem, most)


def _minimise(problem: Damped, most: int) -> NewtonResult:
    here = _Local.at(problem, problem.start, problem.value(problem.start))
    if here is None:
        return NewtonResult(problem.start, math.inf, 0, stopped=True)
    damping, best, stalled = 0.0, math.inf, 0
    for step in range(most):
        decrement = here.decrement
        # Near the optimum the decrement falls quadratically until rounding holds it.
        stalled = 0 if decrement < 0.5 * best else stalled + 1
        best = min(best, decrement)
        still = float(np.linalg.norm(here.along)) == 0.0 or here.value == 0.0
        flat = decrement**2 <= NOTHING * abs(here.value)
        if still or flat or (stalled >= 3 and decrement**2 <= 1e-12 * abs(here.value)):
            return NewtonResult(here.u, decrement, step, stopped=False)
        found = _descend(problem, here, damping)
        if found is None:
            return NewtonResult(here.u, decrement, step, stopped=False)
        here, damping = found
    return NewtonResult(here.u, here.decrement, most, stopped=False)


def _descend(problem: Damped, here: _Local, damping: float) -> tuple[_Local, float] | None:
    """The next iterate and its damping; None where no damping makes R fall any more."""
    scale, lowest = here.scale, float(here.values[0])
    flat = math.isinf(here.decrement)
    if flat:
        # Along flat directions damping alone sets the length; along those that bend down it must outweigh the bend.
        damping = max(damping or 1e-9 * scale, -1.5 * lowest)
    for _ in range(60):
        move, promise = here.move(damping)
        value = problem.value(here.u + move)
        rounding = NOISE * abs(here.value)
        if value <= here.value - 0.1 * promise or (promise <= rounding and value <= here.value + rounding):
            there = _Local.at(problem, here.u + move, value)
            if there is not None:
                return there, damping / 10 if flat or damping >= 1e-9 * scale else 0.0
        damping = max(10 * damping, 1e-9 * scale)
    return None


def from_far(problem: Reduced) -> Reduced:
    """The same with a start from which Newton has curvature, for losses that are flat far from the target.

    It follows the minimisers of mean s^2 phi(p/s, y/s) from a scale s of the residuals' size, where a robust loss is
    nearly its square, down to s = 1, halving s.
    """
    risk = problem.risk
    u = risk.whitening.project(risk.residual(problem.theta0), problem.theta0)
    weights = risk.weights(problem.predictions(u))
    enough, finite = CURVED * float(np.max(weights)), bool(np.all(np.isfinite(weights)))
    if finite and float(np.linalg.eigvalsh(risk.whitening.curvature(weights))[0]) >= enough > 0.0:
        return replace(problem, start=u)
    distance = problem.predictions(u)
    residual = max(float(np.max(np.abs(distance[rows] - part.y))) for rows, part in risk.parts())
    scale = 2.0 ** math.ceil(math.log2(residual)) if 1.0 < residual < math.inf else 1.0
    while scale > 1.0:
        u = minimise_damped(replace(problem, start=u, scale=scale), most=2).u
        scale /= 2.0
    return replace(problem, start=u)
