"""`gdcli grad EXPR`: partial derivatives, the gradient, its value at a point."""

from __future__ import annotations

from typing import Annotated

import typer

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
from gdcli.errors import UsageError

CODE = ("python", "numpy", "c", "julia")
FORMATS = (*EVERY, *CODE)


def command(
    ctx: typer.Context,
    expression: Expression,
    at: At = None,
    wrt: Annotated[
        str | None, typer.Option("--wrt", metavar="X,Y", help="Differentiate in these variables (default: all).")
    ] = None,
    steps: Annotated[bool, typer.Option("--steps", help="Show every rule as it is applied.")] = False,
    expand: Annotated[bool, typer.Option("--expand", help="Long partials in full instead of a tape.")] = False,
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
    """Partial derivatives, the gradient as a column vector, and its value at a point.

    \b
    gdcli grad "x1^2 x2 + x1 x2^3"            every partial, the rules used
    gdcli grad "x1^2 x2" --at 1,-2            and its value: f, gradient, steepest
    gdcli grad "x^2 sin x" --steps            rule by rule
    gdcli grad "|x|" --at 0                   a kink: both one-sided slopes
    gdcli grad "sqrt(x^2 + y^2)" --wrt x      one partial
    gdcli grad "a x^2" --wrt x --json         for a program
    gdcli grad "x^2 y" --format numpy         f and grad_f as NumPy code
                                              (also python, c, julia)
    gdcli grad - < formulas.txt               one a line, answers in JSON lines

    \b
    With EXPR - the formulas are read from standard input; blank lines and
    # comments are skipped. A formula without an answer gets an error line, and
    the exit code is then 2 (4 where all that failed ran out of time).

    CSV has a line a partial: variable, partial, and with --at its value.
    """
    from gdcli.calculus.report import gradient_report
    from gdcli.language.budget import Budget, within

    place = terminal(ctx)
    budget = Budget.of(timeout, memory)
    if steps and format in CODE:
        raise UsageError(f"--steps has no place in {format} code", hint="leave --steps or --format out")
    if expression == "-":
        from gdcli.cli.batch import Options, batch

        raise typer.Exit(batch(Options(at, wrt, vars, strict, steps), budget, place))
    formula = read(expression, vars, strict, place)
    point = None if at is None else read_point(at, formula)
    wanted = None if wrt is None else names(wrt, formula)
    language = format if format in CODE else None
    options = (steps, language, expand or format == "csv", format in ("latex", "markdown"))
    place.emit(within(gradient_report, formula, point, wanted, *options, budget=budget))
