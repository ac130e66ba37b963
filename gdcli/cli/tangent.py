"""`gdcli tangent EXPR --at P`: the tangent line or hyperplane, and the remainder it leaves."""

from __future__ import annotations

from typing import Annotated

import typer

from gdcli.cli import picture
from gdcli.cli.formula import read, read_point, read_vector
from gdcli.cli.options import (
    EVERY,
    Color,
    Expression,
    Format,
    Json,
    Memory,
    Quiet,
    Strict,
    Timeout,
    Vars,
    Verbose,
    terminal,
)
from gdcli.cli.picture import Plot

FORMATS = EVERY


def command(
    ctx: typer.Context,
    expression: Expression,
    at: Annotated[str, typer.Option("--at", metavar="P", help='The point: "x1=1, x2=-2" or "1,-2".')],
    slope: Annotated[
        list[str] | None,
        typer.Option("--slope", metavar="C", help='Another slope to compare, "3" or "1,-2" (repeatable).'),
    ] = None,
    plot: Plot = None,
    vars: Vars = None,
    strict: Strict = False,
    timeout: Timeout = 10.0,
    memory: Memory = "2GiB",
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
    gdcli tangent "x^2" --at 1 --slope 3      how much worse another slope is
    gdcli tangent "x^2" --at 1 --plot x.svg   f, its tangent and the error

    CSV has the decay: h = ||h||, its direction (along_x, ...), and ratio = |r(h)|/||h||.
    """
    from gdcli.calculus.report_tangent import tangent_report
    from gdcli.language.budget import Budget, within

    place = terminal(ctx)
    budget = Budget.of(timeout, memory)
    formula = read(expression, vars, strict, place)
    picture.check(plot, place)
    picture.check_variables(plot, formula)
    point = read_point(at, formula)
    rivals = [read_vector("--slope", c, formula) for c in slope or ()]
    report = within(tangent_report, formula, point, rivals, budget=budget)
    place.emit(report)
    if plot is not None:
        from gdcli.calculus.pictures.tangent import tangent_figure

        picture.show(within(tangent_figure, formula, report, budget=budget), plot, place)
