"""`gdcli tangent EXPR --at P`: the tangent line or hyperplane, and the remainder it leaves."""

from __future__ import annotations

from typing import Annotated

import typer

from gdcli.cli.formula import read, read_point
from gdcli.cli.options import Color, Expression, Format, Json, Quiet, Strict, Timeout, Vars, Verbose, terminal

FORMATS = ("text", "json", "ndjson", "latex")


def command(
    ctx: typer.Context,
    expression: Expression,
    at: Annotated[str, typer.Option("--at", metavar="P", help='The point: "x1=1, x2=-2" or "1,-2".')],
    vars: Vars = None,
    strict: Strict = False,
    timeout: Timeout = 10.0,
    format: Format = "text",
    json: Json = False,
    color: Color = "auto",
    quiet: Quiet = False,
    verbose: Verbose = 0,
) -> None:
    """The tangent line or hyperplane at a point, its remainder, and how fast the remainder decays.

    \b
    gdcli tangent "x^2" --at 1                T(x) = 1 + 2*(x - 1), r(h) = h^2
    gdcli tangent "x1^2 x2" --at 1,-2         a tangent hyperplane
    gdcli tangent "sin x" --at pi/4           exact numbers are welcome
    """
    from gdcli.calculus.report import tangent_report
    from gdcli.language.budget import within

    place = terminal(ctx)
    formula = read(expression, vars, strict, place)
    place.emit(within(tangent_report, formula, read_point(at, formula), seconds=timeout))
