"""Averages of the iterates that are kept beside a run: their weights."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gdcli.descent.method import Method
from gdcli.descent.schedules import Schedule
from gdcli.errors import UsageError
from gdcli.risk.bounds.promise import StepSizes
from gdcli.risk.bounds.stochastic import averaging_constant, averaging_weight
from gdcli.risk.constants import Smoothness
from gdcli.risk.empirical import Vector
from gdcli.suggest import suggestion

AVERAGINGS = ("none", "polyak", "suffix", "weighted")
# So many step sizes are added up one by one before the first step; of those after them so many stand for all.
EACH, SOME = 1 << 20, 4096


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
        hint = f"{suggestion(kind, AVERAGINGS)}the averagings are {', '.join(AVERAGINGS)}"
        raise UsageError(f"unknown averaging {kind!r}", hint=hint)
    if kind == "none":
        return None
    return Averaging(kind, b if kind == "weighted" else math.nan, steps // 2 if kind == "suffix" else 0)


def weighting(
    method: Method, sizes: Schedule, steps: int, constants: Smoothness, distance: float, noise: float
) -> float:
    """The constant b of the SGD bound, which sets the averaging weights; nan where no bound holds: weights eta_t.

    The bound holds for every b that keeps the weights positive, with the sums over the steps that were taken: sums
    that are near do to choose one that makes it small.
    """
    if "stochastic" not in method.bounds or not math.isfinite(distance + noise):
        return math.nan
    return averaging_constant(planned(sizes, steps), constants, distance, noise)


def planned(sizes: Schedule, steps: int) -> StepSizes:
    """The sums over eta_0, ..., eta_{T-1}: near ones where T is above EACH."""
    total = squares = largest = 0.0
    least = math.inf
    # Step sizes of 1e200 have no finite squares: their sum is then infinite, and no bound holds.
    with np.errstate(over="ignore"):
        for etas, counts in _counted(sizes, steps):
            total += float(np.sum(etas if counts is None else counts * etas))
            squares += float(np.dot(etas, etas if counts is None else counts * etas))
            least, largest = min(least, float(np.min(etas))), max(largest, float(np.max(etas)))
    return StepSizes(steps, total, squares, least, largest)


def _counted(sizes: Schedule, steps: int) -> Iterator[tuple[Vector, Vector | None]]:
    """Step sizes, and how many each stands for, None for itself alone.

    From EACH on one stands for a piece of t, in its middle; the pieces grow like t, by less than a hundredth each up to
    T = 10^23, so that eta_t is as good as straight in them if it is a power of t. The last stands for itself: of sizes
    that fall or rise the least and the largest are exact.
    """
    for etas in sizes.blocks(0, min(steps, EACH)):
        yield etas, None
    if steps > EACH:
        edges = np.unique(np.rint(np.geomspace(EACH, float(steps - 1), SOME)))
        middles, counts = (edges[:-1] + edges[1:] - 1.0) / 2.0, np.diff(edges)
        yield sizes.at(np.append(middles, edges[-1])), np.append(counts, 1.0)
