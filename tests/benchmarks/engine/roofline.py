"""The roofline drawn as text: attainable GFLOP/s = min(peak, bandwidth x intensity), both axes in powers of two.

Williams, Waterman, Patterson, Roofline: an insightful visual performance model, 2009.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

# Columns for each doubling of the intensity, lines for each doubling of the speed.
WIDE, HIGH = 10, 2
LEAST, MOST = -3.0, 4.0


@dataclass(frozen=True)
class Roof:
    """GB/s and GFLOP/s that were reached."""

    bandwidth: float
    peak: float

    def at(self, intensity: float) -> float:
        """GFLOP/s at so many operations a byte."""
        return min(self.peak, self.bandwidth * intensity)


@dataclass(frozen=True)
class Point:
    """A kernel on a workload: operations a byte, and GFLOP/s. `way` begins with the letter that is drawn."""

    way: str
    workload: str
    intensity: float
    speed: float


def draw(roof: Roof, points: Sequence[Point]) -> str:
    """The roof, a letter for each point, and what share of the roof above it each reaches.

    What falls on a letter already drawn is drawn at the nearest free place to the right of it.
    """
    top = math.ceil(math.log2(roof.peak))
    low = math.floor(math.log2(min([roof.at(2**LEAST), *(point.speed for point in points)])))
    columns, lines = round((MOST - LEAST) * WIDE) + 1, (top - low) * HIGH + 1
    canvas = [[" "] * columns for _ in range(lines)]

    def line(speed: float) -> int:
        return round((top - math.log2(speed)) * HIGH)

    for column in range(columns):
        height = roof.at(2 ** (LEAST + column / WIDE))
        canvas[line(height)][column] = "-" if height == roof.peak else "/"
    for point in points:
        row, column = canvas[line(point.speed)], round((math.log2(point.intensity) - LEAST) * WIDE)
        while row[column] not in " /-":
            column += 1
        row[column] = point.way[0]
    return "\n".join([*_framed(canvas, top), "", *_shares(roof, points)])


def _framed(canvas: list[list[str]], top: int) -> list[str]:
    """With GFLOP/s at the left, and operations a byte below."""
    marks = [f"{2.0 ** (top - n // HIGH):7g} |" if n % HIGH == 0 else "        |" for n in range(len(canvas))]
    lines = [f"{mark}{''.join(row)}".rstrip() for mark, row in zip(marks, canvas, strict=True)]
    labels = "".join(f"{2.0**n:g}".ljust(WIDE) for n in range(round(LEAST), round(MOST) + 1))
    return ["GFLOP/s", *lines, "        +" + "-" * len(canvas[0]), f"         {labels.rstrip()} flop/byte"]


def _shares(roof: Roof, points: Sequence[Point]) -> list[str]:
    """A line for each way, a column for each workload."""
    shares = {(point.way, point.workload): point.speed / roof.at(point.intensity) for point in points}
    workloads = list(dict.fromkeys(point.workload for point in points))
    head = f"{'of the roof above it':<22}" + "".join(f"{name:>16}" for name in workloads)
    ways = dict.fromkeys(point.way for point in points)
    return [head, *(f"{way:<22}" + "".join(f"{shares[way, name]:16.0%}" for name in workloads) for way in ways)]
