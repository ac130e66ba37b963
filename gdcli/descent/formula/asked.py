"""What steps ask of a formula f, in place of the risk."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from gdcli.descent.method import Coordinates, Matrix, Vector

Field = Callable[[Vector], tuple[float, Vector]]


@dataclass
class AskedOfFormula:
    """As method.Asked has it. `L` bounds the curvature, nan where none is known; what was asked last is remembered."""

    function: Field
    bends: Callable[[Vector], Matrix]
    L: float
    here: float = 0.0
    optimum: float = math.nan
    _x: Vector | None = None
    _found: tuple[float, Vector] = field(default=(0.0, np.empty(0)))

    def at(self, x: Vector) -> tuple[float, Vector]:
        """f(x), which is then `here`, and grad f(x)."""
        self.here, gradient = self._ask(x)
        return self.here, gradient

    def value(self, theta: Vector) -> float:
        """f(x); infinite outside the domain, where no step may go."""
        value = self._ask(theta)[0]
        return math.inf if math.isnan(value) else value

    def gradient(self, theta: Vector) -> Vector:
        """grad f(x), (d,)."""
        return self._ask(theta)[1]

    def hessian(self, theta: Vector) -> Matrix:
        """H(x), (d, d)."""
        return self.bends(theta)

    def prox(self, theta: Vector, eta: float) -> Vector:
        """x itself: nothing is added to f."""
        return theta

    @property
    def curvatures(self) -> Vector:
        """L for each coordinate."""
        return np.full(len(self._found[1]), self.L)

    def coordinates(self, theta: Vector) -> Coordinates:
        """f along one coordinate after the other."""
        return _Along(self.function, theta)

    def _ask(self, x: Vector) -> tuple[float, Vector]:
        if self._x is None or not np.array_equal(x, self._x):
            self._x, self._found = x, self.function(x)
        return self._found


class _Along:
    """x, of which one coordinate at a time is moved."""

    def __init__(self, field: Field, x: Vector) -> None:
        self.theta = np.array(x)
        self._field = field

    def partial(self, j: int) -> float:
        """df/dx_j."""
        return float(self._field(self.theta)[1][j])

    def move(self, j: int, by: float) -> None:
        """x_j <- x_j + by."""
        self.theta[j] += by
