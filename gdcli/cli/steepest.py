"""`gdcli steepest EXPR --at P`: the direction of the gradient, and the slope in any other."""

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
    along: Annotated[
        list[str] | None,
        typer.Option("--along", metavar="D", help='A direction, "3,4", of any length (repeatable).'),
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
    """Steepest ascent and descent, directional derivatives, and the cosine law beside measured changes.

    \b
    gdcli steepest "x1^2 x2" --at 1,-2        ascent, descent, the level set
    gdcli steepest "x^2 + y^2" --at 3,4 --along 1,1
                                              the slope along (1, 1)
    gdcli steepest "|x| + y" --at 0,0         no gradient: one-sided slopes
    gdcli steepest "x1^2 x2" --at 1,-2 --plot x.svg
                                              level sets and directions

    CSV has a line a direction (ascent, along, axis, angle): its unit vector, its degrees from the gradient,
    the slope, and the changes measured over eps.
    """
    from gdcli.calculus.steepest.report import steepest_report
    from gdcli.language.budget import Budget, within

    place = terminal(ctx)
    budget = Budget.of(timeout, memory)
    formula = read(expression, vars, strict, place)
    picture.check(plot, place)
    picture.check_variables(plot, formula, (2,))
    point = read_point(at, formula)
    directions = [read_vector("--along", d, formula) for d in along or ()]
    report = within(steepest_report, formula, point, directions, budget=budget)
    place.emit(report)
    if plot is not None:
        from gdcli.calculus.pictures.steepest import steepest_figure

        picture.show(within(steepest_figure, formula, report, budget=budget), plot, place)
