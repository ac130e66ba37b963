"""What steps ask of an empirical risk, counted in passes over its rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from gdcli.descent.method import Coordinates, Matrix, Vector
from gdcli.descent.quadratic import Pass
from gdcli.risk.empirical import EmpiricalRisk
from gdcli.risk.models.sparse import SparseRisk


@dataclass
class AskedOfRisk:
    """As method.Asked has it. `passes` over all rows were made, `asked` of them for R and its gradient; what was asked
    last is remembered, not asked again.
    """

    risk: EmpiricalRisk
    one_pass: Pass
    optimum: float
    passes: int = 0
    asked: int = 0
    here: float = 0.0
    _theta: Vector | None = None
    _found: tuple[float, Vector] = field(default=(0.0, np.empty(0)))

    def at(self, theta: Vector) -> tuple[float, Vector]:
        """R(theta), which is then `here`, and grad R(theta)."""
        self.here, gradient = self._pass(theta)
        return self.here, gradient

    def knows(self, theta: Vector) -> bool:
        """Whether theta was asked last."""
        return self._theta is not None and np.array_equal(theta, self._theta)

    def recall(self, theta: Vector) -> None:
        """Know theta, as a run that goes on did before it was stopped: at no cost."""
        self._theta, self._found = theta, self.one_pass(theta)

    def value(self, theta: Vector) -> float:
        """R(theta)."""
        return self._pass(theta)[0]

    def gradient(self, theta: Vector) -> Vector:
        """grad R(theta)."""
        return self._pass(theta)[1]

    def hessian(self, theta: Vector) -> Matrix:
        """The Hessian: a pass, of k^2 numbers a row."""
        self.passes += 1
        return self.risk.curvature(theta)

    def prox(self, theta: Vector, eta: float) -> Vector:
        """theta itself where there is no L1 term."""
        return self.risk.prox(theta, eta) if isinstance(self.risk, SparseRisk) else theta

    @cached_property
    def curvatures(self) -> Vector:
        """L_j >= d^2R/dtheta_j^2 for each coordinate; descent.check knows that there are some."""
        from gdcli.risk.coordinates import curvatures

        return curvatures(self.risk)

    def coordinates(self, theta: Vector) -> Coordinates:
        """R along one coordinate after the other, for a sweep."""
        from gdcli.risk.coordinates import along, passes

        self.passes += passes(self.risk)
        return along(self.risk, theta)

    def _pass(self, theta: Vector) -> tuple[float, Vector]:
        if not self.knows(theta):
            self.passes += 1
            self.asked += 1
            self._theta, self._found = theta, self.one_pass(theta)
        return self._found
