"""From numbers to places in a frame: ranges, logarithms, ticks."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gdcli.results.figure import Axis, Band, Field, Mark, Panel

ROWS, FEWEST, MOST = 20, 8, 30
# Numbers beyond are left out: differences of two stay finite.
LARGEST = 1e300
# The corners of a frame.
CORNERS = 2


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis of `cells` characters from `low` to `high`, powers of ten where it is logarithmic, with its ticks."""

    low: float
    high: float
    log: bool
    cells: int
    ticks: tuple[tuple[float, str], ...]

    def share(self, value: float | None) -> float | None:
        """Where it lies, 0 at the low end and 1 at the high one; None for what has no place."""
        if value is None or not abs(value) <= LARGEST or (self.log and value <= 0.0):
            return None
        return ((math.log10(value) if self.log else value) - self.low) / (self.high - self.low)

    def value(self, share: float) -> float:
        """The number at a share."""
        place = self.low + share * (self.high - self.low)
        return float(10.0**place) if self.log else place

    def cell(self, tick: float) -> int:
        """The character under a tick."""
        return round((tick - self.low) / (self.high - self.low) * (self.cells - 1))


@dataclass(frozen=True, slots=True)
class Scales:
    """Both axes, and how many characters the labels at the left take."""

    x: Scale
    y: Scale
    margin: int


def scales(panel: Panel, width: int) -> Scales | None:
    """The axes of a panel that is `width` characters wide; None where no mark has a place."""
    across, up = _ends(panel, 0), _ends(panel, 1)
    if across is None or up is None:
        return None
    y = _scale(panel.y, up, ROWS, ROWS // 3)
    margin = max(len(label) for _, label in y.ticks) + 1
    cells = width - margin - CORNERS
    rows = ROWS
    if panel.equal and not (panel.x.log or panel.y.log):
        # A character is twice as high as it is wide.
        ratio = 2.0 * (across[1] - across[0]) / (up[1] - up[0])
        rows = round(min(MOST, max(FEWEST, cells / ratio)))
        cells = max(FEWEST, min(cells, round(rows * ratio)))
        y = _scale(panel.y, up, rows, ROWS // 3)
        cells = min(cells, width - max(margin, max(len(label) for _, label in y.ticks) + 1) - CORNERS)
        margin = max(len(label) for _, label in y.ticks) + 1
    return Scales(_scale(panel.x, across, cells, cells // 12), y, margin)


def _ends(panel: Panel, k: int) -> tuple[float, float] | None:
    """The ends of the k-th axis (of logarithms where it is logarithmic), a little apart where all numbers are one."""
    axis = (panel.x, panel.y)[k]
    solid = [mark for mark in panel.marks if mark.role != "bound"]
    found = list(axis.range or ()) or _known(solid, k, axis) or _known(panel.marks, k, axis)
    if not found:
        return None
    if axis.log:
        low, high = math.floor(math.log10(min(found)) + 1e-9), math.ceil(math.log10(max(found)) - 1e-9)
        return float(low), float(max(high, low + 1))
    low_end, high_end = min(found), max(found)
    if high_end - low_end <= 1e-12 * max(abs(low_end), abs(high_end)):
        apart = 0.1 * abs(low_end) or 1.0
        return low_end - apart, high_end + apart
    return low_end, high_end


def _known(marks: Sequence[Mark], k: int, axis: Axis) -> list[float]:
    numbers = (number for mark in marks for number in _numbers(mark, k))
    return [n for n in numbers if n is not None and abs(n) <= LARGEST and (n > 0.0 or not axis.log)]


def _numbers(mark: Mark, k: int) -> Iterator[float | None]:
    """The k-th coordinates of a mark; of a hole in a curve neither counts."""
    if isinstance(mark, Field):
        yield from (mark.x, mark.y)[k]
    elif isinstance(mark, Band):
        yield from mark.x if k == 0 else (*mark.lower, *mark.upper)
    else:
        yield from (pair[k] for pair in zip(mark.x, mark.y, strict=True) if None not in pair)


def _scale(axis: Axis, ends: tuple[float, float], cells: int, count: int) -> Scale:
    ticks = _powers(*ends, count) if axis.log else _round_numbers(*ends, max(2, count))
    return Scale(*ends, axis.log, cells, tuple(ticks))


def _powers(low: float, high: float, count: int) -> Iterator[tuple[float, str]]:
    """Powers of ten, as many as there is room for."""
    least = max(1.0, (high - low) / max(1, count))
    apart = next(k for k in (1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300, 1000) if k >= least)
    for power in range(int(low), int(high) + 1, apart):
        yield float(power), f"1e{power:+03d}"


def _round_numbers(low: float, high: float, count: int) -> Iterator[tuple[float, str]]:
    """Multiples of 1, 2 or 5 times a power of ten, with the digits that tell them apart."""
    rough = (high - low) / count
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(k * unit for k in (1, 2, 5, 10) if k * unit >= rough * (1.0 - 1e-9))
    digits = max(1, math.ceil(math.log10(max(abs(low), abs(high)) / step) + 1.0))
    for k in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1):
        yield k * step, f"{k * step:.{min(digits, 15)}g}"
