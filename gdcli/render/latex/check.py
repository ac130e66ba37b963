r"""A claimed gradient in LaTeX: each partial as claimed, and where it is wrong the point and the right one."""

from __future__ import annotations

from collections.abc import Iterator

from gdcli.render import Look
from gdcli.render.latex.calculus import align, call, number, partial, words
from gdcli.results.check import CheckedPartial, CheckReport


def result(result: CheckReport, look: Look) -> str:
    """One align of the formula, the claims and the verdicts."""
    symbols = [result.symbols[name] for name in result.variables]
    rows = [f"{call('f', symbols)} &= {result.expression.latex}"]
    for checked in result.partials:
        rows += _rows(checked, partial(result.symbols[checked.variable]))
    return align(rows)


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
