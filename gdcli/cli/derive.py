"""`gdcli derive EXPR`: the derivative from its definition, line by line."""

from __future__ import annotations

from typing import Annotated

import typer

from gdcli.cli import picture
from gdcli.cli.formula import names, read, read_point
from gdcli.cli.options import (
    EVERY,
    At,
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
from gdcli.errors import UsageError

FORMATS = EVERY


def command(
    ctx: typer.Context,
    expression: Expression,
    at: At = None,
    wrt: Annotated[
        str | None, typer.Option("--wrt", metavar="X,Y", help="Differentiate in these variables (default: all).")
    ] = None,
    steps: Annotated[bool, typer.Option("--steps", help="Show the rules as well, as they are applied.")] = False,
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
    """The derivative from its definition: the difference quotient, cancelled, and both one-sided limits.

    \b
    gdcli derive "x^2" --at 3                 (f(3 + h) - f(3))/h = h + 6 -> 6
    gdcli derive "sin x"                      at any point, by classic limits
    gdcli derive "|x|" --at 0                 the two sides do not agree
    gdcli derive "x1^2 x2" --at 1,-2          one partial at a time
    gdcli derive "x^2" --at 1 --plot x.svg    secants that turn into the tangent

    CSV has a line an h: variable, h, and the quotients at h (right) and -h (left); the limits stand at h = 0. Without
    --at a line a partial: variable, derivative.
    """
    from gdcli.calculus.difference.report import derive_report
    from gdcli.language.budget import Budget, within

    place = terminal(ctx)
    budget = Budget.of(timeout, memory)
    formula = read(expression, vars, strict, place)
    picture.check(plot, place)
    picture.check_variables(plot, formula, (1,))
    if plot is not None and at is None:
        raise UsageError("--plot draws secants at a point", hint="give the point with --at")
    point = None if at is None else read_point(at, formula)
    wanted = None if wrt is None else names(wrt, formula)
    report = within(derive_report, formula, point, wanted, steps, budget=budget)
    place.emit(report)
    if plot is not None:
        from gdcli.calculus.pictures.derive import derive_figure

        picture.show(within(derive_figure, formula, report, budget=budget), plot, place)
