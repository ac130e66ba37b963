"""The derivative from its definition: secants that turn into the tangent, and their slopes against h."""

from __future__ import annotations

from gdcli.calculus.pictures.graph import reach, sampled, shown
from gdcli.calculus.pictures.tangent import heading
from gdcli.calculus.pictures.values import LARGEST, Values, values
from gdcli.errors import DomainError
from gdcli.language import Formula
from gdcli.language.recursion import deep
from gdcli.results.derive import Derivation, DeriveReport
from gdcli.results.figure import Axis, Curve, Figure, Mark, Panel, Points

# The secants go to x0 + h for these parts of the window.
PARTS = (0.9, 0.45, 0.2, -0.9)


@deep()
def derive_figure(formula: Formula, report: DeriveReport) -> Figure:
    """A picture at a point of a function of one variable; DomainError where a number is beyond the doubles."""
    from gdcli.calculus.function import Function

    (found,) = report.derivations
    title, text, latex = heading("secants and their limit", report)
    panels = (_secants(values(Function.of(formula)), report, found, title), _slopes(found))
    return Figure(title, text, latex, panels)


def _secants(f: Values, report: DeriveReport, found: Derivation, title: str) -> Panel:
    assert report.point is not None  # the command asks for it
    (number,) = report.point.at.values()
    at, value = number.value, report.point.value.value
    if at is None or value is None or max(abs(at), abs(value)) > LARGEST:
        raise DomainError("a number at this point is too large for a picture", hint="leave --plot away")
    slope = next((side.value for side in (found.slope, found.right, found.left) if side.value is not None), 0.0)
    w = reach(lambda x: f([x]), at, slope)
    x, y = sampled(lambda x: f([x]), at - w, at + w)

    def ends(slope: float) -> tuple[float, float]:
        return value - slope * w, value + slope * w

    marks: list[Mark] = [Curve("$f$", "function", tuple(x), tuple(y))]
    for part in PARTS:
        end = f([at + part * w])
        if end is not None:
            quotient = (end - value) / (part * w)
            label = f"$h = {part * w:.3g}$: slope {quotient:.4g}"
            marks.append(Curve(label, "other", (at - w, at + w), ends(quotient)))
    if found.slope.value is not None:
        marks.append(Curve(f"limit: slope {slope:.4g}", "tangent", (at - w, at + w), ends(slope)))
    name = report.symbols[found.variable]
    marks.append(Points(f"$({name}_0, f({name}_0))$", "start", (at,), (value,)))
    heights = shown(y, [value + slope * (a - at) for a in x])
    return Panel(title, Axis(f"${name}$", range=(at - w, at + w)), Axis("", range=heights), tuple(marks))


def _slopes(found: Derivation) -> Panel:
    """The report's own table of quotients, from the right and from the left, with the limits."""
    h = tuple(row.h for row in found.table)
    marks: list[Mark] = [
        Curve("quotient, $h > 0$", "gap", h, tuple(row.right for row in found.table)),
        Curve("quotient, $h < 0$", "gap", h, tuple(row.left for row in found.table)),
    ]
    for limit in dict.fromkeys((found.right.value, found.left.value)):
        if limit is not None:
            marks.append(Curve(f"limit {limit:.4g}", "bound", (h[0], h[-1]), (limit, limit)))
    letter = found.h.latex or "h"
    return Panel("the difference quotient", Axis(f"$|{letter}|$", log=True), Axis("slope"), tuple(marks))
