"""Damped Newton for a smooth convex risk in coordinates where its Hessian is invertible."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from gdcli.risk.empirical import Matrix, Vector
from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.passes import transposed

MOST_STEPS = 200
# The ratio of the pivots of a Cholesky factor below which rounding may speak.
NEAR_SINGULAR = 1e-5


@dataclass(frozen=True)
class NewtonResult:
    """Where Newton ended: u, the decrement nu = ||g||_{H^-1} there, the steps taken, and whether `stop` ended it."""

    u: Vector
    decrement: float
    steps: int
    stopped: bool


class Smooth(Protocol):
    """A risk in coordinates u (r,) in which its Hessian is invertible, and where Newton begins."""

    @property
    def start(self) -> Vector:
        """The first u."""

    def value(self, u: Vector) -> float:
        """R at u."""

    def gradient(self, u: Vector) -> Vector:
        """Its gradient, (r,)."""

    def hessian(self, u: Vector) -> Matrix:
        """Its Hessian, (r, r)."""


@dataclass(frozen=True)
class Reduced:
    """R restricted to theta = theta0 + W u, u (r,): the subspace in which the minimiser nearest theta0 lies.

    `start` is the u where Newton begins: far out both phi' and phi'' are flat, and Newton would stand still. With a
    `scale` s it is the mean of phi(p/s, y/s) + lambda/(2 s^2) ||theta||^2 instead.
    """

    risk: LinearRisk
    theta0: Vector
    start: Vector
    scale: float = 1.0
    _latest: dict[bytes, Vector] = field(default_factory=dict, repr=False)
    _values: dict[bytes, float] = field(default_factory=dict, repr=False, init=False)

    def theta(self, u: Vector) -> Vector:
        """theta0 + W u."""
        return np.asarray(self.theta0 + self.risk.whitening.basis @ u)

    def predictions(self, u: Vector) -> Vector:
        """X (theta0 + W u), kept until another u is asked for."""
        key = u.tobytes()
        if key not in self._latest:
            self._latest.clear()
            self._latest[key] = self.risk.predictions(self.theta(u))
        return self._latest[key]

    def value(self, u: Vector) -> float:
        """R(theta0 + W u), kept until another u is asked for."""
        key = u.tobytes()
        if key not in self._values:
            risk, theta = self.risk, self.theta(u)
            ridge = 0.5 * float((risk.penalty * theta) @ theta) / self.scale**2
            self._values.clear()
            self._values[key] = float(np.mean(risk.kernel.value(*self._arguments(u)))) + ridge
        return self._values[key]

    def gradient(self, u: Vector) -> Vector:
        """W^T grad R."""
        risk, s = self.risk, self.scale
        gradient = transposed(risk.X, self.slopes(u)) / (s * risk.rows) + risk.penalty * self.theta(u) / s**2
        return np.asarray(risk.whitening.basis.T @ gradient)

    def slopes(self, u: Vector) -> Vector:
        """phi' of every row, (N,)."""
        return np.asarray(self.risk.kernel.first(*self._arguments(u)))

    def steepness(self, u: Vector) -> float:
        """||(phi'_1, ..., phi'_N)||/N, of the scaled losses."""
        return float(np.linalg.norm(self.slopes(u))) / (self.risk.rows * self.scale)

    def hessian(self, u: Vector) -> Matrix:
        """W^T H W."""
        weights = np.broadcast_to(self.risk.kernel.second(*self._arguments(u)), (self.risk.rows,))
        return self.risk.whitening.curvature(weights) / (self.risk.rows * self.scale**2)

    def _arguments(self, u: Vector) -> tuple[Vector, Vector]:
        z, y = self.predictions(u), self.risk.y
        return (z, y) if self.scale == 1.0 else (z / self.scale, y / self.scale)


def minimise(problem: Smooth, stop: Callable[[int, Vector, Vector], bool]) -> NewtonResult:
    """Newton steps with backtracking until the decrement stagnates or `stop(step, u, direction)` says so.

    A fixed tolerance would be unreachable on one data set and wasteful on another: near the optimum the decrement
    falls quadratically until rounding holds it, and that is where it stops (THEORY, section 1).
    """
    u = problem.start
    previous = math.inf
    for step in range(MOST_STEPS):
        gradient = problem.gradient(u)
        direction = _newton_direction(problem.hessian(u), gradient)
        decrement = math.sqrt(max(0.0, -float(gradient @ direction)))
        if stop(step, u, direction):
            return NewtonResult(u, decrement, step, stopped=True)
        if decrement == 0.0 or (decrement > 0.5 * previous and decrement**2 < 1e-12 * abs(problem.value(u))):
            return NewtonResult(u, decrement, step, stopped=False)
        u = u + step_length(problem, u, direction, decrement) * direction
        previous = decrement
    return NewtonResult(u, previous, MOST_STEPS, stopped=False)


def _newton_direction(hessian: Matrix, gradient: Vector) -> Vector:
    """-H^-1 g; where H is near singular by the eigendecomposition, directions without curvature left alone."""
    try:
        pivots = np.diag(np.linalg.cholesky(hessian))
    except np.linalg.LinAlgError:
        return _by_eigenvectors(hessian, gradient)
    if float(np.min(pivots, initial=1.0)) <= NEAR_SINGULAR * float(np.max(pivots, initial=0.0)):
        return _by_eigenvectors(hessian, gradient)
    return np.asarray(-np.linalg.solve(hessian, gradient))


def _by_eigenvectors(hessian: Matrix, gradient: Vector) -> Vector:
    values, vectors = np.linalg.eigh(hessian)
    usable = values > len(values) * np.finfo(float).eps * np.maximum(values[-1:], np.finfo(float).tiny)
    along = vectors.T @ gradient
    return np.asarray(-(vectors[:, usable] @ (along[usable] / values[usable])))


def step_length(problem: Smooth, u: Vector, direction: Vector, decrement: float) -> float:
    """1, halved until the risk falls by a tenth of what the quadratic model promises, up to the risk's rounding.

    A small decrement alone proves nothing: beside a row of size 1e6 the model is good for 1e-6 of the way only.
    """
    start = problem.value(u)
    rounding = 1e-13 * abs(start)
    length = 1.0
    while problem.value(u + length * direction) > start - 0.1 * length * decrement**2 + rounding and length > 1e-10:
        length /= 2
    # Where no length makes it fall, rounding has the word, and standing still is better than any step.
    return length if length > 1e-10 else 0.0
