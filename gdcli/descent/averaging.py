"""Averages of the iterates that are kept beside a run: their weights."""

from __future__ import annotations

import math
from dataclasses import dataclass

from gdcli.errors import UsageError
from gdcli.risk.bounds.stochastic import averaging_weight
from gdcli.risk.constants import Smoothness

AVERAGINGS = ("none", "polyak", "suffix", "weighted")


@dataclass(frozen=True, slots=True)
class Averaging:
    """The weights w_t of theta_t in the average of theta_0, ..., theta_{T-1}.

    `kind` polyak: 1 (Polyak and Juditsky, 1992); suffix: 1 in the last half of the steps that were planned, 0 before
    (Rakhlin, Shamir and Sridharan, 2012); weighted: those for which the average has a bound, with the constant `b` of
    `risk.bounds.stochastic`, eta_t itself where b is not a number. `begins` is the first t with a weight.
    """

    kind: str
    b: float = math.nan
    begins: int = 0

    def weight(self, t: int, eta: float, constants: Smoothness) -> float:
        """w_t."""
        if t < self.begins:
            return 0.0
        return averaging_weight(eta, constants, self.b) if self.kind == "weighted" else 1.0

    @property
    def shown(self) -> str:
        """In words."""
        if self.kind == "suffix":
            return f"equal weights from step {self.begins} on"
        if self.kind == "polyak":
            return "equal weights"
        return "weights eta_t" if math.isnan(self.b) else f"weights eta_t (1 - (1 + 1/b) eta_t L_max), b = {self.b:.6g}"


def averaging(kind: str | None, default: str, b: float, steps: int) -> Averaging | None:
    """What was asked for, else the method's `default`; None for no average."""
    kind = default if kind is None else kind
    if kind not in AVERAGINGS:
        raise UsageError(f"unknown averaging {kind!r}", hint=f"the averagings are {', '.join(AVERAGINGS)}")
    if kind == "none":
        return None
    return Averaging(kind, b if kind == "weighted" else math.nan, steps // 2 if kind == "suffix" else 0)
