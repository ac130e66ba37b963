"""gdcli: why does gradient descent work, and how long does it take? Answered with running code.

The library's face: `parse`, `gradient`, `linearize`, `differentiable` for formulas, `read`, `descend`, `resume` and
`rate` for data. Results are the frozen dataclasses of `gdcli.results`, the same that the commands print; failures are
the exceptions of `gdcli.errors`.
Importing gdcli imports neither sympy nor numpy: each function imports what it uses.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

if TYPE_CHECKING:
    from gdcli.data.dataset import Dataset
    from gdcli.descent.keep.keeper import Keeper
    from gdcli.descent.options import Chosen
    from gdcli.language import Formula
    from gdcli.results.descend import RunReport
    from gdcli.results.differentiable import DifferentiabilityReport
    from gdcli.results.grad import GradientReport
    from gdcli.results.rate import RateReport
    from gdcli.results.tangent import TangentReport

__all__ = ["descend", "differentiable", "gradient", "linearize", "parse", "rate", "read", "resume"]
__version__ = "0.1.0"


def parse(text: str, *, variables: Sequence[str] | None = None, strict: bool = False) -> Formula:
    """Read a formula: its tree, its variables in order, and notes on how ambiguous notation was read.

    >>> parse("2x1 + x2").variables
    ('x1', 'x2')

    Raises FormulaError with the span of the mistake and the remedy.
    """
    from gdcli.language import parse

    return parse(text, variables=variables, strict=strict)


def gradient(
    text: str,
    at: str | None = None,
    *,
    wrt: Sequence[str] | None = None,
    variables: Sequence[str] | None = None,
    seconds: float = 10.0,
) -> GradientReport:
    """Partial derivatives and gradient of a formula, with their values at the point `at`, such as "1, -2".

    >>> {name: partial.text for name, partial in gradient("x1**2*x2").partials.items()}
    {'x1': '2*x1*x2', 'x2': 'x1**2'}

    Raises FormulaError, DomainError, and ExhaustedError after `seconds` of symbolic work.
    """
    from gdcli.calculus.report import gradient_report
    from gdcli.language import parse, parse_point
    from gdcli.language.budget import within

    formula = parse(text, variables=variables)
    point = None if at is None else parse_point(at, formula.variables)
    return within(gradient_report, formula, point, wrt, seconds=seconds)


def linearize(text: str, at: str, *, variables: Sequence[str] | None = None, seconds: float = 10.0) -> TangentReport:
    """The best linear approximation f(x0) + grad f(x0)^T (x - x0) at `at`, with its remainder and the decay of it.

    >>> linearize("x^2", "1").remainder.text
    'h**2'

    Raises what `gradient` raises.
    """
    from gdcli.calculus.report_tangent import tangent_report
    from gdcli.language import parse, parse_point
    from gdcli.language.budget import within

    formula = parse(text, variables=variables)
    return within(tangent_report, formula, parse_point(at, formula.variables), seconds=seconds)


def differentiable(
    text: str,
    at: str,
    *,
    value: str | None = None,
    variables: Sequence[str] | None = None,
    seconds: float = 10.0,
) -> DifferentiabilityReport:
    """Is f continuous, does it have its partials, is it differentiable at `at`? Yes with a proof, no with a witness.

    `value` is f there, where the formula itself has none.

    >>> differentiable("|x|", "0").differentiable.answer
    'no'

    Raises what `gradient` raises.
    """
    from gdcli.calculus.differentiability.report import differentiability_report
    from gdcli.language import parse, parse_point
    from gdcli.language.budget import within

    formula = parse(text, variables=variables)
    given = None if value is None else parse(value, variables=())
    return within(differentiability_report, formula, parse_point(at, formula.variables), given, seconds=seconds)


def read(source: str, *, target: str | None = None, features: Sequence[str] | None = None) -> Dataset:
    """Read a CSV file: X (N, d) and y (N,) as float64, the columns' names, and the choices that were made.

    Raises DataError with file, line and column.
    """
    from gdcli.data.readers import read

    return read(source, target=target, features=features)


def descend(data: Dataset | str, *, save: str | None = None, **options: Unpack[Chosen]) -> RunReport:
    """Minimise the empirical risk of a data set, of a file, or of a bundled problem by its name.

    Options are those of `gdcli.descent.options.Options` (method, loss, l1, l2, eta, steps, epochs, batch, sampling,
    seed, gap, standardise, intercept). The report holds R(theta_T), R*, the certified interval of the gap, and theta in
    the file's units. The run is kept in the folder `save`, while it goes on: see `resume`.

    >>> report = descend("diabetes", gap=1.0)
    >>> 0 <= report.gap_lower <= report.gap_upper <= 1.0
    True

    Raises DataError and UsageError; a run that diverges is a report with reason "diverged".
    """
    import time
    from pathlib import Path

    from gdcli.descent.load import Source, open_problem
    from gdcli.descent.options import Options
    from gdcli.descent.plan import prepare
    from gdcli.descent.report import run_report
    from gdcli.descent.run import Run
    from gdcli.errors import UsageError

    if save is not None:
        from gdcli.descent.keep.keeper import check_free

        check_free(Path(save))
        if not isinstance(data, str):
            message = "save keeps runs on files and bundled problems: a data set could not be read again"
            raise UsageError(message, hint="give the data as a file, or leave save away")
    if isinstance(data, str):
        dataset, chosen = open_problem(Source(data), options)
    else:
        dataset, chosen = data, Options(**options)
    plan = prepare(dataset, chosen)
    if save is not None and isinstance(data, str):
        from gdcli.descent.keep.keeper import Keeper, claimed
        from gdcli.descent.keep.manifest import manifest

        about = manifest(plan, Source(data), chosen)
        return _kept(Keeper(claimed(Path(save)), about, plan, time.perf_counter))
    run = Run(plan, time.perf_counter)
    *_, last = run
    return run_report(run, last)


def resume(
    folder: str, *, steps: int | None = None, epochs: float | None = None, gap: float | None = None
) -> RunReport:
    """Go on with a run that `descend(..., save=folder)` or `gdcli descend --save` keeps, to the bits of one that was
    never stopped; with more `steps` or `epochs`, or down to a smaller `gap`, if they are given.

    Raises DataError for files that were changed, UsageError for options that would change steps already taken.
    """
    import time
    from pathlib import Path

    from gdcli.descent.keep.saved import More, resumed

    return _kept(resumed(Path(folder), More(steps=steps, epochs=epochs, gap=gap), time.perf_counter))


def _kept(keeper: Keeper) -> RunReport:
    """Run and keep; what stops it from outside leaves the last checkpoint behind."""
    from gdcli.descent.report import run_report, step_report
    from gdcli.render import Look, json, ndjson

    with keeper:
        run, look = keeper.run(), Look()
        for last in run:
            keeper.line(ndjson.step(step_report(last), look))
        report = run_report(run, last)
        keeper.end(run, last, json.result(report, look))
        return report


def rate(
    data: Dataset | str,
    *,
    methods: Sequence[str] = ("gd", "sgd"),
    seeds: int = 10,
    at: str = "evaluations",
    jobs: int | None = None,
    **options: Unpack[Chosen],
) -> RateReport:
    """Measured rates of convergence of several methods, those that draw rows with so many seeds, beside the theory's.

    `at`: slopes and comparison go by row gradients ("evaluations"), "steps" or "time"; `jobs` processes at a time (on
    Linux; None: all cores). Options are those of `descend`, but for the method.

    >>> report = rate("gd_rate", methods=("gd",))
    >>> round(report.methods[0].curves[0].slope.value, 1)
    -1.0

    Raises DataError and UsageError; a method that diverges says so in its own place.
    """
    import time

    from gdcli.descent.load import Source, open_problem
    from gdcli.descent.options import Options
    from gdcli.descent.rates.measure import Rates

    dataset, chosen = open_problem(Source(data), options) if isinstance(data, str) else (data, Options(**options))
    work = Rates(dataset, chosen, methods, seeds=seeds, at=at, clock=time.perf_counter)
    for _ in work.run(jobs):
        pass
    return work.report()
