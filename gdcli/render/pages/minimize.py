r"""A descent on a formula: the function, the logged steps as a table, where it ended."""

from __future__ import annotations

from collections.abc import Iterator

from gdcli.render.pages.blocks import Block, Cell, Formula, Heading, Remark, Row, Text, table
from gdcli.render.pages.calculus import call, equations, scientific
from gdcli.results.minimize import MinimizeHead, MinimizeReport


def result(result: MinimizeReport) -> Iterator[Block]:
    """f and the step size, a table of the steps, why it stopped."""
    head = result.head
    yield Heading(("Gradient descent on a formula",))
    symbols = [head.symbols[name] for name in head.variables]
    yield equations([(call("f", symbols), head.expression.latex), *_step_size(head)])
    yield Remark((f"{head.title}: {head.update}",))
    titles: list[Cell] = [Formula(title) for title in ("t", "f", r"\|\nabla f\|", *symbols)]
    rows: list[Row] = [(step.step, step.value, step.gradient_norm, *step.x.values()) for step in result.path]
    yield table("r", titles, rows)
    yield Text((f"Stopped at step {result.step}: {result.stopped}.",))


def _step_size(head: MinimizeHead) -> list[tuple[str, str]]:
    return [] if head.eta is None else [(r"\eta_0", scientific(f"{head.eta:.9g}"))]
