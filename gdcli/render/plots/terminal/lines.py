"""Curves, points, bands and arrows on the canvas."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from plotille import Canvas

from gdcli.render.plots.terminal.roles import Style
from gdcli.render.plots.terminal.scale import Scales
from gdcli.results.figure import Arrows, Band, Curve, Numbers, Points

# Dots of a character, across and up.
WIDE, HIGH = 2, 4
# A curve bears its character once in so many cells; a dash and the gap behind it are so many dots long.
APART, DASH = 14, 3
# Up to so many arrows are looked at one by one.
FEW = 4
ARROWS = {True: "→↗↑↖←↙↓↘", False: ">/^\\</v\\"}

Dot = tuple[float, float]


def curve(mark: Curve, style: Style, scales: Scales) -> list[str]:
    """The line, dashed or not, with its character on it."""
    canvas, dots = _canvas(scales), list(_apart(_dots(mark.x, mark.y, scales)))
    passed: list[tuple[int, int]] = []
    for start, end in zip(dots, dots[1:] or dots, strict=False):
        clipped = None if start is None or end is None else _clipped(start, end, scales)
        passed += [] if clipped is None else _walked(*clipped)
    alone = [(round(x), round(y)) for x, y in _lonely(dots)]
    for n, (i, j) in enumerate(dict.fromkeys([*passed, *alone])):
        if not style.dashed or n // DASH % 2 == 0:
            canvas.point(i, j)
    for i, j in _spread(dict.fromkeys((i // WIDE, j // HIGH) for i, j in [*passed, *alone]), style):
        canvas.point(i * WIDE, j * HIGH, marker=style.character)
    return rows_of(canvas)


def points(mark: Points, character: str, scales: Scales) -> list[str]:
    """A character at each point."""
    canvas = _canvas(scales)
    cells = {(round(x), round(y)) for x, y in filter(None, _dots(mark.x, mark.y, scales))}
    for i, j in cells:
        if 0 <= i < scales.x.cells * WIDE and 0 <= j < scales.y.cells * HIGH:
            canvas.point(i, j, marker=character)
    return rows_of(canvas)


def band(mark: Band, scales: Scales, character: str) -> list[str]:
    """The cells between the edges, over the stretch of each x."""
    canvas = _canvas(scales)
    edges = (_dots(mark.x, mark.lower, scales), _dots(mark.x, mark.upper, scales))
    for low, high in zip(*edges, strict=True):
        if low is None or high is None or not 0 <= low[0] <= scales.x.cells * WIDE - 1:
            continue
        bottom, top = sorted(min(max(y, 0.0), scales.y.cells * HIGH - 1.0) for y in (low[1], high[1]))
        for j in range(round(bottom) // HIGH, round(top) // HIGH + 1):
            canvas.point(round(low[0]), j * HIGH, marker=character)
    return rows_of(canvas)


def arrows(mark: Arrows, scales: Scales, unicode: bool) -> list[str]:
    """The arrow nearest to each direction; a few have a shaft, as in a picture of a single point."""
    canvas = _canvas(scales)
    shaft = scales.y.cells * HIGH / 3.0 if len(mark.x) <= FEW else 0.0
    for place, u, v in zip(_dots(mark.x, mark.y, scales), mark.u, mark.v, strict=True):
        turn = _turn(u, v)
        if place is None or turn is None or u is None or v is None:
            continue
        tip = _tip(place, u, v, shaft, scales)
        clipped = _clipped(place, tip, scales)
        walked = list(_walked(*clipped)) if clipped else []
        for dot in walked[:-1] if shaft else []:
            canvas.point(*dot)
        for dot in walked[-1:]:
            canvas.point(*dot, marker=ARROWS[unicode][turn])
    return rows_of(canvas)


def _tip(place: Dot, u: float, v: float, length: float, scales: Scales) -> Dot:
    """The end of an arrow of so many dots."""
    across = u / (scales.x.high - scales.x.low) * scales.x.cells * WIDE
    up = v / (scales.y.high - scales.y.low) * scales.y.cells * HIGH
    whole = math.hypot(across, up)
    return place if not 0.0 < whole < math.inf else (place[0] + length * across / whole, place[1] + length * up / whole)


def sign(mark: Arrows, unicode: bool) -> str:
    """The first of the arrows."""
    turns = (_turn(u, v) for u, v in zip(mark.u, mark.v, strict=True))
    return ARROWS[unicode][next((turn for turn in turns if turn is not None), 0)]


def _turn(u: float | None, v: float | None) -> int | None:
    """The direction in eighths of a turn."""
    if u is None or v is None or not 0.0 < math.hypot(u, v) < math.inf:
        return None
    return round(math.atan2(v, u) / (math.pi / 4.0)) % 8


def _canvas(scales: Scales) -> Canvas:
    """One whose unit is a dot, the lowest at the left being (0, 0)."""
    width, height = scales.x.cells, scales.y.cells
    return Canvas(width, height, 0, 0, width * WIDE, height * HIGH)


def rows_of(canvas: Canvas) -> list[str]:
    """What is on the canvas, the upper row first; a cell without a dot is the empty pattern of braille."""
    return str(canvas.plot("\n")).split("\n")


def _dots(x: Numbers, y: Numbers, scales: Scales) -> Iterator[Dot | None]:
    """Places in dots; None for gaps."""
    for a, b in zip(x, y, strict=True):
        across, up = scales.x.share(a), scales.y.share(b)
        if across is None or up is None:
            yield None
        else:
            yield across * (scales.x.cells * WIDE - 1), up * (scales.y.cells * HIGH - 1)


def _apart(dots: Iterator[Dot | None]) -> Iterator[Dot | None]:
    """Of neighbours on one dot only the first: a long run is drawn as fast as a short one."""
    last: Dot | None = None
    for dot in dots:
        if dot is None or last is None or max(abs(dot[0] - last[0]), abs(dot[1] - last[1])) >= 0.5:
            last = dot
            yield dot


def _lonely(dots: Sequence[Dot | None]) -> Iterator[Dot]:
    """Those between two gaps: no line goes there."""
    around = [None, *dots, None]
    for before, dot, after in zip(around, around[1:], around[2:], strict=False):
        if dot is not None and before is None and after is None:
            yield dot


def _clipped(start: Dot, end: Dot, scales: Scales) -> tuple[Dot, Dot] | None:
    """The part of a segment inside the frame, by the shares of it where it crosses the edges; None outside."""
    first, last = 0.0, 1.0
    limits = scales.x.cells * WIDE - 1.0, scales.y.cells * HIGH - 1.0
    for k, limit in enumerate(limits):
        move = end[k] - start[k]
        if move == 0.0:
            if not -0.5 <= start[k] <= limit + 0.5:
                return None
            continue
        ends = sorted(((-0.25 - start[k]) / move, (limit + 0.25 - start[k]) / move))
        first, last = max(first, ends[0]), min(last, ends[1])
    if first > last:
        return None
    at = [tuple(a + share * (b - a) for a, b in zip(start, end, strict=True)) for share in (first, last)]
    return (at[0][0], at[0][1]), (at[1][0], at[1][1])


def _walked(start: Dot, end: Dot) -> Iterator[tuple[int, int]]:
    """The dots from one to the other."""
    steps = max(1, math.ceil(max(abs(end[0] - start[0]), abs(end[1] - start[1]))))
    for n in range(steps + 1):
        yield tuple(round(a + (b - a) * n / steps) for a, b in zip(start, end, strict=True))  # type: ignore[misc]


def _spread(cells: dict[tuple[int, int], None], style: Style) -> list[tuple[int, int]]:
    """Cells for a curve's character, from a place on that goes by it: so two curves on one line show both."""
    begin = min(ord(style.character) * 5 % APART, len(cells) // 2)
    return list(cells)[begin::APART]
