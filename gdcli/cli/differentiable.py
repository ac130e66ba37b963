"""`gdcli differentiable EXPR --at P`: yes with a proof, no with a witness, or undecided with the numbers."""

from __future__ import annotations

from typing import Annotated

import typer

from gdcli.cli.formula import read, read_point
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

FORMATS = EVERY


def command(
    ctx: typer.Context,
    expression: Expression,
    at: Annotated[str, typer.Option("--at", metavar="P", help='The point: "x1=1, x2=-2" or "1,-2".')],
    value: Annotated[
        str | None, typer.Option("--value", metavar="V", help="f at P, where the formula itself has no value.")
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
    """Is f continuous, does it have its partials, is it differentiable at a point? With proof or witness.

    \b
    gdcli differentiable "x |x|" --at 0       yes: |r(h)| <= |h|^2
    gdcli differentiable "|x| + y" --at 0,0   no: df/dx is -1 and 1
    gdcli differentiable "x1 x2/(x1^2 + x2^2)" --at 0,0 --value 0
                                              both partials, not even continuous

    CSV has a line a question: question, answer, reason.
    """
    from gdcli.calculus.differentiability.report import differentiability_report
    from gdcli.language import parse
    from gdcli.language.budget import Budget, within

    place = terminal(ctx)
    budget = Budget.of(timeout, memory)
    formula = read(expression, vars, strict, place)
    given = None if value is None else parse(value, variables=())
    place.emit(within(differentiability_report, formula, read_point(at, formula), given, budget=budget))
