"""The gap against the work on log-log axes, in characters: a letter a curve, bounds dotted."""

from __future__ import annotations

from collections.abc import Iterator

from gdcli.render import Look
from gdcli.render.text import loglog
from gdcli.render.text.rate import words
from gdcli.results.rate import CurveRate, MethodRate, RatePoint, RateReport

WIDEST = 80


def picture(result: RateReport, look: Look) -> list[str]:
    """The frame, labelled with powers of ten, and the legend."""
    lettered = list(_lettered(result))
    # Bounds lie below all curves, averages below the iterates that they are of.
    bounds = {f"bound {n}": (loglog.DOTS, curve, "bound") for n, (_, _, curve) in enumerate(lettered)}
    curves = {
        letter: (letter, curve, "gap") for letter, _, curve in sorted(lettered, key=lambda each: each[0].isupper())
    }
    drawn = bounds | curves
    series = {name: _points(curve, result.at, what) for name, (_, curve, what) in drawn.items()}
    marks = {name: mark for name, (mark, _, _) in drawn.items()}
    unit = words.FULL_AXIS[result.at]
    legend = ", ".join(f"{letter} {words.name(method, curve)}" for letter, method, curve in lettered)
    lines = loglog.picture(series, marks, min(look.width, WIDEST))
    return [f"gap R - R* against {unit}", *lines, f"{legend}; dotted: the bounds"]


def _lettered(result: RateReport) -> Iterator[tuple[str, MethodRate, CurveRate]]:
    """A letter for each method, its own first one if it is free; small for the average."""
    taken: set[str] = set()
    for method in result.methods:
        wanted = [c for c in method.method.upper() if c.isalpha()] + [chr(c) for c in range(ord("A"), ord("Z") + 1)]
        letter = next((c for c in wanted if c not in taken), "*")
        taken.add(letter)
        for curve in method.curves:
            yield letter.lower() if words.is_average(curve) else letter, method, curve


def _points(curve: CurveRate, at: str, what: str) -> list[loglog.Point]:
    """(x, the gap or its bound)."""
    found = [(_x(point, at), getattr(point, what)) for point in curve.points]
    return [(x, y) for x, y in found if y is not None]


def _x(point: RatePoint, at: str) -> float:
    return {"evaluations": point.passes, "steps": float(point.step), "time": point.seconds}[at]
