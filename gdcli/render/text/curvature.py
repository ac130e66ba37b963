"""Curvature for people: the Hessian, second order at a point, and what is proven of convexity, mu and L."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Context

from gdcli.render import Look
from gdcli.render.text.calculus import column, equation, number, paragraph, place, signature, slope_line
from gdcli.results.common import Quantity
from gdcli.results.curvature import Bracket, Convexity, CurvaturePoint, CurvatureReport, CurvatureWitness

MATRIX_ROWS = 8
"""Rows up to which a matrix is drawn."""
TINY = 1e-12
COLOURS = {"convex": "green", "concave": "green", "affine": "green", "neither": "red", "undecided": "yellow"}


def result(result: CurvatureReport, look: Look) -> str:
    """The whole page."""
    texts = [[entry.text for entry in row] for row in result.hessian]
    blocks = [
        equation(signature(result.variables), result.expression.text, look),
        [*_matrix("H", texts, result.variables, look), *_where_smooth(result)],
        [] if result.point is None else _point(result.point, result.variables, look),
        _verdict(result.convexity, look),
        _bounds(result.convexity, look),
    ]
    if look.verbose:
        blocks.append(paragraph(f"bounds: {result.arithmetic}", look))
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _matrix(
    name: str, rows: Sequence[Sequence[str]], variables: Sequence[str], look: Look, indent: int = 0
) -> list[str]:
    """The matrix drawn, or its entries that are not 0 on and above the diagonal."""
    start = " " * indent
    if len(rows) == 1:
        return equation(name if indent else "f''", rows[0][0], look, indent)
    widths = [max(map(len, entries)) for entries in zip(*rows, strict=True)]
    if len(rows) <= MATRIX_ROWS and indent + len(name) + 6 + sum(widths) + 2 * len(widths) <= look.width:
        lines = ["  ".join(entry.rjust(width) for entry, width in zip(row, widths, strict=True)) for row in rows]
        return [start + line for line in column(name, lines, look, align=">")]
    lines = [f"{start}{name} is {len(rows)} x {len(rows)} and symmetric; its entries that are not 0:"]
    for i, row in enumerate(rows):
        for j in range(i, len(rows)):
            if row[j] != "0":
                lines += equation(f"d2f/d{variables[i]}d{variables[j]}", row[j], look, indent + 2)
    return lines


def _where_smooth(result: CurvatureReport) -> list[str]:
    return ["    (where every piece of f is smooth)"] if result.convexity.L is None else []


def _point(found: CurvaturePoint, variables: Sequence[str], look: Look) -> list[str]:
    lines = [look.paint(line, "bold") for line in paragraph(f"at {place(found.point.at)}:", look)]
    lines += equation("f", number(found.point.value), look, indent=2)
    for slope in found.point.slopes:
        lines += slope_line(slope, look)
    if found.reason is not None:
        return [*lines, *(look.paint(line, "yellow") for line in paragraph(found.reason, look, indent=2))]
    if found.hessian is not None:
        lines += _matrix("H", [[_short(entry) for entry in row] for row in found.hessian], variables, look, indent=2)
    lines += paragraph(_signs(found), look, indent=2)
    lines += paragraph(f"{found.type}: {found.type_reason}", look, indent=2)
    if found.taylor is not None:
        lines += equation("T2", found.taylor.text, look, indent=2)
    return lines


def _short(entry: Quantity) -> str:
    return "?" if entry.exact is None else entry.exact.text


def _signs(found: CurvaturePoint) -> str:
    if found.eigenvalues is None:
        return "the signs of H's eigenvalues could not be proven"
    positive, negative, zero = found.eigenvalues
    return f"H is {found.definiteness}: {positive} positive, {negative} negative, {zero} zero eigenvalues"


def _verdict(found: Convexity, look: Look) -> list[str]:
    where = f"on {found.region}" + (f", where {' and '.join(found.where)}" if found.where else "")
    words = {
        "neither": f"neither convex nor concave {where}",
        "undecided": f"undecided whether f is convex {where}",
    }.get(found.verdict, f"{_strength(found)}{found.verdict} {where}")
    lines = [look.paint(line, f"bold {COLOURS[found.verdict]}") for line in paragraph(words, look)]
    for reason in found.reasons:
        lines += paragraph(reason, look, indent=2)
    for witness, claim in ((found.not_convex, "not convex"), (found.not_concave, "not concave")):
        lines += [] if witness is None else _witness(witness, claim, look)
    return lines


def _strength(found: Convexity) -> str:
    return "strongly " if found.strong else "strictly " if found.strict else ""


def _witness(witness: CurvatureWitness, claim: str, look: Look) -> list[str]:
    direction = _direction(witness.direction)
    words = f"{claim}: at {_place(witness.at)} along d = {direction}, d^T H d = {number(witness.curvature)}"
    return paragraph(words, look, indent=2)


def _place(at: Mapping[str, Quantity]) -> str:
    """The coordinates; of a long vector whose components are all the same, that one."""
    values = {_short(x) for x in at.values()}
    if len(at) <= MATRIX_ROWS or len(values) > 1:
        return place(at)
    names = list(at)
    return f"{names[0]} = ... = {names[-1]} = {values.pop()}"


def _direction(direction: Sequence[int]) -> str:
    """The components, of a long vector those that are not 0."""
    if len(direction) <= MATRIX_ROWS:
        return f"({', '.join(map(str, direction))})"
    return " + ".join(f"{d} e{i}" for i, d in enumerate(direction, 1) if d)


def _bounds(found: Convexity, look: Look) -> list[str]:
    if found.smallest is None or found.largest is None or found.L is None:
        return paragraph(f"no L: f is not known to be smooth everywhere on {found.region}", look)
    lines = [look.paint(line, "bold") for line in paragraph(f"eigenvalues of H on {found.region}", look)]
    lines += [f"  smallest {_bracket(found.smallest)}", f"  largest {_bracket(found.largest)}"]
    if found.strong and found.mu is not None and found.mu.lower is not None:
        kappa = "" if found.L.upper is None else f", kappa = L/mu <= {rounded(found.L.upper / found.mu.lower, up=True)}"
        lines.append(f"  mu {_bracket(found.mu)}{kappa}")
    if found.L.upper is None:
        hint = "" if found.bounded else "; give a box: --on"
        return [*lines, *paragraph(f"no L: no finite bound on {found.region} was found{hint}", look, indent=2)]
    lines += paragraph(f"L {_bracket(found.L)}: ||grad f(a) - grad f(b)|| <= L ||a - b||", look, indent=2)
    if found.eta is None:
        return [*lines, "grad f is constant: no step size is better than another"]
    eta = rounded(found.eta, up=False) if found.eta_exact is None else _exactly(found.eta_exact.text, found.eta)
    stay = ", as long as the steps stay in the box" if " in " in found.region else ""
    return [*lines, *paragraph(f"gradient descent: eta = 1/L = {eta}{stay}", look)]


def _bracket(bracket: Bracket) -> str:
    """= an exact number, or in the interval it is proven to lie in, rounded outward."""
    if bracket.exact is not None:
        return f"= {_exactly(bracket.exact.text, bracket.upper if bracket.upper is not None else 0.0)}"
    if bracket.lower is None or bracket.upper is None:
        known = "" if bracket.lower is None else f">= {rounded(bracket.lower, up=False)}, "
        known = known if bracket.upper is None else f"<= {rounded(bracket.upper, up=True)}, "
        return f"{known}no other bound found"
    low, high = rounded(bracket.lower, up=False), rounded(bracket.upper, up=True)
    return f"= {low}" if low == high else f"in [{low}, {high}]"


def rounded(value: float, *, up: bool) -> str:
    """Six digits of a number, the last one rounded up or down; what is nearer to 0 than 1e-12 by that much."""
    if 0.0 < abs(value) < TINY:
        value = (TINY if up else -TINY) if (value > 0.0) == up else 0.0
    context = Context(prec=6, rounding=ROUND_CEILING if up else ROUND_FLOOR)
    return f"{float(context.create_decimal(value)):.6g}"


def _exactly(exact: str, value: float) -> str:
    shown = f"{value:.6g}"
    return exact if exact.lstrip("-").isdigit() or exact == shown else f"{exact} ~ {shown}"
