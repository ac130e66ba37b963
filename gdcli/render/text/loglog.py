"""Curves on log-log axes in characters: plain ASCII, a mark for each curve, powers of ten at the frame."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

Point = tuple[float, float]
HEIGHT, MARGIN = 20, 7
# The bounds are dotted; what comes later is drawn over what came before.
DOTS = "."


@dataclass(frozen=True, slots=True)
class Frame:
    """The powers of ten at the ends of both axes, and the cells of a row between them."""

    across: tuple[int, int]
    up: tuple[int, int]
    columns: int

    def column(self, x: float) -> float:
        """Where a decimal logarithm lies, in columns."""
        return (x - self.across[0]) / (self.across[1] - self.across[0]) * (self.columns - 1)

    def row(self, y: float) -> int:
        """The row, from above; outside the frame where it is."""
        return round((self.up[1] - y) / (self.up[1] - self.up[0]) * (HEIGHT - 1))


def picture(series: Mapping[str, Sequence[Point]], marks: Mapping[str, str], width: int) -> list[str]:
    """The frame with the curves through the points (x, y), each by its mark; points that are not positive are left out.

    Lines of at most `width` characters: the upper edge, 20 rows, the lower edge and the powers of ten along it. What is
    dotted (bounds) does not stretch the frame, and is cut at its edges.
    """
    places = {name: _logs(points) for name, points in series.items()}
    framed = [place for name, found in places.items() if marks[name] != DOTS for place in found]
    if not framed:
        return ["nothing positive to draw"]
    frame = Frame(_ends([x for x, _ in framed]), _ends([y for _, y in framed]), width - MARGIN - 2)
    cells = [[" "] * frame.columns for _ in range(HEIGHT)]
    for name, found in places.items():
        for column, row in _crossed(found, frame):
            if 0 <= column < frame.columns and 0 <= row < HEIGHT:
                cells[row][column] = marks[name]
    edge = " " * MARGIN + "+" + "-" * frame.columns + "+"
    labels = _labels(frame)
    rows = [f"{labels.get(j, ''):>{MARGIN}}|{''.join(row)}|" for j, row in enumerate(cells)]
    return [edge, *rows, edge, _ticks(frame)]


def _logs(points: Sequence[Point]) -> list[Point]:
    good = [(x, y) for x, y in points if 0.0 < x < math.inf and 0.0 < y < math.inf]
    return [(math.log10(x), math.log10(y)) for x, y in good]


def _ends(logs: Sequence[float]) -> tuple[int, int]:
    """The powers of ten around them, apart."""
    low, high = math.floor(min(logs) + 1e-9), math.ceil(max(logs) - 1e-9)
    return low, max(high, low + 1)


def _crossed(places: Sequence[Point], frame: Frame) -> Iterator[tuple[int, int]]:
    """A cell in each column that the line through the places crosses."""
    for (x0, y0), (x1, y1) in zip(places, places[1:] or places, strict=False):
        first, last = frame.column(x0), frame.column(x1)
        for column in range(round(first), round(last) + 1):
            share = 1.0 if last == first else min(1.0, max(0.0, (column - first) / (last - first)))
            yield column, frame.row(y0 + share * (y1 - y0))


def _labels(frame: Frame) -> dict[int, str]:
    """Row -> the power of ten there, no two in neighbouring rows."""
    low, high = frame.up
    apart = max(1, math.ceil(2 * (high - low) / (HEIGHT - 1)))
    return {frame.row(power): f"1e{power:+03d} " for power in range(high, low - 1, -apart)}


def _ticks(frame: Frame) -> str:
    """The powers of ten along the lower edge, as many as there is room for."""
    line = [" "] * (MARGIN + frame.columns + 2)
    apart = max(1, math.ceil(8 * (frame.across[1] - frame.across[0]) / frame.columns))
    for power in range(frame.across[0], frame.across[1] + 1, apart):
        label = f"1e{power:+03d}"
        start = min(MARGIN + 1 + round(frame.column(power)), len(line) - len(label))
        line[start : start + len(label)] = label
    return "".join(line).rstrip()
