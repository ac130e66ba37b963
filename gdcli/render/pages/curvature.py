r"""The curvature: Hessian, Taylor polynomial, and the bounds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gdcli.render.pages.blocks import Block, Formulas, Heading, Remark
from gdcli.render.pages.calculus import call, matrix, number
from gdcli.results.curvature import Bracket, CurvaturePoint, CurvatureReport


def result(result: CurvatureReport) -> Iterator[Block]:
    """One block of formulas, and the verdict with its reasons."""
    yield Heading(("Curvature",))
    yield Formulas(tuple(_rows(result)))
    found = result.convexity
    yield Remark((" ".join((f"Convexity on {found.region}: {found.verdict}.", *found.reasons)),))


def _rows(result: CurvatureReport) -> Iterator[str]:
    arguments = [result.symbols[name] for name in result.variables]
    yield f"{call('f', arguments)} &= {result.expression.latex}"
    yield rf"\nabla^{{2}} f &= {_matrix([[entry.latex for entry in row] for row in result.hessian])}"
    if result.point is not None:
        yield from _point(result.point, arguments)
    found = result.convexity
    for name, bracket in (
        (r"\inf \lambda_{\min}", found.smallest),
        (r"\sup \lambda_{\max}", found.largest),
        ("L", found.L),
    ):
        if bracket is not None and (bracket.lower is not None or bracket.upper is not None):
            yield f"{name} {_bracket(bracket)}"
    if found.eta is not None:
        yield rf"\eta = 1/L &= {repr(found.eta) if found.eta_exact is None else found.eta_exact.latex}"


def _point(found: CurvaturePoint, arguments: Sequence[str]) -> Iterator[str]:
    place = [number(q) for q in found.point.at.values()]
    yield f"{call('f', place)} &= {number(found.point.value)}"
    if found.hessian is not None:
        entries = [[number(entry) for entry in row] for row in found.hessian]
        left = call(r"\nabla^{2} f", place)
        yield f"{left} &= {_matrix(entries)}"
    if found.taylor is not None:
        yield f"{call('T_{2}', arguments)} &= {found.taylor.latex}"


def _matrix(rows: Sequence[Sequence[str]]) -> str:
    """The matrix, a single entry without brackets."""
    return rows[0][0] if len(rows) == 1 else matrix(rows)


def _bracket(bracket: Bracket) -> str:
    if bracket.exact is not None:
        return f"&= {bracket.exact.latex}"
    low = r"-\infty" if bracket.lower is None else repr(bracket.lower)
    high = r"\infty" if bracket.upper is None else repr(bracket.upper)
    return rf"&\in \left[{low}, {high}\right]"
