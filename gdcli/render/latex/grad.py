r"""The gradient in LaTeX: the partials, the column vector, the numbers at the point, the steps."""

from __future__ import annotations

from gdcli.render import Look
from gdcli.render.latex.calculus import align, call, column, equations, numbers, partial
from gdcli.results import DerivativeStep, GradientReport


def result(result: GradientReport, look: Look) -> str:
    """One align of results, one for each variable's steps."""
    pages = [equations(_rows(result))]
    return "\n".join(pages + [align(map(_step, steps)) for steps in (result.steps or {}).values()])


def _rows(result: GradientReport) -> list[tuple[str, str]]:
    rows = [(call("f", [result.symbols[v] for v in result.variables]), result.expression.latex)]
    rows += [(partial(result.symbols[name]), found.latex) for name, found in result.partials.items()]
    if len(result.partials) > 1:
        rows.append((r"\nabla f", column([found.latex for found in result.partials.values()])))
    return rows + ([] if result.point is None else numbers(result.point, result.symbols))


def _step(step: DerivativeStep) -> str:
    return rf"& {step.latex} && \text{{{step.rule}}}"
