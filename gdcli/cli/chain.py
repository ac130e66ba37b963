"""`gdcli chain OUTER INNER... --at P`: the chain rule as composition of linear maps."""

from __future__ import annotations

from typing import Annotated

import typer

from gdcli.cli.formula import read_point, split_names
from gdcli.cli.options import EVERY, Color, Format, Json, Memory, Quiet, Strict, Timeout, Vars, Verbose, terminal

FORMATS = EVERY


def command(
    ctx: typer.Context,
    outer: Annotated[str, typer.Argument(metavar="OUTER", help='A formula in the inner names, or "[g1, g2]".')],
    inner: Annotated[list[str], typer.Argument(metavar="INNER...", help='"u = x^2 + y", one for each inner name.')],
    at: Annotated[str, typer.Option("--at", metavar="P", help='The point: "x1=1, x2=-2" or "1,-2".')],
    tape: Annotated[bool, typer.Option("--tape", help="Show backpropagation: values forward, adjoints back.")] = False,
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
    """The chain rule: Jacobians multiplied, linear parts composed, remainders absorbed in o(||h||).

    \b
    gdcli chain "sin u" "x^2" --at 1          g(f(x)), one inner function
    gdcli chain "u v" "u = x^2 + y" "v = x y" --at 1,2
    gdcli chain "[u v, u]" "u = x y" "v = x" --at 1,2
    gdcli chain "exp u" "x^2 y" --at 1,2 --tape
                                              and in reverse: a tape

    CSV has the entries of the Jacobians inner, outer and product: jacobian, component, variable, formula, value.
    """
    from gdcli.calculus.chain.report import chain_report
    from gdcli.language.budget import Budget, within
    from gdcli.language.composition import parse_composition

    place = terminal(ctx)
    budget = Budget.of(timeout, memory)
    order = None if vars is None else split_names("--vars", vars)
    functions, outputs = parse_composition(outer, inner, variables=order, strict=strict)
    for note in [note for formula in (*outputs, *functions.values()) for note in formula.notes]:
        place.note(str(note))
    point = read_point(at, next(iter(functions.values())))
    place.emit(within(chain_report, functions, outputs, point, tape, budget=budget))
