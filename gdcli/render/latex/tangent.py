r"""The tangent in LaTeX: the numbers at the point, the linear part and the remainder."""

from __future__ import annotations

from gdcli.render import Look
from gdcli.render.latex.calculus import call, equations, numbers
from gdcli.results import TangentReport


def result(result: TangentReport, look: Look) -> str:
    """One align environment."""
    variables = [result.symbols[name] for name in result.variables]
    rows = [(call("f", variables), result.expression.latex), *numbers(result.point, result.symbols)]
    rows.append((call("T", variables), result.tangent.latex))
    return equations([*rows, (call("r", [result.symbols[name] for name in result.steps]), result.remainder.latex)])
