r"""A claimed gradient: each partial as claimed, and where it is wrong the point and the right one."""

from __future__ import annotations

from collections.abc import Iterator

from gdcli.render.pages.blocks import Block, Formulas, Heading, Remark
from gdcli.render.pages.calculus import call, number, partial, words
from gdcli.results.check import CheckedPartial, CheckReport


def result(result: CheckReport) -> Iterator[Block]:
    """The formula, the claims and the verdicts."""
    yield Heading((f"The claimed gradient is {'right' if result.right else 'wrong'}",))
    symbols = [result.symbols[name] for name in result.variables]
    rows = [f"{call('f', symbols)} &= {result.expression.latex}"]
    for checked in result.partials:
        rows += _rows(checked, partial(result.symbols[checked.variable]))
    yield Formulas(tuple(rows))
    yield from (Remark((note,)) for checked in result.partials for note in checked.notes)


def _rows(checked: CheckedPartial, left: str) -> Iterator[str]:
    found = checked.counterexample
    if found is None:
        evidence = "proven" if checked.how == "proven" else f"equal at {checked.points} points to 50 digits"
        yield f"{left} &= {checked.claim.latex} && {words(f'right ({evidence})')}"
        return
    yield rf"{left} &\neq {checked.claim.latex} && {words('wrong')}"
    place = rf"\left({', '.join(number(coordinate) for coordinate in found.at.values())}\right)"
    yield rf"{left}{place} &= {number(found.truth)} && {words('claimed: ')} {number(found.claim)}"
    yield f"{left} &= {checked.truth.latex} && {words('right')}"
