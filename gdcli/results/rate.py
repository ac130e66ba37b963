"""What gdcli rate emits: measured rates of convergence beside the theory's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import ClassVar

from gdcli.results.common import Changes
from gdcli.results.findings import Bound
from gdcli.results.result import Tabular, columns

# What a curve goes over, in full.
FULL_AXIS = {"evaluations": "passes (row gradients/N)", "steps": "steps t", "time": "seconds of the steps alone"}


@dataclass(frozen=True, slots=True)
class RatePoint:
    """A point of a curve: the mean over `seeds` of the gap of the iterate `of`, the last or the averaged one.

    `step` t, `passes` row gradients/N, `seconds` of the steps alone; the gap lies in [gap_lower, gap_upper]; `bound` is
    what the theory promises of this iterate at t, None where no bound holds that costs nothing.
    """

    command: ClassVar[str] = "rate"
    kind: ClassVar[str] = "point"

    method: str
    of: str
    step: int
    passes: float
    seconds: float
    gap: float
    gap_lower: float
    gap_upper: float
    bound: float | None
    seeds: int


@dataclass(frozen=True, slots=True)
class Slope:
    """d log gap/d log x by least squares over `points` points with first <= x <= last, in [lower, upper] with 95 %.

    `left_out` points of the curve are at their floor, where the gap cannot be told from 0. Where there is no `value`,
    or no interval, `reason` says why.
    """

    value: float | None
    lower: float | None
    upper: float | None
    reason: str | None
    first: float | None
    last: float | None
    points: int
    left_out: int


@dataclass(frozen=True, slots=True)
class Contraction:
    """Strong convexity: the gap falls by rho^2 a step. `measured` over the last half of the steps, None where too
    few points are left; `theory` max(|1 - eta mu|, |1 - eta L|) for steps of one size, None for other methods.
    """

    measured: float | None
    theory: float | None


@dataclass(frozen=True, slots=True)
class Reach:
    """T(eps): from `step` on the gap stays at or below `gap` = eps (R(theta_0) - R*).

    All None where the run does not come so far. `growth` is T(eps)/T(10 eps), `power` its log10: 1 for 1/eps, 2 for
    1/eps^2. `interpolated`: between the points of a mean curve; else it is the step itself.
    """

    json_changes: ClassVar[Changes] = {"step_reason?": "str"}

    eps: float
    gap: float
    step: int | None
    passes: float | None
    seconds: float | None
    growth: float | None
    power: float | None
    interpolated: bool

    def as_json(self) -> Mapping[str, object]:
        """The fields; where there is no T(eps), with the reason."""
        own = {name: getattr(self, name) for name in self.__slots__}
        return own if self.step is not None else own | {"step_reason": "the runs do not come so far"}


@dataclass(frozen=True, slots=True)
class CurveRate:
    """The gap of one iterate of a method, the last or the averaged one, along a run."""

    of: str
    slope: Slope
    reaching: tuple[Reach, ...]
    points: tuple[RatePoint, ...]


@dataclass(frozen=True, slots=True)
class MethodRate:
    """One method's runs: `seeds` of them, all of at most `steps` steps, `diverged` of them without end.

    `schedule` eta(t) and its first value `eta` (None where the method finds it itself), which `chosen` explains where
    it is not the one of gdcli descend; `stopped`: why they ended, `at_goal` where none would have come any further;
    `theory` the rate that the theory states, `why` what mu and T mean for it; `bound` the smallest whose condition is
    met at T against the measured gap (of the mean over seeds), else the first with what is missing, None where no
    theorem speaks of the method; `contraction` for full gradients and mu > 0.
    """

    method: str
    title: str
    update: str
    stochastic: bool
    schedule: str
    eta: float | None
    chosen: str | None
    batch: int | None
    sampling: str | None
    averaging: str | None
    steps: int
    seeds: int
    diverged: int
    stopped: str
    at_goal: bool
    theory: str
    why: str
    bound: Bound | None
    contraction: Contraction | None
    curves: tuple[CurveRate, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """The gaps of all curves where each has done `x` of the axis; None for a curve that has not come so far.

    `below`: the gap cannot be told from 0, and is at most the one given.
    """

    x: float
    gaps: tuple[float | None, ...]
    below: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Winner:
    """The curve that comes to eps with the least `x` of the axis; None where none does."""

    eps: float
    method: str | None
    of: str | None
    x: float | None


@dataclass(frozen=True, slots=True)
class RateReport(Tabular):
    """Rates of convergence of several methods on one risk.

    `gap0` = R(theta_0) - R*, which every eps is relative to; `at` the axis of slopes and comparison: "evaluations" (row
    gradients over N, passes), "steps" or "time" (seconds); slopes are taken over the last `decades` of it. `standings`
    and `winners` compare the curves, in the order of `methods` and their curves; `verdict` says it in words. `seeds` is
    what was asked for, `seed` the first; `interrupted`: not all runs were done. `seconds` of the whole work.
    """

    command: ClassVar[str] = "rate"
    kind: ClassVar[str] = "rate"

    data: str
    rows: int
    features: int
    target: str
    loss: str
    l2: float
    standardised: bool
    intercept: bool
    choices: tuple[str, ...]
    risk_optimum: float
    optimum: str
    optimum_method: str
    gap0: float
    L: float
    L_max: float
    mu: float
    distance: float | None
    at: str
    decades: float
    seeds: int
    seed: int
    methods: tuple[MethodRate, ...]
    standings: tuple[Standing, ...]
    winners: tuple[Winner, ...]
    verdict: str
    interrupted: bool
    seconds: float
    warnings: tuple[str, ...]

    @property
    def curves(self) -> tuple[tuple[MethodRate, CurveRate], ...]:
        """Every curve with its method."""
        return tuple((method, curve) for method in self.methods for curve in method.curves)

    def table(self) -> dict[str, list[object]]:
        """The points of all curves."""
        points = [point for _, curve in self.curves for point in curve.points]
        return columns(points, [field.name for field in fields(RatePoint)])

    def as_json(self) -> Mapping[str, object]:
        """The fields; where there is no D, with the reason."""
        own = {name: getattr(self, name) for name in self.__slots__}
        return own if self.distance is not None else own | {"distance_reason": "no minimiser is proven to exist"}
