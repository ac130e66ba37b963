"""Newton's method with directions by conjugate gradients: for so many parameters that a Hessian costs many gradients.

Each system H d = -g is solved to ||r|| <= c ||g||, c -> 0 with ||g||, so that the steps stay few, and the products H v
of the early ones too (Dembo, Eisenstat and Steihaug, "Inexact Newton methods", 1982).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Protocol

import numpy as np

from gdcli.risk.empirical import Vector
from gdcli.risk.optimum.newton import NewtonResult, Smooth, step_length

# After so many steps a minimiser may not exist, and the directions of the exact method tell.
MOST_STEPS = 15
# Products in one direction; where these do not do, the Hessian itself will be cheaper.
MOST_PRODUCTS = 60
COARSEST = 0.25

Product = Callable[[Vector], Vector]


class Curved(Smooth, Protocol):
    """A risk that multiplies by its Hessian without forming it."""

    def curving(self, u: Vector) -> Product:
        """v -> H(u) v."""

    def conditioning(self, u: Vector) -> Product:
        """g -> about H(u)^-1 g, symmetric and positive."""


def approach(problem: Curved, stop: Callable[[Vector], bool]) -> tuple[NewtonResult, bool]:
    """Where the decrement stagnates or `stop(u)` says so, and True; False where these directions do not get there."""
    u, value = problem.start, problem.value(problem.start)
    previous, first = math.inf, 0.0
    for step in range(MOST_STEPS):
        gradient = problem.gradient(u)
        if stop(u):
            return NewtonResult(u, previous, step, stopped=True), True
        size = float(np.linalg.norm(gradient))
        first = max(first, size)
        share = min(COARSEST, math.sqrt(size / first)) if size else 1.0
        direction = _direction(problem.curving(u), problem.conditioning(u), gradient, share * size)
        if direction is None:
            return NewtonResult(u, previous, step, stopped=False), False
        decrement = math.sqrt(max(0.0, -float(gradient @ direction)))
        if decrement == 0.0 or (decrement > 0.5 * previous and decrement**2 < 1e-12 * abs(value)):
            return NewtonResult(u, decrement, step, stopped=False), True
        u = u + step_length(problem, u, direction, decrement) * direction
        value, previous = problem.value(u), decrement
    return NewtonResult(u, previous, MOST_STEPS, stopped=False), False


def _direction(curve: Product, condition: Product, gradient: Vector, small: float) -> Vector | None:
    """d with ||H d + g|| <= small by preconditioned conjugate gradients; None after MOST_PRODUCTS."""
    d = np.zeros_like(gradient)
    if not gradient.any():
        return d
    r = -gradient
    z = condition(r)
    p, rz = z, float(r @ z)
    for _ in range(MOST_PRODUCTS):
        Hp = curve(p)
        bend = float(p @ Hp)
        if not bend > 0.0:
            return None
        d = d + (rz / bend) * p
        r = r - (rz / bend) * Hp
        if float(np.linalg.norm(r)) <= small:
            return d
        z = condition(r)
        before, rz = rz, float(r @ z)
        p = z + (rz / before) * p
    return None
