"""The least eigenvalue of the Hessian over a region, by branch and bound on boxes of intervals.

Every box has a proven lower bound, every place tried a proven upper one (a Rayleigh quotient). The box with the lowest
bound is halved until the two bounds meet or the boxes are used up; what remains is true all the same, only wider.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from gdcli.calculus.curvature.field import Field
from gdcli.calculus.curvature.spectrum import DENSE, least, lowest_direction, rayleigh
from gdcli.calculus.interval.arithmetic import Interval
from gdcli.calculus.interval.region import SAMPLES, Region

WORK = 2000
"""Boxes times the cost of one, beyond a first PATIENCE boxes, that a search looks at."""
PATIENCE = 60
"""Boxes after which a search that has found no bound at all gives up."""
CLOSE = 1e-4
"""The relative distance of the two bounds at which a search ends."""

Box = tuple[Interval, ...]
Bounded = tuple[float, int, Box, bool]
"""A box with its lower bound and number before it, and whether f is smooth on it behind."""


@dataclass(frozen=True)
class Extreme:
    """inf over the region of lambda_min lies in [lower, upper]; `place` is where it was first found to be negative.

    `smooth`: f is proven twice continuously differentiable on the whole region.
    """

    lower: float
    upper: float
    place: tuple[float, ...] | None
    smooth: bool


class Search:
    """One branch and bound for the least eigenvalue of H, or of -H."""

    def __init__(self, field: Field, region: Region, *, negated: bool = False) -> None:
        self._field = field
        self._region = region
        self._negated = negated
        self._upper = math.inf
        self._place: tuple[float, ...] | None = None

    def run(self) -> Extreme:
        """The bracket of the least eigenvalue."""
        n = self._field.size
        self._try_all(islice(self._region.samples(), max(SAMPLES // (n * n), DENSE)))
        boxes = [self._bounded(self._region.outer, 0)]
        limit = PATIENCE + WORK // max(n * n + self._field.cost, 4)
        for count in range(1, limit, 2):
            lower = boxes[0][0]
            if self._settled(lower) or (lower == -math.inf and count > PATIENCE):
                break
            box = heapq.heappop(boxes)[2]
            for number, half in enumerate(self._halves(box), count):
                self._try_all([tuple(map(_middle, half))])
                heapq.heappush(boxes, self._bounded(half, number))
        return Extreme(boxes[0][0] + 0.0, self._upper, self._place, all(smooth for *_, smooth in boxes))

    def _bounded(self, box: Box, number: int) -> Bounded:
        rows = self._field.at(box, negated=self._negated)
        return (-math.inf if rows is None else least(rows), number, box, rows is not None)

    def _settled(self, lower: float) -> bool:
        return self._upper - lower <= CLOSE * max(abs(self._upper), abs(lower), 1e-300) and lower > -math.inf

    def _try_all(self, places: Iterable[tuple[float, ...]]) -> None:
        for place in places:
            rows = self._field.at([(x, x) for x in place], negated=self._negated)
            if rows is None or not rows:
                continue
            value = rayleigh(rows, lowest_direction(rows))[1]
            self._upper = min(self._upper, value + 0.0)
            if self._place is None and value < 0.0:
                self._place = place

    def _halves(self, box: Box) -> list[Box]:
        sizes = [_size(part, whole) for part, whole in zip(box, self._region.outer, strict=True)]
        i = sizes.index(max(sizes))
        middle = _middle(box[i])
        return [(*box[:i], half, *box[i + 1 :]) for half in ((box[i][0], middle), (middle, box[i][1]))]


def _size(part: Interval, whole: Interval) -> float:
    """A range's share of the whole; an unbounded one is measured by x/(1 + |x|)."""
    if math.isfinite(whole[1] - whole[0]):
        return (part[1] - part[0]) / (whole[1] - whole[0])
    return _bent(part[1]) - _bent(part[0])


def _bent(x: float) -> float:
    return math.copysign(1.0, x) if math.isinf(x) else x / (1.0 + abs(x))


def _middle(part: Interval) -> float:
    """The middle; of an unbounded range a place whose distance from 0 doubles with every halving."""
    low, high = part
    if math.isfinite(low) and math.isfinite(high):
        return low + (high - low) / 2
    if low == -math.inf and high == math.inf:
        return 0.0
    end = low if math.isfinite(low) else -high
    middle = 0.0 if end < 0.0 else 2.0 * end + 1.0
    return middle if math.isfinite(low) else -middle
