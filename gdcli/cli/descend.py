"""`gdcli descend DATA`: empirical risk minimisation on a data file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from gdcli.cli import picture
from gdcli.cli.beginning import Asked, begin, folder_of, go_on
from gdcli.cli.options import EVERY, Color, Format, Json, Quiet, RunMemory, Timeout, Verbose, rows, terminal
from gdcli.cli.picture import Plot
from gdcli.cli.progress import Progress
from gdcli.cli.watching import Wanted, watch
from gdcli.errors import UsageError

if TYPE_CHECKING:
    from gdcli.descent.options import Chosen

FORMATS = EVERY
# What may be asked for anew beside --resume, and what else may stand there.
ANEW = ("steps", "epochs", "gap", "max_gap", "scheduler")
RESUMABLE = frozenset({*ANEW, "data", "resume", "plot", "format", "json", "color", "quiet", "verbose"})


def command(
    ctx: typer.Context,
    data: Annotated[
        str | None, typer.Argument(metavar="DATA", help="A CSV file, - for standard input, or a problem's name.")
    ] = None,
    method: Annotated[
        str | None,
        typer.Option(
            "--method",
            help="gd, sgd, nesterov, armijo, lbfgs, newton, adam, saga, ... with parameters as in "
            '"adam(beta1=0.8)"; a wrong name lists them all (default: gd, fista with --l1).',
        ),
    ] = None,
    loss: Annotated[
        str | None,
        typer.Option(
            "--loss",
            help="squared, huber(0.5), logcosh, absolute, quantile(0.9), poisson; for two classes logistic, hinge, "
            'squared_hinge, exponential; softmax; or a formula in p and y: "(p - y)^4" (default: by the target).',
        ),
    ] = None,
    target: Annotated[
        str | None, typer.Option("--target", help="The target column (default: y, target or label, else the last).")
    ] = None,
    features: Annotated[
        str | None,
        typer.Option(
            "--features",
            metavar="A,B,...",
            help='The features: columns, or formulas over them: "x1, x1*x2, log(x3)" (default: all other columns).',
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            metavar="FORMULA",
            help='Any model: "b1*(1 - exp(-b2*x))". Symbols that are no columns are its parameters.',
        ),
    ] = None,
    theta0: Annotated[
        str | None,
        typer.Option("--theta0", metavar="P", help='Where a --model begins: "b1=500, b2=1e-4" (default: 1 for each).'),
    ] = None,
    eta: Annotated[
        str | None,
        typer.Option(
            "--eta",
            metavar="FORMULA",
            help='The step size: 0.1, "1/L", "eta0/sqrt(t + 1)", ...; or constant, inverse_sqrt, inverse, '
            "strongly_convex, cosine, which name such formulas.",
        ),
    ] = None,
    l1: Annotated[
        float | None, typer.Option("--l1", metavar="LAMBDA", help="Add LAMBDA ||theta||_1 to the risk.", min=0.0)
    ] = None,
    l2: Annotated[
        float | None, typer.Option("--l2", metavar="LAMBDA", help="Add LAMBDA/2 ||theta||^2 to the risk.", min=0.0)
    ] = None,
    steps: Annotated[int | None, typer.Option("--steps", help="The most steps; 0: R* alone.", min=0)] = None,
    epochs: Annotated[
        float | None, typer.Option("--epochs", help="The most epochs: N drawn rows each, or a full step.", min=0.0)
    ] = None,
    batch: Annotated[
        str | None,
        typer.Option("--batch", metavar="B", help="Rows per stochastic step (default: 1), or all."),
    ] = None,
    averaging: Annotated[
        str | None,
        typer.Option("--averaging", help="The average kept beside: none, polyak, suffix or weighted."),
    ] = None,
    sampling: Annotated[
        str,
        typer.Option("--sampling", help="uniform (the lecture's, with replacement), shuffle or order (the file's)."),
    ] = "uniform",
    seed: Annotated[int, typer.Option("--seed", help="The seed of all draws.", min=0)] = 0,
    gap: Annotated[
        float | None,
        typer.Option("--gap", help="Stop at this risk gap (default: 1e-6 R*, or --max-gap if less).", min=0.0),
    ] = None,
    max_gap: Annotated[
        float | None, typer.Option("--max-gap", help="Exit 1 unless the gap ends certified below this.", min=0.0)
    ] = None,
    every: Annotated[
        int | None, typer.Option("--every", help="Log every so many steps (default: 1, 2, 3, 5, 10, 20, ...).", min=1)
    ] = None,
    raw: Annotated[bool, typer.Option("--raw", help="Leave the features as they are (default: standardised).")] = False,
    no_intercept: Annotated[bool, typer.Option("--no-intercept", help="A model through the origin.")] = False,
    penalise_intercept: Annotated[
        bool, typer.Option("--penalise-intercept", help="Let --l1 and --l2 hold for the intercept too.")
    ] = False,
    memory: RunMemory = None,
    engine: Annotated[
        str,
        typer.Option(
            "--engine",
            help="auto, interpret or compile: how steps are run (-v says why); dask: by a cluster.",
        ),
    ] = "auto",
    threads: Annotated[
        int | None,
        typer.Option(
            "--threads", help="Threads of compiled passes, or a local cluster's workers (default: all cores).", min=1
        ),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            "--scheduler", metavar="ADDRESS", help="The cluster of --engine dask (default: one on this machine)."
        ),
    ] = None,
    holdout: Annotated[
        float | None,
        typer.Option("--holdout", metavar="SHARE", help="Hold out this share of the rows, and tell their mean loss."),
    ] = None,
    validate: Annotated[
        str | None, typer.Option("--validate", metavar="FILE", help="Tell the mean loss on the rows of another file.")
    ] = None,
    save: Annotated[
        str | None, typer.Option("--save", metavar="DIR", help="Keep the run in a new folder while it goes on.")
    ] = None,
    resume: Annotated[
        str | None,
        typer.Option("--resume", metavar="DIR", help="Go on with a saved run (with more --steps, a smaller --gap)."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would run and what it would cost.")] = False,
    plot: Plot = None,
    timeout: Timeout = 10.0,
    format: Format = "text",
    json: Json = False,
    color: Color = "auto",
    quiet: Quiet = False,
    verbose: Verbose = 0,
) -> None:
    """Minimise the empirical risk of a data file, with a certified risk gap.

    \b
    gdcli descend diabetes                            a bundled problem, GD
    gdcli descend --method sgd data.csv               SGD on your file
    gdcli descend data.csv --target price --gap 1e-9  stop at a gap
    gdcli descend data.csv --features "x, x^2"        features by formula
    gdcli descend data.csv --model "a*exp(-b*x)"      any model
    gdcli descend diabetes --format ndjson | tail -1  the result for a script
    gdcli descend data.csv --dry-run                  what would run, its cost
    gdcli descend data.csv --save run                 a run that lasts
    gdcli descend --resume run                        go on with it
    gdcli descend line --plot                         the gap, and the fit

    Without flags: the target is the column named y, target or label, else the last; squared loss for a numeric
    target, logistic for one of two values, softmax for more classes of text; standardised features and an
    intercept.

    CSV has the log, a line a step: step, epoch, risk, gap, gap_lower, gap_upper, bound, gradient_norm, eta, ...
    """
    place = terminal(ctx)
    picture.check(plot, place)
    if resume is not None:
        _refuse(ctx)
        anew = {name: ctx.params[name] for name in ANEW if _is_typed(ctx, name)}
        with Progress(place) as progress, go_on(folder_of(resume), data, anew, place, progress) as keeper:
            raise typer.Exit(watch(keeper.plan, place, progress, Wanted(max_gap, plot), keeper=keeper))
    if data is None:
        raise UsageError("Missing argument 'DATA'", hint="see gdcli descend --help")
    given: dict[str, Any] = {
        "loss": loss,
        "model": model,
        "theta0": theta0,
        "l1": l1,
        "l2": l2,
        "penalise_intercept": penalise_intercept or None,
        "eta": eta,
        "steps": steps,
        "epochs": epochs,
        "gap": gap,
        "max_gap": max_gap,
        "every": every,
        "standardise": False if raw else None,
        "intercept": False if no_intercept else None,
        "method": method,
        "batch": None if batch is None else rows(batch),
        "averaging": averaging,
        "sampling": sampling,
        "seed": seed,
        "engine": engine,
        "threads": threads,
        "scheduler": scheduler,
        "holdout": holdout,
        "validate": validate,
        "timeout": timeout,
        "memory": memory,
    }
    chosen = cast("Chosen", {name: value for name, value in given.items() if value is not None})
    folder = None if save is None else folder_of(save)
    if dry_run:
        from gdcli.cli import dry
        from gdcli.descent.load import Source

        dry.show(Source(data, target, features, place.stdin, note=place.note), chosen, folder, place)
        return
    asked = Asked(data, target, features, folder, Wanted(max_gap, plot))
    with Progress(place) as progress:
        raise typer.Exit(begin(asked, chosen, place, progress))


def _refuse(ctx: typer.Context) -> None:
    """A saved run is what its manifest says: other options than those that let it go on are an error."""
    for name in ctx.params:
        if name not in RESUMABLE and _is_typed(ctx, name):
            flag = name.replace("_", "-")
            message = f"--{flag} is for a new run, and --resume goes on with a saved one as its manifest says"
            raise UsageError(message, hint=f"leave --{flag} away, or begin a new run with --save")


def _is_typed(ctx: typer.Context, name: str) -> bool:
    """Whether a parameter stands on the command line: what is set in a file is for new runs."""
    source = ctx.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"
