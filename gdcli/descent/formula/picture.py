"""The picture of a descent on a formula: the path on the level sets of f, or on its graph."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gdcli.calculus.pictures.graph import sampled
from gdcli.calculus.pictures.sheet import levels, sheet, span
from gdcli.descent.formula.plan import Plan
from gdcli.results.figure import Arrows, Axis, Curve, Field, Figure, Mark, Panel, Points

CELLS, ARROWS = 120, 8
MARGIN = 0.25
# A panel is at least so broad for its length, but where the path is so many times longer than broad.
ROUND, LONG = 0.6, 5.0
# Places nearer than this part of the panel are one to the eye.
NEAR = 1 / 800
LARGEST = 1e100

Place = tuple[float, ...]


def figure(plan: Plan, trace: Sequence[Place]) -> Figure:
    """f around the finite places of `trace`, of one or two variables, with the path from its start to its end."""
    path = [place for place in trace if all(abs(x) < LARGEST for x in place)]
    known, names = plan.facts, plan.formula.variables
    symbols = [known.symbols[name] for name in names]
    last = len(trace) - 1
    start = ", ".join(f"{x:.6g}" for x in trace[0])
    begin = start if len(names) == 1 else f"({start})"
    title = f"{plan.options.method} from {begin}: {last} step{'s'[: last != 1]}"
    panel = (_line if len(names) == 1 else _plane)(plan, path, symbols)
    return Figure(
        title=title,
        text=f"f({', '.join(names)}) = {known.expression.text}",
        formula=f"f({', '.join(symbols)}) = {known.expression.latex}",
        panels=(replace(panel, title=title),),
        notes=() if len(path) == len(trace) else ("Places beyond all bounds are left out.",),
    )


def _value(plan: Plan, place: Sequence[float]) -> float | None:
    value = plan.field(np.array(place))[0]
    return value if abs(value) < LARGEST else None


def _line(plan: Plan, path: Sequence[Place], symbols: Sequence[str]) -> Panel:
    (window,) = _windows(path)
    steps = _seen(path, [window])
    x, y = sampled(lambda at: _value(plan, [at]), window[0] - window[1], window[0] + window[1])
    at, heights = tuple(place[0] for place in steps), tuple(_value(plan, place) for place in steps)
    marks = (
        Curve("$f$", "function", tuple(x), tuple(y)),
        Curve("$x_t$", "path", at, heights),
        Points("start", "start", at[:1], heights[:1]),
        Points("end", "end", at[-1:], heights[-1:]),
    )
    return Panel("", Axis(f"${symbols[0]}$"), Axis(f"$f({symbols[0]})$"), marks)


def _plane(plan: Plan, path: Sequence[Place], symbols: Sequence[str]) -> Panel:
    windows = _windows(path)
    steps = _seen(path, windows)
    x, y = (span(middle, w, CELLS) for middle, w in windows)
    z = sheet(lambda place: _value(plan, place), x, y)
    at, beside = (tuple(place[k] for place in steps) for k in (0, 1))
    marks: list[Mark] = [
        Field("", "function", x, y, z, levels(z)),
        _gradients(plan, windows),
        Curve("$x_t$", "path", at, beside),
        Points("start", "start", at[:1], beside[:1]),
        Points("end", "end", at[-1:], beside[-1:]),
    ]
    (left, right), (bottom, top) = ((middle - w, middle + w) for middle, w in windows)
    horizontal, vertical = (f"${symbol}$" for symbol in symbols)
    equal = ROUND <= windows[0][1] / windows[1][1] <= 1 / ROUND
    return Panel(
        "", Axis(horizontal, range=(left, right)), Axis(vertical, range=(bottom, top)), tuple(marks), None, equal
    )


def _windows(path: Sequence[Place]) -> list[tuple[float, float]]:
    """Middle and half-width of each coordinate: much the same width where the path is not far longer than broad."""
    ends = [(min(part), max(part)) for part in zip(*path, strict=True)]
    most = max(high - low for low, high in ends)
    found = []
    for low, high in ends:
        own = high - low
        width = max(own, ROUND * most) if own == 0.0 or own * LONG > most else own
        half = width / 2.0 or max(1.0, abs(low)) / 2.0
        found.append((low + own / 2.0, half * (1.0 + 2.0 * MARGIN)))
    return found


def _seen(path: Sequence[Place], windows: Sequence[tuple[float, float]]) -> list[Place]:
    """The places that the eye can tell apart, the first and the last of all among them."""
    kept = [path[0]]
    for place in path:
        moves = (abs(a - b) / (2.0 * w) for a, b, (_, w) in zip(place, kept[-1], windows, strict=True))
        if max(moves) >= NEAR:
            kept.append(place)
    return kept if kept[-1] == path[-1] else [*kept, path[-1]]


def _gradients(plan: Plan, windows: Sequence[tuple[float, float]]) -> Arrows:
    """The directions of -grad f on a coarse grid."""
    grids = [[middle + w * (2 * i + 1 - ARROWS) / ARROWS for i in range(ARROWS)] for middle, w in windows]
    places = [(a, b) for b in grids[1] for a in grids[0]]
    slopes = [plan.field(np.array(place))[1] for place in places]
    known = [
        (place, slope) for place, slope in zip(places, slopes, strict=True) if 0.0 < np.linalg.norm(slope) < math.inf
    ]
    x, y = (tuple(place[k] for place, _ in known) for k in (0, 1))
    u, v = (tuple(-float(slope[k]) for _, slope in known) for k in (0, 1))
    return Arrows(r"direction of $-\nabla f$", "gradient", x, y, u, v)
