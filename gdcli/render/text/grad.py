"""The gradient for people: the function, its partials, the column vector, the numbers at the point, the rules."""

from __future__ import annotations

from gdcli.render import Look
from gdcli.render.text import steps
from gdcli.render.text.calculus import column, equation, number, paragraph, place, signature, slope_line, steepest
from gdcli.results.common import PointReport
from gdcli.results.grad import GradientReport


def result(result: GradientReport, look: Look) -> str:
    """The whole page."""
    blocks = [equation(signature(result.variables), result.expression.text, look)]
    blocks += [_tape(result, look), _partials(result, look)]
    blocks.append(_vector(result, look))
    if result.point is not None:
        blocks.append(_point(result.point, look))
    blocks += steps.blocks(result.steps, look)
    blocks.append(_rules(result, look))
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _tape(result: GradientReport, look: Look) -> list[str]:
    if result.tape is None:
        return []
    lines = [f"the partials share {len(result.tape)} pieces (in full with --expand):"]
    for name, piece in result.tape.items():
        lines += equation(name, piece.text, look, indent=2)
    return lines


def _partials(result: GradientReport, look: Look) -> list[str]:
    lines = []
    for name, partial in result.partials.items():
        lines += equation(f"df/d{name}", partial.text, look, indent=2)
    return lines or ["f is a constant: it has no partial derivatives"]


def _vector(result: GradientReport, look: Look) -> list[str]:
    if len(result.partials) < 2:
        return []
    names = list(result.partials)
    drawn = column("grad f", [partial.text for partial in result.partials.values()], look)
    return drawn or [f"grad f = (df/d{names[0]}, ..., df/d{names[-1]})^T, the {len(names)} partials above as a column"]


def _point(point: PointReport, look: Look) -> list[str]:
    lines = [look.paint(line, "bold") for line in paragraph(f"at {place(point.at)}:", look)]
    lines += equation("f", number(point.value), look, indent=2)
    for slope in point.slopes:
        lines += slope_line(slope, look)
    rows = [number(slope.slope) for slope in point.slopes if slope.kind == "value"]
    if len(rows) == len(point.slopes) > 0:
        lines += column("  grad f", rows, look, align=">")
    return lines + steepest(point, look)


def _rules(result: GradientReport, look: Look) -> list[str]:
    if not result.rules:
        return []
    return paragraph(f"rules: {', '.join(result.rules)}", look)
