"""A gradient as a Markdown page with formulas between dollar signs."""

from __future__ import annotations

from collections.abc import Iterator

from gdcli.render import Look
from gdcli.render.latex.calculus import call, column, number, partial
from gdcli.results.common import DerivativeStep, PointReport
from gdcli.results.grad import GradientReport


def result(result: GradientReport, look: Look) -> str:
    """The function, its partials, the gradient, the values at the point, the steps, the rules."""
    return "\n\n".join(_blocks(result)) + "\n"


def _blocks(result: GradientReport) -> Iterator[str]:
    arguments = [result.symbols[name] for name in result.variables]
    yield "## Gradient"
    yield _display(f"{call('f', arguments)} = {result.expression.latex}")
    if not result.partials:
        yield "f is a constant: it has no partial derivatives."
    for name, piece in (result.tape or {}).items():
        yield _display(f"{result.symbols[name]} = {piece.latex}")
    for name, found in result.partials.items():
        yield _display(f"{partial(result.symbols[name])} = {found.latex}")
    if len(result.partials) > 1:
        yield _display(rf"\nabla f = {column([found.latex for found in result.partials.values()])}")
    if result.point is not None:
        yield from _point(result, result.point)
    for name, steps in (result.steps or {}).items():
        yield f"### ${partial(result.symbols[name])}$ rule by rule"
        yield "\n".join(_steps(steps))
    if result.rules:
        yield f"Rules: {', '.join(result.rules)}."


def _point(result: GradientReport, point: PointReport) -> Iterator[str]:
    place = ", ".join(f"{result.symbols[name]} = {number(coordinate)}" for name, coordinate in point.at.items())
    yield f"### At ${place}$"
    bar = r"\vert "
    rows = [("f", number(point.value), point.value.value)]
    rows += [(partial(result.symbols[s.variable]), number(s.slope), s.slope.value) for s in point.slopes]
    if point.norm is not None and len(point.slopes) > 1:
        rows.append((r"\lVert\nabla f\rVert", number(point.norm), point.norm.value))
    # A bar would end the cell.
    table = [
        f"| ${left}$ | ${exact.replace('|', bar)}$ | {'' if value is None else f'{value:.12g}'} |"
        for left, exact, value in rows
    ]
    yield "\n".join(["| | exact | decimal |", "|---|---|---|", *table])


def _steps(steps: tuple[DerivativeStep, ...]) -> Iterator[str]:
    for place, step in enumerate(steps, 1):
        by = f" (by {', '.join(map(str, step.uses))})" if step.uses else ""
        yield f"{place}. {step.rule}{by}: ${step.latex.replace('&', '')}$"


def _display(formula: str) -> str:
    return f"$$\n{formula}\n$$"
