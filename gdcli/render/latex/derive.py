r"""The derivative from its definition in LaTeX: the quotient, what it becomes, its limits."""

from __future__ import annotations

from collections.abc import Iterator

from gdcli.render import Look
from gdcli.render.latex.calculus import align, call, equations, number, numbers, partial, words
from gdcli.render.latex.steps import pages
from gdcli.results.derive import Derivation, DeriveReport, DifferenceQuotient

SIDES = {"right": ("0^{+}", r"\text{for } {h} > 0:"), "left": ("0^{-}", r"\text{for } {h} < 0:"), "both": ("0", "")}


def result(result: DeriveReport, look: Look) -> str:
    """One align a partial derivative, then the numbers at the point, then the steps."""
    function = call("f", [result.symbols[v] for v in result.variables])
    blocks = [equations([(function, result.expression.latex)])]
    blocks += [align(_rows(derivation, result)) for derivation in result.derivations]
    if result.point is not None:
        blocks.append(equations(numbers(result.point, result.symbols)))
    return "\n".join(blocks + pages(result.steps))


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
    ratio = rf"\frac{{{moved} - {here}}}{{{h}}}"
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
