r"""Directions: ascent, descent, the level set, the directional derivatives, the table of the cosine law."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gdcli.render.pages.blocks import Block, Cell, Formula, Heading, Number, Row, Table, table
from gdcli.render.pages.calculus import call, column, equations, number, numbers, scientific
from gdcli.results.common import Quantity
from gdcli.results.steepest import DirectionReport, SteepestReport


def result(result: SteepestReport) -> Iterator[Block]:
    """One block of formulas, and a table where there is a gradient."""
    yield Heading(("Steepest ascent and descent",))
    rows = [(call("f", [result.symbols[name] for name in result.variables]), result.expression.latex)]
    rows += [*numbers(result.point, result.symbols), *_steepest(result)]
    for name, axis in zip(result.variables if result.axes else (), result.axes, strict=True):
        rows += [(rf"D_{{+{result.symbols[name]}}} f", number(axis.slope))]
        rows += [(rf"D_{{-{result.symbols[name]}}} f", number(axis.opposite))]
    for direction in result.along:
        rows += _along(direction)
    yield equations(rows)
    if result.table:
        yield _table(result)


def _steepest(result: SteepestReport) -> list[tuple[str, str]]:
    if result.ascent is None or result.descent is None or result.point.norm is None:
        return []
    rows = [
        (r"\left\|\nabla f\right\|", number(result.point.norm)),
        (r"u_{\text{ascent}}", _vector(result.ascent.unit)),
        (r"u_{\text{descent}}", _vector(result.descent)),
    ]
    return rows if result.level is None else [*rows, (r"u_{\text{level}}", _vector(result.level))]


def _vector(entries: Sequence[Quantity]) -> str:
    return column([number(entry) for entry in entries])


def _along(direction: DirectionReport) -> list[tuple[str, str]]:
    rows = [("u", _vector(direction.unit)), ("D_u f", number(direction.slope))]
    return rows if direction.angle is not None else [*rows, ("D_{-u} f", number(direction.opposite))]


def _table(result: SteepestReport) -> Table:
    """The cosine law: the slope at an angle beside the changes measured over eps."""
    titles: list[Cell] = [Formula(r"\theta"), Formula(r"\|\nabla f\| \cos\theta")]
    titles += [Formula(rf"\varepsilon = {scientific(f'{eps:g}')}") for eps in result.epsilons]
    rows: list[Row] = [
        (
            Formula(rf"{row.degrees}^\circ"),
            Formula(number(row.slope)),
            *(None if measured is None else Number(f"{measured:.9f}") for measured in row.measured),
        )
        for row in result.table
    ]
    return table("r", titles, rows)
