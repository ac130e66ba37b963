r"""The derivative from its definition: the quotient, what it becomes, its limits."""

from __future__ import annotations

from collections.abc import Iterator

from gdcli.render.pages.blocks import Block, Formula, Formulas, Heading, Number, Row, Table, table
from gdcli.render.pages.calculus import call, equations, number, numbers, partial, words
from gdcli.render.pages.steps import steps
from gdcli.results.derive import Derivation, DeriveReport, DifferenceQuotient

SIDES = {"right": ("0^{+}", r"\text{for } {h} > 0:"), "left": ("0^{-}", r"\text{for } {h} < 0:"), "both": ("0", "")}


def result(result: DeriveReport) -> Iterator[Block]:
    """One block a partial derivative with its quotients, then the numbers at the point, then the steps."""
    yield Heading(("The derivative from its definition",))
    function = call("f", [result.symbols[v] for v in result.variables])
    yield equations([(function, result.expression.latex)])
    for derivation in result.derivations:
        yield Formulas(tuple(_rows(derivation, result)))
        if derivation.table:
            yield _table(derivation)
    if result.point is not None:
        yield equations(numbers(result.point, result.symbols))
    yield from steps(result.steps, result.symbols)


def _table(derivation: Derivation) -> Table:
    """The quotients at h and at -h."""
    h = derivation.h.latex
    rows: list[Row] = [(Number(f"{row.h:g}"), row.right, row.left) for row in derivation.table]
    return table("r", (Formula(h), Formula(_ratio(derivation)), Formula(rf"\text{{at }} -{h}")), rows)


def _ratio(derivation: Derivation) -> str:
    moved, here = call("f", [derivation.place_moved.latex]), call("f", [derivation.place.latex])
    return rf"\frac{{{moved} - {here}}}{{{derivation.h.latex}}}"


def _rows(derivation: Derivation, result: DeriveReport) -> Iterator[str]:
    slope = partial(result.symbols[derivation.variable]) + rf"\left({derivation.place.latex}\right)"
    if result.point is not None:
        yield _equal(call("f", [derivation.place.latex]), derivation.start.latex)
    yield _equal(call("f", [derivation.place_moved.latex]), derivation.moved.latex)
    for quotient in derivation.quotients:
        yield from _side(quotient, derivation)
    yield _equal(
        slope, derivation.slope.exact.latex if derivation.slope.exact else words(derivation.slope.reason or "")
    )


def _side(quotient: DifferenceQuotient, derivation: Derivation) -> Iterator[str]:
    target, title = SIDES[quotient.side]
    h, here, moved = derivation.h.latex, call("f", [derivation.place.latex]), call("f", [derivation.place_moved.latex])
    ratio = _ratio(derivation)
    if title:
        yield "& " + title.replace("{h}", h)
    if quotient.moved is not None:
        yield _equal(moved, quotient.moved.latex)
    if quotient.difference is not None:
        yield _equal(f"{moved} - {here}", quotient.difference.latex)
    if quotient.quotient is not None:
        yield _equal(ratio, quotient.quotient.latex)
    for letter, k in quotient.increments.items():
        yield _equal(letter, rf"{k.latex} \to 0")
    for known in quotient.limits:
        yield _equal(rf"\lim \, {known.quotient.latex}", known.limit.latex)
    yield _equal(rf"\lim_{{{h} \to {target}}} {ratio}", number(quotient.limit))


def _equal(left: str, right: str) -> str:
    return f"{left} &= {right}"
