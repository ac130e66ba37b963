"""`gdcli rate DATA`: measured rates of convergence of several methods, beside the theory's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from gdcli.cli import github, picture
from gdcli.cli.ending import end, interrupted
from gdcli.cli.options import EVERY, Color, Format, Json, Quiet, RunMemory, Timeout, Verbose, rows, terminal
from gdcli.cli.picture import Plot
from gdcli.cli.progress import Progress
from gdcli.cli.terminal import Terminal
from gdcli.errors import Exit, Stopped
from gdcli.render import load
from gdcli.results.common import Failure

if TYPE_CHECKING:
    from gdcli.descent.options import Chosen
    from gdcli.descent.rates.measure import Rates
    from gdcli.results.rate import RateReport

FORMATS = EVERY


def command(
    ctx: typer.Context,
    data: Annotated[str, typer.Argument(metavar="DATA", help="A CSV file, - for standard input, or a problem's name.")],
    methods: Annotated[
        str,
        typer.Option("--methods", metavar="A,B,...", help='Such as gd,sgd,nesterov,saga,"adam(beta1=0.8)".'),
    ] = "gd,sgd",
    seeds: Annotated[int, typer.Option("--seeds", metavar="K", help="Runs of each method that draws rows.")] = 10,
    at: Annotated[
        str,
        typer.Option("--at", help="What slopes and comparison go by: evaluations (row gradients), steps or time."),
    ] = "evaluations",
    steps: Annotated[
        int | None,
        typer.Option("--steps", help="The most steps (default: 1000; 100 000, or 10 passes, with drawn rows).", min=1),
    ] = None,
    epochs: Annotated[
        float | None,
        typer.Option("--epochs", help="The most epochs of each: N drawn rows, or a full step.", min=0.0),
    ] = None,
    eta: Annotated[
        str | None,
        typer.Option("--eta", metavar="FORMULA", help='The step size of all that take one: 0.1, "1/(10 + t)", ...'),
    ] = None,
    plot: Plot = None,
    loss: Annotated[str | None, typer.Option("--loss", help="As gdcli descend has it.")] = None,
    target: Annotated[str | None, typer.Option("--target", help="The target column.")] = None,
    features: Annotated[
        str | None, typer.Option("--features", metavar="A,B,...", help="The features: columns, or formulas over them.")
    ] = None,
    l2: Annotated[
        float | None, typer.Option("--l2", metavar="LAMBDA", help="Add LAMBDA/2 ||theta||^2 to the risk.", min=0.0)
    ] = None,
    batch: Annotated[
        str | None, typer.Option("--batch", metavar="B", help="Rows per stochastic step (default: 1), or all.")
    ] = None,
    sampling: Annotated[
        str, typer.Option("--sampling", help="uniform (the lecture's, with replacement) or shuffle.")
    ] = "uniform",
    seed: Annotated[int, typer.Option("--seed", help="The first seed; the others follow it.", min=0)] = 0,
    raw: Annotated[bool, typer.Option("--raw", help="Leave the features as they are (default: standardised).")] = False,
    no_intercept: Annotated[bool, typer.Option("--no-intercept", help="A model through the origin.")] = False,
    penalise_intercept: Annotated[
        bool, typer.Option("--penalise-intercept", help="Let --l2 hold for the intercept too.")
    ] = False,
    jobs: Annotated[
        int | None, typer.Option("--jobs", metavar="N", help="Processes at a time (default: all cores).", min=1)
    ] = None,
    memory: RunMemory = None,
    timeout: Timeout = 10.0,
    format: Format = "text",
    json: Json = False,
    color: Color = "auto",
    quiet: Quiet = False,
    verbose: Verbose = 0,
) -> None:
    """Measure rates of convergence: slopes with intervals, T(eps), bounds.

    \b
    gdcli rate gd_rate                       GD falls like 1/t
    gdcli rate sgd_rate --seeds 20 --plot    SGD like 1/sqrt(t)
    gdcli rate data.csv --methods gd,nesterov,lbfgs --at time
    gdcli rate diabetes --l2 0.1             strongly convex: faster
    gdcli rate wine_alcohol --format csv     the curves for a plot

    Without --eta SGD takes eta0/sqrt(1 + t), or 2/(mu (t + 4 L_max/mu)) where
    mu > 0 and the run is long enough; each other method what descend takes.

    CSV has the curves, a line a point: method, of (which iterate), step, passes, seconds, gap, gap_lower, gap_upper,
    bound, seeds.
    """
    from gdcli.descent.load import Source, open_problem
    from gdcli.descent.rates.measure import Rates

    place = terminal(ctx)
    picture.check(plot, place)
    given: dict[str, Any] = {
        "loss": loss,
        "l2": l2,
        "penalise_intercept": penalise_intercept or None,
        "eta": eta,
        "steps": steps,
        "epochs": epochs,
        "standardise": False if raw else None,
        "intercept": False if no_intercept else None,
        "batch": None if batch is None else rows(batch),
        "sampling": sampling,
        "seed": seed,
        "timeout": timeout,
        "memory": memory,
    }
    chosen = cast("Chosen", {name: value for name, value in given.items() if value is not None})
    with Progress(place) as progress:
        dataset, options = open_problem(Source(data, target, features, place.stdin, progress), chosen)
        work = Rates(dataset, options, names(methods), seeds=seeds, at=at, clock=place.clock, progress=progress)
        _run(work, place, jobs, progress)
    report = _show(work, place, plot)
    raise typer.Exit(end(report.warnings, _failure(report, place), place))


def names(text: str) -> list[str]:
    """The methods between the commas that stand outside parentheses."""
    found, depth = [""], 0
    for char in text:
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            found.append("")
        else:
            found[-1] += char
    return [name.strip() for name in found if name.strip()]


def _run(work: Rates, place: Terminal, jobs: int | None, progress: Progress) -> None:
    """Run it all; an interruption ends it with the runs that were done."""
    progress.begin("descending", "runs")
    try:
        for done, whole in work.run(jobs):
            progress(done, whole)
    except Stopped as signal:
        place.interruption = signal
        if not work.begun:
            raise


def _show(work: Rates, place: Terminal, plot: str | None) -> RateReport:
    """The curves, where the format has them, and what they came to."""
    report = work.report()
    renderer, look = load(place.format), place.look(place.stdout)
    place.write(renderer.head(report, look))
    for _, curve in report.curves:
        for point in curve.points:
            place.write(renderer.step(point, look))
    place.emit(report, _failure(report, place))
    if plot is not None:
        from gdcli.descent.pictures.rates import rates_figure

        picture.show(rates_figure(report), plot, place)
    github.summarise(report, place)
    return report


def _failure(result: RateReport, place: Terminal) -> Failure | None:
    """A method that diverged is told of in the result; it is an error if there is no other."""
    if place.interruption is None and all(method.diverged for method in result.methods):
        return Failure("diverged", "every method diverged", None, Exit.DIVERGED, {})
    return interrupted(place)
