"""The verdict for people: the answer first, then continuity, partials and differentiability with their reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gdcli.render import Look
from gdcli.render.text.calculus import equation, number, paragraph, place, signature, slope_line
from gdcli.results.differentiable import DifferentiabilityReport, Finding

STYLES = {"yes": "green", "no": "red", "undecided": "yellow"}
ANSWERS = {
    "yes": "f is differentiable at {}",
    "no": "f is not differentiable at {}",
    "undecided": "undecided whether f is differentiable at {}",
}


def result(result: DifferentiabilityReport, look: Look) -> str:
    """The whole page."""
    verdict = ANSWERS[result.differentiable.answer].format(place(result.point.at))
    narrower = replace(look, width=look.width - 2)
    slopes = [f"  {line}" for slope in result.point.slopes for line in slope_line(slope, narrower)]
    blocks = [
        _function(result, look),
        [look.paint(line, "bold") for line in paragraph(verdict, look)],
        _finding("continuous", result.continuous, [], look),
        _finding("partial derivatives", result.partials_exist, slopes, look),
        _finding("differentiable", result.differentiable, [], look),
        _table(result),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _function(result: DifferentiabilityReport, look: Look) -> list[str]:
    lines = equation(signature(result.variables), result.expression.text, look)
    here = ", ".join("?" if x.exact is None else x.exact.text for x in result.point.at.values())
    value = number(result.point.value) + (" (given)" if result.given else "")
    return lines + equation(f"f({here})", value, look)


def _finding(name: str, finding: Finding, lines: list[str], look: Look) -> list[str]:
    answer = look.paint(finding.answer, STYLES[finding.answer])
    reasons = [line for reason in finding.reasons for line in _sentence(reason, look)]
    return [f"  {name}: {answer}", *lines, *reasons]


def _sentence(reason: str, look: Look) -> list[str]:
    return [line[:4] + line[4:].lstrip() for line in paragraph(reason, look, indent=4)]


def _table(result: DifferentiabilityReport) -> list[str]:
    if not result.decay:
        return []
    norm = "|h|" if len(result.variables) == 1 else "||h||"
    heads = [_direction(direction) for direction in result.directions]
    width = max(12, *map(len, heads)) + 2
    lines = [f"  |{result.decay_of}|/{norm} along", f"{norm:>9}" + "".join(head.rjust(width) for head in heads)]
    for row in result.decay:
        cells = ("not defined" if ratio is None else f"{ratio:.4e}" if ratio else "0" for ratio in row.ratios)
        lines.append(f"{row.h:>9.0e}" + "".join(cell.rjust(width) for cell in cells))
    return lines


def _direction(direction: Sequence[float]) -> str:
    """h > 0 or h < 0 on the line; else the signs of the components."""
    if len(direction) == 1:
        return "h > 0" if direction[0] > 0 else "h < 0"
    signs = [0 if u == 0 else (1 if u > 0 else -1) for u in direction]
    shown = [f"{s}" for s in signs[:4]] + (["..."] if len(signs) > 4 else [])
    return f"({', '.join(shown)})"
