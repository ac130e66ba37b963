"""The tangent for people: the linear part, the remainder in closed form, and how fast r(h)/||h|| decays."""

from __future__ import annotations

from gdcli.render import Look
from gdcli.render.text import rivals
from gdcli.render.text.calculus import equation, number, paragraph, place, signature, slope_line
from gdcli.results.tangent import TangentReport


def result(result: TangentReport, look: Look) -> str:
    """The whole page."""
    name = "tangent" if len(result.variables) == 1 else "tangent hyperplane"
    title = paragraph(f"{name} at {place(result.point.at)}", look)
    blocks = [
        equation(signature(result.variables), result.expression.text, look),
        [*(look.paint(line, "bold") for line in title), *_linear(result, look)],
        _remainder(result, look),
        _decay(result),
        _conclusion(result, look),
        rivals.block(result, look),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _linear(result: TangentReport, look: Look) -> list[str]:
    lines = equation("f", number(result.point.value), look, indent=2)
    for slope in result.point.slopes:
        lines += slope_line(slope, look)
    return lines + equation(f"T({', '.join(result.variables)})", result.tangent.text, look, indent=2)


def _remainder(result: TangentReport, look: Look) -> list[str]:
    meaning = "f(x0 + h) = f(x0) + grad f(x0)^T h + r(h)"
    if len(result.variables) == 1:
        meaning = "f(x0 + h) = f(x0) + f'(x0) h + r(h)"
    arguments = ", ".join(result.steps)
    return [look.paint(f"remainder: {meaning}", "bold"), *equation(f"r({arguments})", result.remainder.text, look, 2)]


def _decay(result: TangentReport) -> list[str]:
    if result.remainder.text == "0":
        return []
    heads = [_direction(direction) for direction in result.directions]
    width = max(12, *map(len, heads)) + 2
    length = norm(result)
    lines = [f"  |r(h)|/{length} along", f"{length:>9}" + "".join(head.rjust(width) for head in heads)]
    for row in result.decay:
        cells = ("not defined" if ratio is None else f"{ratio:.4e}" if ratio else "0" for ratio in row.ratios)
        lines.append(f"{row.h:>9.0e}" + "".join(cell.rjust(width) for cell in cells))
    return lines


def _direction(direction: tuple[float, ...]) -> str:
    """+h or -h on the line; else the signs of the components, over their common length."""
    if len(direction) == 1:
        return "h > 0" if direction[0] > 0 else "h < 0"
    signs = [0 if u == 0 else (1 if u > 0 else -1) for u in direction]
    shown = [f"{s}" for s in signs[:4]] + (["..."] if len(signs) > 4 else [])
    return f"({', '.join(shown)})"


def norm(result: TangentReport) -> str:
    """How the length of h is written."""
    return "|h|" if len(result.variables) == 1 else "||h||"


def _conclusion(result: TangentReport, look: Look) -> list[str]:
    caveat = [] if result.caveat is None else paragraph(result.caveat, look)
    proven = _proven(result, look) if result.differentiable == "yes" else []
    reasons = [line for reason in result.reasons for line in paragraph(reason, look, indent=2)]
    painted = [look.paint(line, "yellow") for line in caveat]
    return [*proven, *_measured(result), *painted, *(reasons if result.differentiable == "no" else [])]


def _proven(result: TangentReport, look: Look) -> list[str]:
    if result.remainder.text == "0":
        return ["r = 0: f is its own tangent."]
    return paragraph(f"r(h) = o({norm(result)}), proven: {result.reasons[-1]}", look)


def _measured(result: TangentReport) -> list[str]:
    if result.order is None or result.remainder.text == "0":
        return []
    where = "" if result.differentiable == "yes" else " in these directions"
    return [f"measured: |r(h)| ~ {norm(result)}^{result.order:.2f}{where}"]
