"""The lecture's figure: f and its tangent at a point, the error r(h) between them, and how fast r(h)/||h|| decays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gdcli.calculus.pictures.graph import reach, sampled, shown
from gdcli.calculus.pictures.sheet import axis, sheet
from gdcli.calculus.pictures.values import LARGEST, Values, values
from gdcli.errors import DomainError
from gdcli.language import Formula
from gdcli.language.recursion import deep
from gdcli.results.common import PointReport
from gdcli.results.derive import DeriveReport
from gdcli.results.figure import Axis, Band, Curve, Field, Figure, Mark, Panel, Points
from gdcli.results.steepest import SteepestReport
from gdcli.results.tangent import TangentReport

# Where the error is shown: this part of the window to the right of the point.
SAMPLE = 0.6


@deep()
def tangent_figure(formula: Formula, report: TangentReport) -> Figure:
    """f with its tangent line or plane, one or two variables; beside it the decay of the remainder.

    Raises DomainError where a number is beyond the doubles.
    """
    from gdcli.calculus.function import Function

    f = values(Function.of(formula))
    line = len(report.variables) == 1
    title, text, latex = heading(f"tangent {'line' if line else 'plane'}", report)
    panel = replace((_line if line else _plane)(f, report), title=title)
    if report.remainder.text == "0":
        return Figure(title, text, latex, (panel,), ("r = 0: f is its own tangent.",))
    return Figure(title, text, latex, (panel, _decay(report)))


def heading(what: str, report: TangentReport | SteepestReport | DeriveReport) -> tuple[str, str, str]:
    """The title of a figure at a point, f(x, y) = ... in plain text, and the same in LaTeX."""
    numbers = () if report.point is None else report.point.at.items()
    point = ", ".join(f"{name} = {at.exact.text if at.exact else at.value}" for name, at in numbers)
    names, symbols = (", ".join(part) for part in (report.variables, map(report.symbols.__getitem__, report.variables)))
    formula = report.expression
    return f"{what} at {point}", f"f({names}) = {formula.text}", f"f({symbols}) = {formula.latex}"


def anchor(point: PointReport) -> tuple[list[float], float, list[float]]:
    """x0, f(x0) and grad f(x0) in doubles; DomainError where there is no such double."""
    place = [number.value for number in point.at.values()]
    slopes = [slope.slope.value for slope in point.slopes]
    numbers = [*place, point.value.value, *slopes]
    known = [number for number in numbers if number is not None and abs(number) <= LARGEST]
    if len(known) < len(numbers):
        raise DomainError("a number at this point is too large for a picture", hint="leave --plot away")
    d = len(place)
    return known[:d], known[d], known[d + 1 :]


def _line(f: Values, report: TangentReport) -> Panel:
    (at,), value, (slope,) = anchor(report.point)
    w = reach(lambda x: f([x]), at, slope)
    x, y = sampled(lambda x: f([x]), at - w, at + w)
    tangent = [value + slope * (a - at) for a in x]
    gap: list[Mark] = [
        Band("", "error", tuple(x), tuple(y), tuple(None if v is None else t for v, t in zip(y, tangent, strict=True))),
        Curve("$f$", "function", tuple(x), tuple(y)),
        Curve("tangent $T$", "tangent", (x[0], x[-1]), (tangent[0], tangent[-1])),
    ]
    name = report.symbols[report.variables[0]]
    error = [] if report.remainder.text == "0" else _error(f, at, value, slope, w, report)
    marks = [*gap, *error, *_rivals(at, value, w, report)]
    marks.append(Points(f"$({name}_0, f({name}_0))$", "start", (at,), (value,)))
    return Panel("", Axis(f"${name}$", range=(at - w, at + w)), Axis("", range=shown(y, tangent)), tuple(marks))


def _error(f: Values, at: float, value: float, slope: float, w: float, report: TangentReport) -> list[Mark]:
    """The segment between tangent and f at a sample h, to the right where f is defined there, else to the left."""
    name = report.symbols[report.steps[0]]
    for h in (SAMPLE * w, -SAMPLE * w):
        end = f([at + h])
        if end is not None:
            tangent = value + slope * h
            return [Curve(f"$r({name})$ at ${name} = {h:.3g}$", "error", (at + h, at + h), (tangent, end))]
    return []


def _rivals(at: float, value: float, w: float, report: TangentReport) -> list[Mark]:
    found: list[Mark] = []
    for rival in report.rivals:
        slope = rival.slope[0].value
        if slope is not None:
            ends = (value - slope * w, value + slope * w)
            found.append(Curve(f"slope {slope:.4g}", "other", (at - w, at + w), ends))
    return found


def _plane(f: Values, report: TangentReport) -> Panel:
    place, value, slopes = anchor(report.point)
    xs, ys = (axis(f, place, k, slopes[k]) for k in (0, 1))
    surface = sheet(f, xs, ys)
    plane = tuple(tuple(value + slopes[0] * (x - place[0]) + slopes[1] * (y - place[1]) for x in xs) for y in ys)
    flat = [z for row in plane for z in row]
    # At the corners a surface is far from its plane without a pole.
    low, high = shown([z for row in surface for z in row], flat, times=10.0)
    cut = tuple(tuple(None if z is None or not low <= z <= high else z for z in row) for row in surface)
    marks = (
        Field("$f$", "function", xs, ys, cut),
        Field("tangent plane", "tangent", xs, ys, plane),
        Points("the point", "start", (place[0],), (place[1],), (value,)),
    )
    names = [f"${report.symbols[v]}$" for v in report.variables]
    return Panel("", Axis(names[0]), Axis(names[1]), marks, Axis("", range=(low, high)))


def _decay(report: TangentReport) -> Panel:
    """The report's own table on log-log axes, a curve for each direction and each other slope."""
    step = r"\|h\|" if len(report.variables) > 1 else f"|{report.symbols[report.steps[0]]}|"
    h = tuple(row.h for row in report.decay)
    columns = zip(report.directions, zip(*(row.ratios for row in report.decay), strict=True), strict=True)
    marks: list[Mark] = [
        Curve(f"along {_direction(direction)}", "gap", h, _positive(ratios)) for direction, ratios in columns
    ]
    for rival in report.rivals:
        shown = ", ".join("?" if c.value is None else f"{c.value:.4g}" for c in rival.slope)
        marks.append(Curve(f"error of slope {shown}", "other", h, _positive(rival.errors)))
    top = "r(h)" if len(report.variables) > 1 else f"r({report.symbols[report.steps[0]]})"
    title = f"the error over ${step}$"
    return Panel(title, Axis(f"${step}$", log=True), Axis(f"$|{top}|/{step}$", log=True), tuple(marks))


def _positive(numbers: Sequence[float | None]) -> tuple[float | None, ...]:
    """A logarithm has no place for 0."""
    return tuple(number or None for number in numbers)


def _direction(direction: Sequence[float]) -> str:
    if len(direction) == 1:
        return "$h > 0$" if direction[0] > 0 else "$h < 0$"
    signs = ", ".join("0" if u == 0 else "1" if u > 0 else "-1" for u in direction)
    return f"$({signs})$"
