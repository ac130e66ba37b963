"""When a run is at its goal or lost."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gdcli.descent.plan import Plan
from gdcli.risk.certificate.gap import Gap
from gdcli.risk.empirical import Vector

HOPELESS = 1e6


@dataclass(frozen=True)
class Judge:
    """`hopeless`: the risk that no descent comes back from. `near`: the R - R* from which the certificate is asked."""

    plan: Plan
    hopeless: float
    near: float

    @classmethod
    def of(cls, plan: Plan, risk0: float) -> Judge:
        """What a run from R(theta_0) is judged by."""
        optimum = plan.certificate.optimum.risk_optimum
        hopeless = risk0 + HOPELESS * max(abs(risk0), risk0 - optimum, float(np.finfo(float).tiny))
        return cls(plan, hopeless, 2.0 * plan.target + 1e-12 * abs(optimum))

    def gap(self, theta: Vector, risk: float = 0.0) -> Gap:
        """The certified gap; nothing is said of a risk that no double holds."""
        if not (np.all(np.isfinite(theta)) and math.isfinite(risk)):
            return Gap(0.0, math.inf, math.inf)
        return self.plan.certificate.gap(theta)

    def diverged(self, risk: float) -> bool:
        """Whether the risk left all bounds."""
        return not math.isfinite(risk) or risk > self.hopeless

    def is_near(self, risk: float) -> bool:
        """Whether a certificate may say that the gap is below the one asked for."""
        return risk - self.plan.certificate.optimum.risk_optimum <= self.near

    def certified(self, theta: Vector) -> bool:
        """Whether the gap is below the one asked for: by the plain risk first, which costs little."""
        return self.is_near(self.plan.risk.value(theta)) and self.gap(theta).upper <= self.plan.target
