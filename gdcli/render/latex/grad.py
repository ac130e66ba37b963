r"""The gradient in LaTeX: the partials, the column vector, the numbers at the point, the steps."""

from __future__ import annotations

from gdcli.render import Look
from gdcli.render.latex.calculus import call, column, equations, numbers, partial
from gdcli.render.latex.steps import pages
from gdcli.results.grad import GradientReport


def result(result: GradientReport, look: Look) -> str:
    """One align of results, one for each variable's steps."""
    return "\n".join([equations(_rows(result)), *pages(result.steps)])


def _rows(result: GradientReport) -> list[tuple[str, str]]:
    rows = [(call("f", [result.symbols[v] for v in result.variables]), result.expression.latex)]
    rows += [(result.symbols[name], piece.latex) for name, piece in (result.tape or {}).items()]
    rows += [(partial(result.symbols[name]), found.latex) for name, found in result.partials.items()]
    if len(result.partials) > 1:
        rows.append((r"\nabla f", column([found.latex for found in result.partials.values()])))
    return rows + ([] if result.point is None else numbers(result.point, result.symbols))
