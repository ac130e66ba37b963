"""`gdcli curvature EXPR`: Hessian, second-order Taylor polynomial, convexity, smoothness L and the step 1/L."""

from __future__ import annotations

from typing import Annotated

import typer

from gdcli.cli.formula import read, read_point
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

FORMATS = EVERY


def command(
    ctx: typer.Context,
    expression: Expression,
    at: At = None,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="BOX", help='The box: "x=-2..2, y=0..inf", or "-2..2" for all (default: R^n).'),
    ] = None,
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
    """The Hessian, what it says at a point, convexity with proven mu and L, and the step size 1/L.

    \b
    gdcli curvature "x^2 + 3x y + 5y^2"       quadratic: mu and L exactly
    gdcli curvature "x^3 - 3x" --at 1         a strict local minimum
    gdcli curvature "log(1 + exp(x))"         convex, by composition rules
    gdcli curvature "(1-x)^2 + 100(y-x^2)^2" --on "-2..2"
                                              neither, and L on the box

    CSV has the Hessian: row, column, formula, and with --at its value.
    """
    from gdcli.calculus.curvature.report import curvature_report
    from gdcli.calculus.interval.box import parse_box
    from gdcli.language.budget import Budget, within

    place = terminal(ctx)
    budget = Budget.of(timeout, memory)
    formula = read(expression, vars, strict, place)
    point = None if at is None or not formula.variables else read_point(at, formula)
    box = None if on is None else parse_box(on, formula.variables)
    place.emit(within(curvature_report, formula, point, box, budget=budget))
