"""The level sets of f around a point, with the directions of steepest ascent and descent and the level one on them."""

from __future__ import annotations

from collections.abc import Sequence

from gdcli.calculus.pictures.graph import reach
from gdcli.calculus.pictures.sheet import even, levels, sheet, span
from gdcli.calculus.pictures.tangent import anchor, heading
from gdcli.calculus.pictures.values import Values, values
from gdcli.errors import DomainError
from gdcli.language import Formula
from gdcli.language.recursion import deep
from gdcli.results.common import Quantity
from gdcli.results.figure import Arrows, Axis, Field, Figure, Mark, Panel, Points
from gdcli.results.steepest import SteepestReport

CELLS = 60
Vector = tuple[float, ...]


@deep()
def steepest_figure(formula: Formula, report: SteepestReport) -> Figure:
    """A picture of two variables in equal units: there the gradient stands at a right angle to the level set.

    Raises DomainError where f has no gradient, or none in doubles.
    """
    from gdcli.calculus.function import Function

    f = values(Function.of(formula))
    if report.differentiable != "yes":
        raise DomainError("f has no gradient here to draw", hint="leave --plot away, or choose another point")
    place, value, slopes = anchor(report.point)
    w = _reach(f, place, slopes)
    x, y = (span(at, w, CELLS) for at in place)
    z = sheet(f, x, y)
    marks: list[Mark] = [Field("", "function", x, y, z, levels(z) if report.stationary else even(z, value))]
    if not report.stationary:
        marks.append(Field("$f = f(x_0)$", "boundary", x, y, z, (value,)))
    marks += _directions(report, place)
    names = [f"${report.symbols[v]}$" for v in report.variables]
    marks.append(Points("$x_0$", "start", (place[0],), (place[1],)))
    title, text, latex = heading("level sets and directions", report)
    notes = ("The gradient is 0 here: no direction is steepest.",) if report.stationary else ()
    panel = Panel(title, Axis(names[0]), Axis(names[1]), tuple(marks), equal=True)
    return Figure(title, text, latex, (panel,), notes)


def _reach(f: Values, place: Sequence[float], slopes: Sequence[float]) -> float:
    """As far as f is worth looking at along both axes, and never beyond where it stops to be along one."""
    reaches = []
    for k, slope in enumerate(slopes):

        def along(t: float, k: int = k) -> float | None:
            return f([t if i == k else x for i, x in enumerate(place)])

        reaches.append(reach(along, place[k], slope))
    return min(reaches)


def _directions(report: SteepestReport, place: Sequence[float]) -> list[Mark]:
    marks: list[Mark] = []
    for label, role, unit in (
        ("ascent", "gradient", None if report.ascent is None else report.ascent.unit),
        ("descent", "path", report.descent),
    ):
        if unit is not None:
            marks.append(_arrows(label, role, place, [_numbers(unit)]))
    if report.level is not None:
        u, v = _numbers(report.level)
        marks.append(_arrows("level", "gap", place, [(u, v), (-u, -v)]))
    for direction in report.along:
        given = ", ".join("?" if g.value is None else f"{g.value:.4g}" for g in direction.given or ())
        slope = "" if direction.slope.value is None else f", slope {direction.slope.value:.4g}"
        marks.append(_arrows(f"along ({given}){slope}", "other", place, [_numbers(direction.unit)]))
    return marks


def _arrows(label: str, role: str, place: Sequence[float], ends: Sequence[Vector]) -> Arrows:
    count = len(ends)
    u, v = (tuple(end[k] for end in ends) for k in (0, 1))
    return Arrows(label, role, (place[0],) * count, (place[1],) * count, u, v)


def _numbers(unit: Sequence[Quantity]) -> Vector:
    """A unit vector in doubles: none of its entries is beyond them."""
    return tuple(entry.value or 0.0 for entry in unit)
