r"""The tangent: the numbers at the point, the linear part, the remainder and its decay."""

from __future__ import annotations

from collections.abc import Iterator

from gdcli.render.pages.blocks import Block, Heading, Text
from gdcli.render.pages.calculus import call, column, equations, number, numbers
from gdcli.render.pages.decay import decay_table
from gdcli.results.tangent import TangentReport


def result(result: TangentReport) -> Iterator[Block]:
    """One block of formulas, the decay table, and where differentiability is not proven the reasons."""
    yield Heading(("Tangent",))
    variables = [result.symbols[name] for name in result.variables]
    rows = [(call("f", variables), result.expression.latex), *numbers(result.point, result.symbols)]
    rows.append((call("T", variables), result.tangent.latex))
    rows.append((call("r", [result.symbols[name] for name in result.steps]), result.remainder.latex))
    yield equations(rows + (_limits(result) if result.differentiable == "yes" else []))
    if result.decay:
        yield decay_table("r(h)", result.directions, result.decay)
    if result.differentiable != "yes":
        yield Text((" ".join(result.reasons),))
    if result.caveat is not None:
        yield Text((result.caveat,))


def _limits(result: TangentReport) -> list[tuple[str, str]]:
    """What is proven of the remainder, and of every other slope asked for."""
    single = len(result.variables) == 1
    norm, slope = (r"\left|h\right|", "c") if single else (r"\left\|h\right\|", r"c^{\mathsf T}")
    rows = [("r", rf"o\left({norm}\right)")]
    error = rf"\left|f\left(x_0 + h\right) - f\left(x_0\right) - {slope} h\right|"
    for rival in result.rivals:
        c = number(rival.slope[0]) if single else column([number(entry) for entry in rival.slope])
        rows.append((rf"c = {c}: \quad \limsup_{{h \to 0}} \frac{{{error}}}{{{norm}}}", number(rival.limit)))
    return rows
