"""`gdcli minimize EXPR --from P`: gradient descent on a formula, with the path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from gdcli.cli import github, picture
from gdcli.cli.ending import end, interrupted
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
    check_plan,
    terminal,
)
from gdcli.cli.picture import Plot
from gdcli.cli.terminal import Terminal
from gdcli.errors import Exit, Stopped, UsageError
from gdcli.render import load
from gdcli.results.common import Failure

if TYPE_CHECKING:
    from gdcli.descent.formula.plan import Plan
    from gdcli.descent.formula.run import Run
    from gdcli.results.minimize import MinimizeReport

FORMATS = EVERY


def command(
    ctx: typer.Context,
    expression: Expression,
    start: Annotated[str, typer.Option("--from", metavar="P", help='The start: "x=-1, y=2" or "-1,2".')],
    method: Annotated[
        str,
        typer.Option("--method", help="gd, nesterov, heavy_ball, armijo, adgd, lbfgs, newton, coordinate, adam, ..."),
    ] = "gd",
    eta: Annotated[
        str | None, typer.Option("--eta", metavar="FORMULA", help='The step size: 0.1, "1/L", "eta0/sqrt(t + 1)".')
    ] = None,
    steps: Annotated[int, typer.Option("--steps", help="The most steps.", min=1)] = 10_000,
    on: Annotated[
        str | None, typer.Option("--on", metavar="BOX", help='Prove L on a box: "x=-2..2, y=0..1" or "-2..2".')
    ] = None,
    grad_tol: Annotated[float, typer.Option("--grad-tol", metavar="G", help="Stop at |grad f| <= G.")] = 1e-8,
    gap: Annotated[
        float | None, typer.Option("--gap", metavar="G", help="Stop at f - min f <= G (needs mu > 0).")
    ] = None,
    every: Annotated[
        int | None, typer.Option("--every", help="Log every so many steps (default: 1, 2, 3, 5, 10, 20, ...).", min=1)
    ] = None,
    plot: Plot = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would run, and take no step.")] = False,
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
    """Minimise a formula by gradient descent, with the path.

    \b
    gdcli minimize "x^2 + 10y^2" --from 10,1          eta = 1/L, L proven
    gdcli minimize "(1-x)^2 + 100(y-x^2)^2" --from -1,1 --on "-2..2" --plot
    gdcli minimize "x^4 - 3x^2 + x" --from 2 --eta 0.01 --every 10
    gdcli minimize "log(1+exp(-x)) + x^2/20" --from 5 --gap 1e-9

    Without --eta the step size is 1/L, where L is proven on all of R^n or on
    the box; else 1/||H(x0)||, halved until f falls from x0.

    CSV has a line a step: step, value, gradient_norm, eta, and the variables.
    """
    from gdcli.calculus.interval.box import parse_box
    from gdcli.descent.formula.plan import Options, prepare
    from gdcli.language.budget import Budget

    place = terminal(ctx)
    formula = read(expression, vars, strict, place)
    picture.check(plot, place)
    if dry_run:
        check_plan(place)
    if dry_run and plot is not None:
        raise UsageError("--dry-run has no path to draw", hint="leave --plot away")
    picture.check_variables(plot, formula)
    box = None if on is None else parse_box(on, formula.variables)
    options = Options(method, eta, steps, grad_tol, gap, every, bool(plot), Budget.of(timeout, memory))
    at = read_point(start, formula) if formula.variables else {}
    plan = prepare(formula, at, box, options)
    if dry_run:
        _show(plan, place)
        return
    run, report = _watch(plan, place)
    failure = _failure(report, place)
    place.emit(report, failure)
    github.summarise(report, place)
    if plot is not None:
        from gdcli.descent.formula.picture import figure

        picture.show(figure(run.plan, run.trace), plot, place)
    raise typer.Exit(end(report.warnings, failure, place))


def _show(plan: Plan, place: Terminal) -> None:
    """The plan with the gradient that every step would take."""
    from gdcli.calculus.report import gradient_report
    from gdcli.descent.formula.report import head
    from gdcli.language.budget import within
    from gdcli.results.minimize import MinimizePlan

    found = within(gradient_report, plan.formula, None, None, budget=plan.options.budget)
    partials, tape = ({name: part.text for name, part in parts.items()} for parts in (found.partials, found.tape or {}))
    place.emit(MinimizePlan(head(plan), partials, tape))


def _watch(plan: Plan, place: Terminal) -> tuple[Run, MinimizeReport]:
    """Stream the run; an interruption ends it with the state it had reached."""
    from gdcli.descent.formula import report
    from gdcli.descent.formula.run import Run

    renderer = load(place.format)
    look = place.look(place.stdout)
    if not place.quiet:
        place.write(renderer.head(report.head(plan), look))
    run = Run(plan, place.clock)
    path = []
    try:
        for step in run:
            path.append(report.step_report(plan, step))
            if not place.quiet:
                place.write(renderer.step(path[-1], look))
    except Stopped as signal:
        run.interrupt()
        place.interruption = signal
        path.append(report.step_report(plan, run.measure()))
    return run, report.run_report(run, path)


def _failure(result: MinimizeReport, place: Terminal) -> Failure | None:
    """What is wrong with the end of a run."""
    if result.advice is None or place.interruption is not None:
        return interrupted(place)
    return Failure("diverged", f"{result.stopped} (step {result.step})", result.advice, Exit.DIVERGED, {})
