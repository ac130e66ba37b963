"""Descent on data: files, bundled problems, and what is in memory already.

Data is a path, a pattern, the name of a bundled problem, a data frame (of pandas, polars or pyarrow, or a mapping of
names to columns), a pair of arrays (X, y), or a `Dataset`. All raise DataError, with file, line and column, for data
that cannot be used, and UsageError for options that make no sense.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, Unpack

from gdcli.api.arguments import checked
from gdcli.api.options import Eta, chosen
from gdcli.api.points import Point
from gdcli.data.dataset import Dataset
from gdcli.descent.options import Chosen, Given, Options
from gdcli.results.descend import RunReport, StepReport
from gdcli.results.predict import PredictReport
from gdcli.results.problems import ProblemList
from gdcli.results.rate import RateReport
from gdcli.results.rerun import RerunReport

if TYPE_CHECKING:
    import numpy.typing as npt

    from gdcli.descent.keep.keeper import Keeper
    from gdcli.descent.load import Source


class Frame(Protocol):
    """A data frame: a column for each of its names."""

    @property
    def columns(self) -> Any:
        """The names."""


Path = str | os.PathLike[str]
Data = Path | Dataset | tuple[Any, Any] | Frame | Mapping[str, Any]


def dataset(X: npt.ArrayLike, y: npt.ArrayLike, *, columns: Sequence[str] | None = None, target: str = "y") -> Dataset:
    """A matrix X (N, d) of numbers and y (N,) of numbers or classes; the columns are x1 to xd if they have no names.

    >>> dataset([[1, 2], [3, 4], [5, 7]], ["no", "yes", "yes"]).labels
    ('no', 'yes')

    Raises DataError where the shapes do not fit, and for what is no finite number.
    """
    from gdcli.data import frame

    return frame.dataset(frame.arrays(X, y, columns, target), target=target)


@checked
def read(
    source: Path | Frame | Mapping[str, Any], *, target: str | None = None, features: Sequence[str] | None = None
) -> Dataset:
    """Read a file or a data frame: X (N, d) and y (N,) as float64, the columns' names, the choices that were made.

    A frame gives the X and y of its CSV: texts and booleans are classes.

    >>> read({"size": [1.0, 2.0, 4.0], "colour": ["red", "blue", "red"], "y": [1, 2, 3]}).columns
    ('size', 'colour=red')
    """
    from gdcli.data import frame, readers

    if isinstance(source, str | os.PathLike):
        return readers.read(os.fspath(source), target=target, features=features)
    return frame.dataset(frame.table(source), target=target, features=features)


@checked
def descend(
    data: Data,
    *,
    target: str | None = None,
    features: str | Sequence[str] | None = None,
    save: Path | None = None,
    eta: Eta | None = None,
    theta0: Point | None = None,
    **options: Unpack[Given],
) -> RunReport:
    """Minimise the empirical risk R(theta) = (1/N) sum phi(f(x_i; theta), y_i) + l1 |theta|_1 + l2/2 ||theta||^2.

    Options are those of `gdcli.descent.options.Options` (method, loss, model, l1, l2, steps, epochs, batch, sampling,
    seed, gap, every, standardise, intercept, ...); `eta` is a number or a formula such as "1/L", `theta0` the point
    where a model by formula begins, `features` are columns, and formulas over them.

    The report holds R(theta_T), R*, the certified interval of the gap, and theta in the file's units; `to_numpy()` is
    theta, `log` the logged steps, `to_frame()` the same as a data frame. The run is kept in the folder `save`, while
    it goes on: see `resume`.

    >>> report = descend("diabetes", gap=1.0)
    >>> 0 <= report.gap_lower <= report.gap_upper <= 1.0
    True
    >>> report = descend(([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0]), gap=1e-9)
    >>> report.to_numpy().round(3).tolist()
    [2.0, 1.0]

    A run that diverges is a report with reason "diverged".
    """
    import time

    from gdcli.descent.plan import prepare
    from gdcli.descent.report import run_report, step_report
    from gdcli.descent.run import Run

    given = chosen(options, eta, theta0)
    if save is not None:
        return _saved(data, os.fspath(save), target, features, given)
    plan = prepare(*_opened(data, target, features, given))
    run, log = Run(plan, time.perf_counter), list[StepReport]()
    for last in run:
        log.append(step_report(last))
    return _with_log(run_report(run, last), log)


@checked
def resume(
    folder: Path,
    *,
    steps: int | None = None,
    epochs: float | None = None,
    gap: float | None = None,
    scheduler: str | None = None,
) -> RunReport:
    """Go on with a run that `descend(..., save=folder)` or `gdcli descend --save` keeps, to the bits of one that was
    never stopped; with more `steps` or `epochs`, down to a smaller `gap`, on another cluster, if they are given.

    Raises DataError for files that were changed, UsageError for options that would change steps already taken.
    """
    import pathlib
    import time

    from gdcli.descent.keep.saved import More, resumed

    return _kept(
        resumed(pathlib.Path(folder), More(steps=steps, epochs=epochs, gap=gap, scheduler=scheduler), time.perf_counter)
    )


@checked
def rerun(folder: Path, data: Path | None = None) -> RerunReport:
    """Run a saved run again, and compare it with what was saved: `equal`, or the first `difference`.

    `data`: where its data are, if not where they were. Raises DataError for a folder without a run.
    """
    import pathlib
    import time

    from gdcli.descent.keep import again
    from gdcli.render import Look, json, ndjson

    written = again.Written(lambda step: ndjson.step(step, Look()), lambda report: json.result(report, Look()))
    return again.rerun(pathlib.Path(folder), written, time.perf_counter, None if data is None else os.fspath(data))


@checked
def predict(
    folder: Path,
    data: Path | Frame | Mapping[str, Any],
    *,
    target: str | None = None,
    seconds: float = 10.0,
    memory: str | None = None,
) -> PredictReport:
    """Predictions by the parameters that a saved run found, for the rows of a file or a data frame.

    Columns are found by their names; `to_frame()`: a row each. `risk` and `accuracy` where the data have the run's
    target, or the column `target`. Raises DataError for a column
    that is missing, a class that the run did not see, and for a folder without a run.
    """
    import pathlib

    from gdcli.data import frame
    from gdcli.descent.unseen import predict
    from gdcli.language.budget import Budget

    rows = os.fspath(data) if isinstance(data, str | os.PathLike) else frame.table(data)
    return predict.predict(pathlib.Path(folder), rows, target, budget=Budget.of(seconds, memory))


@checked
def rate(
    data: Data,
    *,
    methods: str | Sequence[str] = ("gd", "sgd"),
    seeds: int = 10,
    at: str = "evaluations",
    jobs: int | None = None,
    target: str | None = None,
    features: str | Sequence[str] | None = None,
    eta: Eta | None = None,
    **options: Unpack[Given],
) -> RateReport:
    """Measured rates of convergence of several methods, those that draw rows with so many seeds, beside the theory's.

    `at`: slopes and comparison go by row gradients ("evaluations"), "steps" or "time"; `jobs` processes at a time (on
    Linux; None: all cores). Options are those of `descend`, but for the method. `to_frame()`: the points of the curves.

    >>> report = rate("gd_rate", methods=("gd",))
    >>> round(report.methods[0].curves[0].slope.value, 1)
    -1.0

    A method that diverges says so in its own place.
    """
    import time

    from gdcli.descent.rates.measure import Rates

    names = [methods] if isinstance(methods, str) else methods
    opened = _opened(data, target, features, chosen(options, eta, None))
    work = Rates(*opened, names, seeds=seeds, at=at, clock=time.perf_counter)
    for _ in work.run(jobs):
        pass
    return work.report()


def problems() -> ProblemList:
    """The bundled problems, as their cards tell of them; `to_frame()`: a problem a row.

    >>> next(problem.rows for problem in problems().problems if problem.name == "diabetes")
    442
    """
    from gdcli.data import problems

    return problems.listing()


def _opened(
    data: Data, target: str | None, features: str | Sequence[str] | None, options: Chosen
) -> tuple[Dataset, Options]:
    """The data read, with the options that a bundled problem's card fills in."""
    from gdcli.descent.load import open_problem
    from gdcli.errors import UsageError

    if isinstance(data, tuple):
        if len(data) != 2:
            raise UsageError(f"data is a tuple of {len(data)}", hint="arrays are given as a pair (X, y)")
        data = dataset(*data)
    if isinstance(data, Dataset):
        if target is not None or features is not None:
            hint = "choose them where the data are read: gdcli.read(..., target=..., features=...)"
            raise UsageError("target and features are for data that are still to be read", hint=hint)
        return data, Options(**options)
    return open_problem(_source(data, target, features), options)


def _source(data: Path | Frame | Mapping[str, Any], target: str | None, features: str | Sequence[str] | None) -> Source:
    from gdcli.data import frame
    from gdcli.descent.load import Source

    listed = features if features is None or isinstance(features, str) else ", ".join(features)
    if isinstance(data, str | os.PathLike):
        return Source(os.fspath(data), target, listed)
    return Source(frame.NAME, target, listed, table=frame.table(data))


def _saved(
    data: Data, save: str, target: str | None, features: str | Sequence[str] | None, options: Chosen
) -> RunReport:
    """A run on a file or a problem, kept in the folder `save`."""
    import pathlib
    import time

    from gdcli.descent.keep.keeper import Keeper, check_free, claimed
    from gdcli.descent.keep.manifest import manifest
    from gdcli.descent.load import open_problem
    from gdcli.descent.plan import prepare
    from gdcli.errors import UsageError

    check_free(pathlib.Path(save))
    if not isinstance(data, str | os.PathLike):
        message = "save keeps runs on files and bundled problems: a data set could not be read again"
        raise UsageError(message, hint="give the data as a file, or leave save away")
    source = _source(data, target, features)
    found, filled = open_problem(source, options)
    plan = prepare(found, filled)
    about = manifest(plan, source, filled)
    return _kept(Keeper(claimed(pathlib.Path(save)), about, plan, time.perf_counter))


def _kept(keeper: Keeper) -> RunReport:
    """Run and keep; what stops it from outside leaves the last checkpoint behind."""
    from gdcli.descent.report import run_report, step_report
    from gdcli.render import Look, json, ndjson

    with keeper:
        run, look, log = keeper.run(), Look(), list[StepReport]()
        for last in run:
            log.append(step_report(last))
            keeper.line(ndjson.step(log[-1], look))
        report = run_report(run, last)
        keeper.end(run, last, json.result(report, look))
        return _with_log(report, log)


def _with_log(report: RunReport, log: Sequence[StepReport]) -> RunReport:
    from dataclasses import replace

    return replace(report, log=tuple(log))
