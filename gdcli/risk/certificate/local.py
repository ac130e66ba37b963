"""What is known of the gap where the risk is not known to be convex: a lower bound, and no more."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gdcli.risk.certificate.gap import Gap
from gdcli.risk.empirical import Vector
from gdcli.risk.models.formula import ModelRisk
from gdcli.risk.optimum.nonconvex import LocalOptimum

# Of R and of the predictions in it: what rounding may do to a difference of two risks.
ROUNDING = 1e-12


@dataclass(frozen=True)
class LocalCertificate:
    """R* is at most R at the local minimum found, so R(theta) - R* is at least the difference to it."""

    risk: ModelRisk
    optimum: LocalOptimum

    @property
    def decrement(self) -> float:
        """nu = ||g||_{H^-1} at the local minimum; nan where Newton did not end at one."""
        return self.optimum.decrement

    @property
    def concordance(self) -> float:
        """Nothing is known of the third derivative."""
        return math.nan

    @property
    def omega(self) -> float:
        """Nothing bounds what lies below."""
        return math.inf

    def gap(self, theta: Vector) -> Gap:
        """[R(theta) - R(theta_hat) less rounding, infinity); no estimate in it."""
        above = self.risk.value(theta) - self.optimum.risk_optimum
        rounding = self._rounding(theta) + self._rounding(self.optimum.theta)
        return Gap(max(0.0, above - rounding) if math.isfinite(above) else 0.0, math.nan, math.inf)

    def _rounding(self, theta: Vector) -> float:
        risk, total = self.risk, 0.0
        with np.errstate(all="ignore"):
            for _, part in risk.parts():
                predictions = part.model.predictions(theta, part.X)
                sizes = np.abs(part.kernel.value(predictions, part.y))
                total += np.sum(sizes + np.abs(part.kernel.first(predictions, part.y) * predictions))
        return ROUNDING * (float(total / risk.rows) + float(0.5 * (risk.penalty * theta) @ theta))
