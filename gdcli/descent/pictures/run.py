"""The figure of a run: its gap, and beside it the data with what was fitted, where these can be drawn."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from gdcli.data.alike import Alike, read_alike
from gdcli.data.dataset import Reading
from gdcli.descent.keep.log import lines
from gdcli.descent.keep.manifest import read
from gdcli.descent.keep.parameters import Parameters, load
from gdcli.descent.load import located
from gdcli.descent.pictures.data import Fitted, data_panel
from gdcli.descent.pictures.gap import gap_panel
from gdcli.descent.pictures.trail import Trail
from gdcli.descent.plan import Plan
from gdcli.descent.unseen.predictor import Predictor
from gdcli.descent.unseen.rows import predictor, with_formulas
from gdcli.descent.unseen.targets import encoded, taken
from gdcli.errors import DataError, GdcliError
from gdcli.language.budget import USUAL, Budget
from gdcli.results.figure import Figure, literal
from gdcli.risk.empirical import Matrix, Vector

FORMULA = r"R(\theta) = \frac{1}{N} \sum_i \varphi(p_i, y_i)"


def run_figure(plan: Plan, trail: Trail, theta: Vector | None) -> Figure:
    """The figure of a run just made, that ended at `theta` in the coordinates that are optimised; None: it diverged."""
    fitted = None if theta is None else _of_plan(plan, theta)
    return _figure(plan.dataset.origin.name, plan.options.method or "", trail, fitted)


def saved_figure(folder: Path, budget: Budget = USUAL) -> Figure:
    """The figure of a saved run; its data are read again, if they are still there. DataError for what is no run."""
    manifest = read(folder)
    trail = Trail(list(lines(folder, None)))
    notes: tuple[str, ...] = ()
    try:
        found = _of_folder(folder, manifest.asked.path or manifest.asked.data, manifest.data.sha256, budget)
    except GdcliError as error:
        found, notes = None, (f"The data are not shown: {literal(error.message)}.",)
    return _figure(manifest.data.name, manifest.method, trail, found, notes)


def _figure(data: str, method: str, trail: Trail, fitted: Fitted | None, notes: tuple[str, ...] = ()) -> Figure:
    beside = None if fitted is None else data_panel(fitted)
    panels, said = ((), ()) if beside is None else ((beside[0],), beside[1])
    return Figure(f"{literal(data)}, {literal(method)}", "", FORMULA, (gap_panel(trail), *panels), (*said, *notes))


def _of_plan(plan: Plan, theta: Vector) -> Fitted | None:
    """The rows that were learnt from, with the columns as the file has them; None where they are not at hand."""
    data, reading = plan.dataset, plan.dataset.reading
    names = data.columns if reading is None or not reading.formulas else _raw(reading)
    if not _drawable(names, reading) or not set(names) <= set(data.columns) or not np.all(np.isfinite(theta)):
        return None
    scores, formulas = predictor(plan.problem, plan.options), reading if reading and reading.formulas else None
    X = data.X[:, [data.columns.index(name) for name in names]]
    y = data.signs() if taken(plan.risk) == "signs" else data.y
    return Fitted(
        X, y, names, data.target, data.labels or (), taken(plan.risk), plan.risk.loss.name,
        lambda x: scores(theta, _computed(x, formulas, plan.options.budget)),
    )  # fmt: skip


def _of_folder(folder: Path, data: str, sha256: str, budget: Budget) -> Fitted | None:
    found = load(folder)
    if found.reading is None or data == "-" or not _drawable(_raw(found.reading), found.reading):
        return None
    alike = read_alike(located(data), found.reading)
    theta = found.optimised(folder)
    if alike.sha256 != sha256:
        raise DataError("their SHA-256 is not that of the run's", file=alike.name)
    if alike.target is None:
        return None
    y = encoded(alike.target, found.labels, found.takes, alike.name, found.target)
    return _fitted(found, alike, y, theta, found.predictor(budget), budget)


def _fitted(found: Parameters, alike: Alike, y: Vector, theta: Vector, scores: Predictor, budget: Budget) -> Fitted:
    reading = found.reading
    names = () if reading is None else _raw(reading)
    formulas = reading if reading and reading.formulas else None
    return Fitted(
        alike.X, y, names, found.target, found.labels or (), found.takes, found.loss,
        lambda x: scores(theta, _computed(x, formulas, budget)),
    )  # fmt: skip


def _raw(reading: Reading) -> tuple[str, ...]:
    return tuple(name for feature in reading.features for name in feature.columns)


def _drawable(names: tuple[str, ...], reading: Reading | None) -> bool:
    """One or two columns of numbers."""
    texts = reading is not None and any(feature.levels is not None for feature in reading.features)
    return 1 <= len(names) <= 2 and not texts


def _computed(x: Matrix, reading: Reading | None, budget: Budget) -> Matrix:
    """The columns that the model takes, from those of the file."""
    if reading is None:
        return x
    return with_formulas(Alike(x, None, "", "", (), ()), reading, budget)
