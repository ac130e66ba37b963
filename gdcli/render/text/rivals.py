"""Why no other slope does as well, and the table of those that were asked for."""

from __future__ import annotations

from collections.abc import Sequence

from gdcli.render import Look
from gdcli.render.text.calculus import number, paragraph
from gdcli.results.tangent import RivalSlope, TangentReport

SHORT = 12
"""Characters up to which an exact number stands in a sentence or at the head of a column."""


def block(result: TangentReport, look: Look) -> list[str]:
    """The sentence, and a table for --slope."""
    if not result.rivals:
        return _uniqueness(result, look)
    lines: list[str] = []
    room = max(1, (look.width - 25) // 16)
    for first in range(0, len(result.rivals), room):
        lines += _table(result, first, result.rivals[first : first + room])
    return [*_heading(result, look), *lines, *_legend(result, look), *_uniqueness(result, look)]


def _uniqueness(result: TangentReport, look: Look) -> list[str]:
    """No slope but the gradient leaves o(||h||): said only where f is proven differentiable."""
    if result.differentiable != "yes":
        return []
    if len(result.variables) == 1:
        best = _best(result)
        error = f"for slope c, error/|h| -> {_apart(best)}, which is 0 only for c = {best}"
    else:
        error = "for slope c, error/||h|| -> ||c - grad f|| in the worst direction, which is 0 only for c = grad f"
    return paragraph(f"No other slope does as well: {error}.", look)


def _best(result: TangentReport) -> str:
    exact = result.point.slopes[0].slope.exact
    return exact.text if exact is not None and len(exact.text) <= SHORT else "f'(x0)"


def _apart(best: str) -> str:
    """|c - 2|, |c + 2|, |c|."""
    if best == "0":
        return "|c|"
    if " " in best:
        return f"|c - ({best})|"
    return f"|c + {best[1:]}|" if best.startswith("-") else f"|c - {best}|"


def _heading(result: TangentReport, look: Look) -> list[str]:
    single = len(result.variables) == 1
    error = "|f(x0 + h) - f(x0) - c h|/|h|" if single else "|f(x0 + h) - f(x0) - c^T h|/||h||"
    where = "the larger of h and -h" if single else "along +-(c - grad f), where c errs most"
    return [look.paint(line, "bold") for line in paragraph(f"other slopes: {error}, {where}", look)]


def _table(result: TangentReport, first: int, rivals: Sequence[RivalSlope]) -> list[str]:
    norm = "|h|" if len(result.variables) == 1 else "||h||"
    heads = ["best slope", *(_head(rival, place) for place, rival in enumerate(rivals, first + 1))]
    columns = [_worst(result), *(rival.errors for rival in rivals)]
    lines = [f"{norm:>9}" + "".join(head.rjust(16) for head in heads)]
    for row, cells in zip(result.decay, zip(*columns, strict=True), strict=True):
        shown = ("not defined" if cell is None else f"{cell:.6g}" for cell in cells)
        lines.append(f"{row.h:>9.0e}" + "".join(cell.rjust(16) for cell in shown))
    if result.differentiable == "yes":
        limits = ["0", *(_limit(rival) for rival in rivals)]
        lines.append(f"{'limit':>9}" + "".join(limit.rjust(16) for limit in limits))
    return lines


def _worst(result: TangentReport) -> list[float | None]:
    """The best slope's error: the largest of the directions of the decay table."""
    return [None if None in row.ratios else max(r for r in row.ratios if r is not None) for row in result.decay]


def _head(rival: RivalSlope, place: int) -> str:
    shown = _shown(rival)
    return f"c = {shown}" if _fits(shown) else f"c{place}"


def _fits(shown: str) -> bool:
    return len(shown) <= SHORT - 3


def _shown(rival: RivalSlope) -> str:
    entries = [c.exact.text if c.exact is not None else "" for c in rival.slope]
    return entries[0] if len(entries) == 1 else f"({', '.join(entries)})"


def _limit(rival: RivalSlope) -> str:
    exact = "" if rival.limit.exact is None else rival.limit.exact.text
    return exact if len(exact) <= SHORT else f"{rival.limit.value:.6g}"


def _legend(result: TangentReport, look: Look) -> list[str]:
    """What stands for c1, c2, and every limit that the table had no room to show exactly."""
    lines: list[str] = []
    for place, rival in enumerate(result.rivals, 1):
        shown, name = _shown(rival), _head(rival, place)
        if not _fits(shown):
            lines += paragraph(f"{name} = {shown}", look, indent=2)
        if result.differentiable == "yes" and rival.limit.exact is not None and rival.limit.exact.text != _limit(rival):
            distance = "|c - f'(x0)|" if len(rival.slope) == 1 else "||c - grad f||"
            lines += paragraph(f"{name}: {distance} = {number(rival.limit)}", look, indent=2)
    return lines
