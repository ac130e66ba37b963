"""The curve of a method: the mean of its runs' gaps, its slope, and how many steps it takes to come to a gap."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdcli.descent.rates.jackknife import jackknife, line, slope
from gdcli.descent.rates.trace import DECADES, DENSITY, Point, Trace
from gdcli.results.rate import Reach, Slope
from gdcli.risk.certificate.gap import Gap
from gdcli.risk.empirical import Matrix, Vector

# The contraction of a step is measured over this last part of a curve.
TAIL = 0.3
FEWEST = 3
# Points of a fit are at least so many times as far along as the one before.
APART = 10.0 ** (0.5 / DENSITY)
ALONE = "one run with full gradients: there are no seeds to vary"
ONE_LEFT = "in places all seeds but one have a gap of 0"
ONE_SEED = "one seed says nothing of the others: take more with --seeds"


@dataclass(frozen=True)
class Curve:
    """The gaps of K runs at n common steps: `values` (K, n), the ends of their mean's interval, and where they are.

    `steps`, `passes` and `seconds` (n,), the last two means over the runs. `floor`: where the interval has no end, no
    gap below it can be told from 0.
    """

    steps: Vector
    passes: Vector
    seconds: Vector
    values: Matrix
    lower: Vector
    upper: Vector
    floor: float

    @property
    def mean(self) -> Vector:
        """Over the runs, (n,)."""
        return np.asarray(np.mean(self.values, axis=0))

    @property
    def clear(self) -> NDArray[np.bool_]:
        """Where the gap can be told from 0: its interval is at most half as wide as it is large, (n,)."""
        mean = self.mean
        width = np.where(np.isfinite(self.upper), self.upper - self.lower, self.floor)
        return np.asarray(np.isfinite(mean) & (mean > 0.0) & (width <= 0.5 * mean))

    def axis(self, at: str) -> Vector:
        """The abscissa: passes, steps, or seconds."""
        return {"evaluations": self.passes, "steps": self.steps, "time": self.seconds}[at]

    def window(self, x: Vector, decades: float) -> NDArray[np.intp]:
        """The clear points of the last decades of x, no two of them close together."""
        good = np.flatnonzero(self.clear & (x > 0.0))
        chosen: list[int] = []
        for i in reversed(good.tolist()):
            if not chosen or x[chosen[0]] >= APART * x[i]:
                chosen.insert(0, i)
        least = x[chosen[-1]] * 10.0**-decades * (1.0 - 1e-12) if chosen else 0.0
        return np.array([i for i in chosen if x[i] >= least], dtype=np.intp)


def curve(traces: Sequence[Trace], rows: int, floor: float, *, average: bool) -> Curve:
    """Of the last iterates, or of the averages that were kept; up to where the first of the runs stopped."""
    columns = list(_common([trace.points for trace in traces]))
    gaps = [[_gap(point, average) for point in column] for column in columns]
    return Curve(
        steps=np.array([column[0].t for column in columns], dtype=np.float64),
        passes=np.array([_mean([point.work / rows for point in column]) for column in columns]),
        seconds=np.array([_mean([point.seconds for point in column]) for column in columns]),
        values=np.array([[gap.value for gap in column] for column in gaps]).T,
        lower=np.array([_mean([gap.lower for gap in column]) for column in gaps]),
        upper=np.array([_mean([gap.upper for gap in column]) for column in gaps]),
        floor=floor,
    )


def _common(runs: Sequence[Sequence[Point]]) -> list[tuple[Point, ...]]:
    """The points that all runs have at the same step."""
    columns = list(zip(*runs, strict=False))
    differs = (i for i, column in enumerate(columns) if len({point.t for point in column}) > 1)
    return columns[: next(differs, len(columns))]


def _gap(point: Point, average: bool) -> Gap:
    if not average:
        return point.last
    assert point.average is not None  # asked for where one is kept
    return point.average


def _mean(numbers: Sequence[float]) -> float:
    return math.fsum(numbers) / len(numbers) if all(map(math.isfinite, numbers)) else math.inf


def measured(found: Curve, at: str, *, seeded: bool) -> Slope:
    """The slope over the last decades of the axis."""
    x = found.axis(at)
    chosen = found.window(x, DECADES)
    count, left_out = len(chosen), int(np.sum(~found.clear))
    if count < FEWEST:
        why = f"{count} of {len(x)} points are left to fit: too few"
        return Slope(None, None, None, why, None, None, count, left_out)
    xs, first, last = x[chosen], float(x[chosen][0]), float(x[chosen][-1])
    if len(found.values) == 1:
        value = slope(xs, found.mean[chosen])
        return Slope(value, None, None, ONE_SEED if seeded else ALONE, first, last, count, left_out)
    values = found.values[:, chosen]
    if not np.all(np.sum(values, axis=0) > np.max(values, axis=0)):
        return Slope(slope(xs, found.mean[chosen]), None, None, ONE_LEFT, first, last, count, left_out)
    value, lower, upper = jackknife(xs, values)
    return Slope(value, lower, upper, None, first, last, count, left_out)


def contraction(found: Curve) -> float | None:
    """rho of gap ~ rho^(2t), by least squares of log gap against t over the last steps."""
    chosen = found.window(found.steps, TAIL)
    if len(chosen) < FEWEST:
        return None
    return math.exp(line(found.steps[chosen], np.log(found.mean[chosen])) / 2.0)


def reaching(
    found: Curve, levels: Sequence[float], gap0: float, exact: Sequence[Point | None], rows: int
) -> list[Reach]:
    """T(eps) for each level eps gap0: the exact points where there are some, else between those of the curve."""
    reached: list[Reach] = []
    before: int | None = None
    for place, eps in enumerate(levels):
        where = _exact(exact[place], rows) if exact else _between(found, eps * gap0)
        step, passes, seconds = where or (None, None, None)
        # A level that the first step passes has no T(eps) to compare with.
        growth = step / before if step is not None and before is not None else None
        power = None if growth is None else math.log10(growth)
        reached.append(Reach(eps, eps * gap0, step, passes, seconds, growth, power, not exact))
        before = step
    return reached


def _exact(point: Point | None, rows: int) -> tuple[int, float, float] | None:
    return None if point is None else (point.t, point.work / rows, point.seconds)


def _between(found: Curve, level: float) -> tuple[int, float, float] | None:
    """Step, passes and seconds where the line between two points of the curve comes to the level for good."""
    mean = found.mean
    above = np.flatnonzero(~(mean <= level))
    if not len(above) or above[-1] + 1 == len(mean):
        return None
    i = int(above[-1])
    high, low = float(mean[i]), max(float(mean[i + 1]), level * 1e-300)
    share = math.log(high / level) / math.log(high / low) if math.isfinite(high) else 1.0
    t, passes, seconds = (_along(x[i], x[i + 1], share) for x in (found.steps, found.passes, found.seconds))
    return math.ceil(t - 1e-9), passes, seconds


def _along(a: float, b: float, share: float) -> float:
    """The share of the way from a to b on a logarithmic axis, on a plain one from a = 0."""
    return float(a * (b / a) ** share if a > 0.0 else share * b)


def at_x(found: Curve, at: str, x: float, *, ended: bool) -> tuple[float | None, bool]:
    """The gap at x of the axis, between the points, and whether it is only known to be at most so large.

    Behind the last point None, or the last gap where the run had `ended` at its goal.
    """
    axis = found.axis(at)
    i = int(np.searchsorted(axis, x * (1.0 - 1e-9)))
    if i == len(axis):
        return _told(found, i - 1) if ended else (None, False)
    if i == 0 or axis[i - 1] <= 0.0 or not (found.clear[i - 1] and found.clear[i]):
        return _told(found, i)
    share = math.log(x / axis[i - 1]) / math.log(axis[i] / axis[i - 1])
    return _along(found.mean[i - 1], found.mean[i], share), False


def _told(found: Curve, i: int) -> tuple[float | None, bool]:
    """The gap at a point, the end of its interval at the floor; None for a run that diverged."""
    if not math.isfinite(found.mean[i]):
        return None, False
    if found.clear[i]:
        return float(found.mean[i]), False
    return float(found.upper[i] if math.isfinite(found.upper[i]) else max(found.mean[i], found.floor)), True
