"""The derivative from its definition, for people: the quotient line by line, both limits, and whether they agree."""

from __future__ import annotations

from gdcli.render import Look
from gdcli.render.text import steps
from gdcli.render.text.calculus import column, equation, number, paragraph, place, signature
from gdcli.render.text.fold import fold
from gdcli.results.common import PointReport, Quantity
from gdcli.results.derive import Derivation, DeriveReport, DifferenceQuotient

SIDES = {"right": ">", "left": "<"}


def result(result: DeriveReport, look: Look) -> str:
    """The whole page."""
    blocks = [equation(signature(result.variables), result.expression.text, look)]
    for derivation in result.derivations:
        blocks += _derivation(derivation, result, look)
    blocks.append(_gradient(result.point, look))
    blocks += steps.blocks(result.steps, look)
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _name(derivation: Derivation, result: DeriveReport) -> str:
    """f'(3) in one variable, df/dx1(1, -2) in several."""
    head = "f'" if len(result.variables) == 1 else f"df/d{derivation.variable}"
    return f"{head}({derivation.place.text})"


def _derivation(derivation: Derivation, result: DeriveReport, look: Look) -> list[list[str]]:
    where = "at a general point" if result.point is None else f"at {place(result.point.at)}"
    along = "" if len(result.variables) == 1 else f" along {derivation.variable}"
    heads = [look.paint(line, "bold") for line in paragraph(f"from the definition, {where}{along}:", look)]
    h, name = derivation.h.text, _name(derivation, result)
    heads += equation(name, f"lim {_quotient(derivation)} as {h} -> 0", look, indent=2)
    first, *others = [_side(quotient, derivation, look) for quotient in derivation.quotients]
    start = _start(derivation, result, look)
    blocks = [start, first, *others] if others else [start + first]
    return [heads, *blocks, _table(derivation), _verdict(derivation, name, look)]


def _quotient(derivation: Derivation) -> str:
    return f"(f({derivation.place_moved.text}) - f({derivation.place.text}))/{derivation.h.text}"


def _start(derivation: Derivation, result: DeriveReport, look: Look) -> list[str]:
    start = [] if result.point is None else equation(f"f({derivation.place.text})", derivation.start.text, look, 2)
    return start + equation(f"f({derivation.place_moved.text})", derivation.moved.text, look, 2)


def _side(quotient: DifferenceQuotient, derivation: Derivation, look: Look) -> list[str]:
    h, moved, here = derivation.h.text, derivation.place_moved.text, derivation.place.text
    sign = SIDES.get(quotient.side)
    lines = [] if sign is None else [f"for {h} {sign} 0:"]
    value = f"f({moved})"
    moved_left = value if sign else " " * len(value)
    for left, right in ((moved_left, quotient.moved), (f"{value} - f({here})", quotient.difference)):
        lines += [] if right is None else equation(left, right.text, look, 2)
    for words in quotient.identities:
        lines += paragraph(f"with {words}", look, 2)
    if quotient.quotient is not None:
        lines += equation(_quotient(derivation), quotient.quotient.text, look, 2)
    for letter, k in quotient.increments.items():
        lines += equation(f"where {letter}", f"{k.text} -> 0", look, 2)
    for known in quotient.limits:
        lines += paragraph(f"{known.quotient.text} -> {known.limit.text}", look, 4)
    direction = {None: "", ">": "+", "<": "-"}[sign]
    limit = f"{_number(quotient.limit)} [{quotient.how}]"
    return lines + fold(f"  as {h} -> 0{direction}:", limit, look.width, 6)


def _number(quantity: Quantity) -> str:
    """A number with its decimals, a formula as it is, or the words in place of one."""
    if quantity.exact is not None and quantity.value is None and quantity.reason is None:
        return quantity.exact.text
    return number(quantity)


def _table(derivation: Derivation) -> list[str]:
    if not derivation.table:
        return []
    lines = [f"{derivation.h.text:>9}{'quotient at h':>24}{'at -h':>24}".replace(" h", f" {derivation.h.text}")]
    for row in derivation.table:
        cells = ("not defined" if value is None else f"{value:.12g}" for value in (row.right, row.left))
        lines.append(f"{row.h:>9.0e}" + "".join(cell.rjust(24) for cell in cells))
    return lines


def _verdict(derivation: Derivation, name: str, look: Look) -> list[str]:
    lines = equation("limit from the right", _number(derivation.right), look)
    lines += equation("limit from the left", _number(derivation.left), look)
    if derivation.kind == "value":
        verdict = equation(f"they agree: {name}", _number(derivation.slope), look)
        lines += [look.paint(line, "bold") for line in verdict]
    else:
        lines += [look.paint(line, "yellow") for line in paragraph(derivation.slope.reason or "", look)]
    return lines + (paragraph(f"check: {derivation.check}", look) if derivation.check else [])


def _gradient(point: PointReport | None, look: Look) -> list[str]:
    if point is None or any(slope.kind != "value" for slope in point.slopes) or len(point.slopes) < 2:
        return []
    return column("grad f", [number(slope.slope) for slope in point.slopes], look, align=">")
