"""In the place of R* where a plan is made and nothing is run."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gdcli.risk.certificate.gap import Gap
from gdcli.risk.empirical import EmpiricalRisk, Vector
from gdcli.risk.optimum.found import Optimum


class _Unknown(Optimum):
    """An R* that nobody looked for."""

    @property
    def attained(self) -> bool:
        """Nothing is known, so no minimiser is."""
        return False


@dataclass(frozen=True)
class Skipped:
    """A certificate of nothing."""

    optimum: Optimum
    decrement: float = math.nan
    concordance: float = math.nan
    omega: float = math.inf

    def gap(self, theta: Vector) -> Gap:
        """Anything."""
        return Gap(0.0, math.nan, math.inf)


def skip(risk: EmpiricalRisk, theta0: Vector) -> Skipped:
    """The certificate of a dry run."""
    separated = np.zeros(risk.rows, dtype=np.bool_)
    return Skipped(_Unknown(math.nan, theta0, separated, 0, "", "not looked for in a dry run"))
