"""The gap against the work on log-log axes, in characters: a letter a curve, bounds dotted."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gdcli.render import Look
from gdcli.render.text.rate import words
from gdcli.results.rate import CurveRate, MethodRate, RatePoint, RateReport

WIDEST, HEIGHT, MARGIN = 80, 20, 7
Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """The powers of ten at the ends of both axes, and the cells between them."""

    x: tuple[int, int]
    y: tuple[int, int]
    columns: int

    def cell(self, place: Place) -> tuple[int, int]:
        """Column and row (from above) of a place given by its decimal logarithms."""
        across = (place[0] - self.x[0]) / (self.x[1] - self.x[0]) * (self.columns - 1)
        down = (self.y[1] - place[1]) / (self.y[1] - self.y[0]) * (HEIGHT - 1)
        return round(across), min(HEIGHT - 1, max(0, round(down)))


def picture(result: RateReport, look: Look) -> list[str]:
    """The frame, labelled with powers of ten, and the legend."""
    curves = [(letter, _places(curve, result.at, "gap")) for letter, _, curve in _lettered(result)]
    curves = [(letter, places) for letter, places in curves if places]
    if not curves:
        return ["no curve has a gap above 0 to draw"]
    frame = _frame([place for _, places in curves for place in places], min(look.width, WIDEST) - MARGIN - 2)
    cells = [[" "] * frame.columns for _ in range(HEIGHT)]
    for _, _, curve in _lettered(result):
        _draw(cells, frame, ".", _places(curve, result.at, "bound"))
    # Averages lie below the iterates that they are of.
    for letter, places in sorted(curves, key=lambda each: each[0].isupper()):
        _draw(cells, frame, letter, places)
    edge = " " * MARGIN + "+" + "-" * frame.columns + "+"
    rows = [f"{label:>{MARGIN}}|{''.join(row)}|" for label, row in zip(_labels(frame), cells, strict=True)]
    unit = words.FULL_AXIS[result.at]
    legend = ", ".join(f"{letter} {words.name(method, curve)}" for letter, method, curve in _lettered(result))
    return [f"gap R - R* against {unit}", edge, *rows, edge, _ticks(frame), f"{legend}; dotted: the bounds"]


def _lettered(result: RateReport) -> Iterator[tuple[str, MethodRate, CurveRate]]:
    """A letter for each method, its own first one if it is free; small for the average."""
    taken: set[str] = set()
    for method in result.methods:
        wanted = [c for c in method.method.upper() if c.isalpha()] + [chr(c) for c in range(ord("A"), ord("Z") + 1)]
        letter = next((c for c in wanted if c not in taken), "*")
        taken.add(letter)
        for curve in method.curves:
            yield letter.lower() if words.is_average(curve) else letter, method, curve


def _places(curve: CurveRate, at: str, what: str) -> list[Place]:
    """(log10 x, log10 of the gap or its bound) where both are positive and finite."""
    found = [(_x(point, at), getattr(point, what)) for point in curve.points]
    good = [(x, y) for x, y in found if x > 0.0 and y is not None and 0.0 < y < math.inf]
    return [(math.log10(x), math.log10(y)) for x, y in good]


def _x(point: RatePoint, at: str) -> float:
    return {"evaluations": point.passes, "steps": float(point.step), "time": point.seconds}[at]


def _frame(places: Sequence[Place], columns: int) -> Frame:
    (left, right), (bottom, top) = (_ends([place[axis] for place in places]) for axis in (0, 1))
    return Frame((left, right), (bottom, top), columns)


def _ends(logs: Sequence[float]) -> tuple[int, int]:
    """The powers of ten around them."""
    low, high = math.floor(min(logs) + 1e-9), math.ceil(max(logs) - 1e-9)
    return low, max(high, low + 1)


def _draw(cells: list[list[str]], frame: Frame, mark: str, places: Sequence[Place]) -> None:
    """A mark in each column that the line through the places crosses; a bound above the frame is left out."""
    for (x0, y0), (x1, y1) in zip(places, places[1:] or places, strict=False):
        first, last = frame.cell((x0, y0))[0], frame.cell((x1, y1))[0]
        for column in range(first, last + 1):
            share = (column - first) / max(1, last - first)
            x, y = x0 + share * (x1 - x0), y0 + share * (y1 - y0)
            if 0 <= column < frame.columns and frame.y[0] <= y <= frame.y[1]:
                cells[frame.cell((x, y))[1]][column] = mark


def _labels(frame: Frame) -> list[str]:
    """Powers of ten beside their rows, as many as have a row of their own."""
    labels = [""] * HEIGHT
    span = frame.y[1] - frame.y[0]
    for power in range(frame.y[1], frame.y[0] - 1, -max(1, math.ceil(span / (HEIGHT // 2)))):
        labels[frame.cell((frame.x[0], power))[1]] = f"1e{power:+03d}"
    return labels


def _ticks(frame: Frame) -> str:
    """Powers of ten below their columns, as many as there is room for."""
    span = frame.x[1] - frame.x[0]
    apart = max(1, math.ceil(8 * span / frame.columns))
    line = [" "] * (MARGIN + 2 + frame.columns + 3)
    for power in range(frame.x[0], frame.x[1] + 1, apart):
        label = f"1e{power:+03d}"
        column = MARGIN + 1 + frame.cell((power, frame.y[1]))[0]
        start = min(column - 2, MARGIN + frame.columns + 2 - len(label))
        line[start : start + len(label)] = label
    return "".join(line).rstrip()
