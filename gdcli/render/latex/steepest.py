r"""Directions in LaTeX: ascent, descent, the level set, the directional derivatives, the table of the cosine law."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10

from gdcli.render import Look
from gdcli.render.latex.calculus import call, column, equations, number, numbers
from gdcli.results.common import Quantity
from gdcli.results.steepest import DirectionReport, SteepestReport


def result(result: SteepestReport, look: Look) -> str:
    """An align environment, and a tabular where there is a gradient."""
    rows = [(call("f", [result.symbols[name] for name in result.variables]), result.expression.latex)]
    rows += [*numbers(result.point, result.symbols), *_steepest(result)]
    for name, axis in zip(result.variables if result.axes else (), result.axes, strict=True):
        rows += [(rf"D_{{+{result.symbols[name]}}} f", number(axis.slope))]
        rows += [(rf"D_{{-{result.symbols[name]}}} f", number(axis.opposite))]
    for direction in result.along:
        rows += _along(direction)
    return "\n".join([equations(rows), *([_table(result)] if result.table else [])])


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


def _table(result: SteepestReport) -> str:
    heads = [rf"$\varepsilon = 10^{{{round(log10(eps))}}}$" for eps in result.epsilons]
    head = " & ".join([r"$\theta$", r"$\|\nabla f\| \cos\theta$", *heads])
    lines = [rf"\begin{{tabular}}{{{'r' * (2 + len(heads))}}}", rf"  {head} \\ \hline"]
    for row in result.table:
        cells = [f"${number(row.slope)}$", *("--" if m is None else f"{m:.9f}" for m in row.measured)]
        lines.append(rf"  ${row.degrees}^\circ$ & {' & '.join(cells)} \\")
    return "\n".join([*lines, r"\end{tabular}"])
