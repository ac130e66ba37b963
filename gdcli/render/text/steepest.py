"""Directions for people: the gradient, ascent and descent, the cosine law beside measured changes."""

from __future__ import annotations

from collections.abc import Sequence

from gdcli.render import Look
from gdcli.render.text.calculus import equation, number, paragraph, place, signature, slope_line
from gdcli.results.common import Quantity
from gdcli.results.steepest import DirectionReport, SteepestReport

LONG = 40
"""Characters of an exact entry beyond which a vector is shown in decimals alone."""


def result(result: SteepestReport, look: Look) -> str:
    """The whole page."""
    blocks = [
        equation(signature(result.variables), result.expression.text, look),
        _point(result, look),
        _steepest(result, look),
        _table(result, look),
        _without_gradient(result, look),
        *(_along(direction, result, look) for direction in result.along),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _point(result: SteepestReport, look: Look) -> list[str]:
    lines = [look.paint(line, "bold") for line in paragraph(f"at {place(result.point.at)}:", look)]
    lines += equation("f", number(result.point.value), look, indent=2)
    for slope in result.point.slopes:
        lines += slope_line(slope, look)
    if result.differentiable == "yes" and result.point.norm is not None and len(result.variables) > 1:
        lines += equation("|grad f|", number(result.point.norm), look, indent=2)
    return lines


def _steepest(result: SteepestReport, look: Look) -> list[str]:
    if result.stationary:
        words = (
            "grad f = 0: the point is stationary. Every directional derivative is 0, and to first order no direction "
            "ascends or descends. What the point is, the second order says: gdcli curvature."
        )
        return paragraph(words, look)
    if result.ascent is None or result.descent is None:
        return []
    up, slope = result.ascent, number(result.ascent.slope)
    lines = [look.paint("steepest", "bold")]
    lines += paragraph(f"ascent:  along {_vector(up.unit)}, slope {slope}", look, indent=2)
    lines += paragraph(f"descent: along {_vector(result.descent)}, slope {number(up.opposite)}", look, indent=2)
    if result.level is None:
        return lines
    level = (
        f"level:   along {_vector(result.level)}, slope 0, tangent to the level set f = {_value(result.point.value)}"
    )
    return lines + paragraph(level, look, indent=2)


def _vector(entries: Sequence[Quantity]) -> str:
    """(3/5, 4/5) ~ (0.6, 0.8): exact where that is short; decimals where it is not a vector of integers."""
    decimals = _tuple(["" if entry.value is None else f"{entry.value:.6g}" for entry in entries])
    exact = ["" if entry.exact is None else entry.exact.text for entry in entries]
    if sum(map(len, exact)) > LONG:
        return decimals
    return decimals if _tuple(exact) == decimals else f"{_tuple(exact)} ~ {decimals}"


def _tuple(entries: Sequence[str]) -> str:
    return f"({', '.join(entries)})"


def _value(quantity: Quantity) -> str:
    exact = "" if quantity.exact is None else quantity.exact.text
    return exact if len(exact) <= LONG else f"{quantity.value:.6g}"


def _table(result: SteepestReport, look: Look) -> list[str]:
    if not result.table:
        return []
    law = "f'(x0) u" if len(result.variables) == 1 else "|grad f| cos(theta)"
    title = f"cosine law: slope = {law}, beside (f(x0 + eps u) - f(x0))/eps"
    heads = [f"eps = {eps:.0e}" for eps in result.epsilons]
    lines = [*(look.paint(line, "bold") for line in paragraph(title, look)), _row("theta", ["slope", *heads], look)]
    for row in result.table:
        values = [row.slope.value, *row.measured]
        digits = min(9, _width(len(values), look) - 7)
        lines.append(_row(str(row.degrees), [_cell(value, digits) for value in values], look))
    return lines


def _width(cells: int, look: Look) -> int:
    """Of a cell: a narrow page has fewer digits."""
    return min(17, (look.width - 7) // cells)


def _row(head: str, cells: Sequence[str], look: Look) -> str:
    width = _width(len(cells), look)
    return f"{head:>7}" + "".join(cell.rjust(width) for cell in cells)


def _cell(value: float | None, digits: int = 9) -> str:
    return "not defined" if value is None else f"{value:.{digits}g}"


def _without_gradient(result: SteepestReport, look: Look) -> list[str]:
    if not result.axes:
        return []
    state = {
        "no": "f is not differentiable here, so there is no steepest direction by the gradient.",
        "undecided": "It is undecided whether f is differentiable here, so no steepest direction is claimed.",
    }[result.differentiable]
    lines = [look.paint(line, "yellow") for line in paragraph(state, look)]
    for reason in result.reasons:
        lines += paragraph(reason, look, indent=2)
    lines.append("one-sided derivatives along the axes:")
    for name, axis in zip(result.variables, result.axes, strict=True):
        lines += paragraph(f"+{name}: {number(axis.slope)}    -{name}: {number(axis.opposite)}", look, indent=2)
    return lines


def _along(direction: DirectionReport, result: SteepestReport, look: Look) -> list[str]:
    given = direction.given or ()
    head = f"along d = {_tuple([_value(entry) for entry in given])}"
    lines = [look.paint(line, "bold") for line in paragraph(head, look)]
    if number(direction.length) != "1":
        note = f"note: |d| = {number(direction.length)}, normalised to u = d/|d| = {_vector(direction.unit)}"
        lines += paragraph(note, look, indent=2)
    if direction.angle is not None and len(result.variables) > 1:
        lines += paragraph(f"angle to grad f: {direction.angle.value:.6g} degrees", look, indent=2)
    rule = "grad f^T u = " if result.differentiable == "yes" else ""
    lines += equation("D_u f", f"{rule}{number(direction.slope)}", look, indent=2)
    if result.differentiable != "yes":
        lines += equation("D_-u f", number(direction.opposite), look, indent=2)
    lines.append("  measured, (f(x0 + eps u) - f(x0))/eps:")
    pairs = zip(result.epsilons, direction.measured, strict=True)
    return lines + [f"    eps = {eps:.0e}: {_cell(change)}" for eps, change in pairs]
