"""What a solver found: R*, where, and how."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdcli.risk.empirical import Vector

Separated = NDArray[np.bool_]


@dataclass(frozen=True)
class Optimum:
    """R* = inf R at `theta`, or the lowest local minimum found where the risk is not known to be convex.

    `separated` marks the rows whose losses tend to 0 along a direction that leaves the other rows' predictions alone:
    where there are any the infimum is approached and not attained. `rank` is that of the rows and the penalty.
    """

    risk_optimum: float
    theta: Vector
    separated: Separated
    rank: int
    method: str
    reason: str

    @property
    def converged(self) -> bool:
        """Whether a local minimum was reached, where no more than that is asked for."""
        return True

    @property
    def attained(self) -> bool:
        """Whether some theta has R(theta) = R*."""
        return not bool(self.separated.any())
