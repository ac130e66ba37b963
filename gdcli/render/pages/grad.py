r"""The gradient: the partials, the column vector, the numbers at the point, the steps, the rules."""

from __future__ import annotations

from collections.abc import Iterator

from gdcli.render.pages.blocks import Block, Heading, Remark
from gdcli.render.pages.calculus import call, column, equations, numbers, partial
from gdcli.render.pages.steps import steps
from gdcli.results.grad import GradientReport


def result(result: GradientReport) -> Iterator[Block]:
    """The results in one block, then one for each variable's steps."""
    yield Heading(("Gradient",))
    yield equations(_rows(result))
    if not result.partials:
        yield Remark(("f is a constant: it has no partial derivatives.",))
    yield from steps(result.steps, result.symbols)
    if result.rules:
        yield Remark((f"Rules: {', '.join(result.rules)}.",))


def _rows(result: GradientReport) -> list[tuple[str, str]]:
    rows = [(call("f", [result.symbols[v] for v in result.variables]), result.expression.latex)]
    rows += [(result.symbols[name], piece.latex) for name, piece in (result.tape or {}).items()]
    rows += [(partial(result.symbols[name]), found.latex) for name, found in result.partials.items()]
    if len(result.partials) > 1:
        rows.append((r"\nabla f", column([found.latex for found in result.partials.values()])))
    return rows + ([] if result.point is None else numbers(result.point, result.symbols))
