"""The parameters of a saved run, used: predictions for the rows of another file."""

from __future__ import annotations

import math
from pathlib import Path
from typing import BinaryIO

import numpy as np

from gdcli.data.alike import Alike, read_alike
from gdcli.data.table import Table
from gdcli.descent.keep.files import foreign
from gdcli.descent.keep.parameters import THETA, Parameters, load
from gdcli.descent.load import located
from gdcli.descent.unseen.rows import Losses, cross_entropy, with_formulas
from gdcli.descent.unseen.targets import CLASSES, NUMBERS, SIGNS, encoded
from gdcli.escape import visible
from gdcli.language.budget import USUAL, Budget
from gdcli.results.predict import Prediction, PredictReport
from gdcli.risk import losses
from gdcli.risk.empirical import Matrix, Vector


def predict(
    folder: Path, data: str | Table, target: str | None = None, stdin: BinaryIO | None = None, budget: Budget = USUAL
) -> PredictReport:
    """Predictions for the rows of `data`, whose target, if it has one, is the run's or the column `target`.

    Raises DataError for a column that is missing, a level that the run did not see, and for a folder without a run.
    """
    found = load(folder)
    if found.reading is None:
        raise foreign(folder / THETA, "the data of this run were no file, so no other can be read as they were")
    theta = found.optimised(folder)
    alike = read_alike(located(data) if isinstance(data, str) else data, found.reading, target, stdin)
    p = found.predictor(budget)(theta, with_formulas(alike, found.reading, budget))
    y = _target(found, alike)
    codes = None if found.takes == NUMBERS else _codes(p, found.takes)
    return PredictReport(
        run=str(folder),
        step=found.step,
        data=alike.name,
        rows=alike.rows,
        target=found.target,
        loss=found.loss,
        risk=None if y is None else _risk(found, p, y, budget),
        accuracy=None if y is None or codes is None else float(np.mean(codes == _codes(y, found.takes))),
        ignored=alike.ignored,
        columns=("row", *_columns(found)),
        predictions=_predictions(found, p, codes),
    )


def _target(found: Parameters, alike: Alike) -> Vector | None:
    if alike.target is None:
        return None
    return encoded(alike.target, found.labels, found.takes, visible(alike.name, 4096), found.target)


def _codes(p: Matrix, takes: str) -> Vector:
    """The class of each row by its scores, or by its sign (or code, where p is a target)."""
    if takes == SIGNS:
        return np.asarray(p > 0.0, dtype=np.float64)
    return np.asarray(p.argmax(axis=1) if p.ndim > 1 else p, dtype=np.float64)


def _columns(found: Parameters) -> tuple[str, ...]:
    if found.takes == NUMBERS:
        return ("prediction",)
    return ("prediction", "probability" if _has_probabilities(found) else "score")


def _has_probabilities(found: Parameters) -> bool:
    return found.takes == CLASSES or found.loss == "logistic"


def _predictions(found: Parameters, p: Matrix, codes: Vector | None) -> tuple[Prediction, ...]:
    """A number a row (of a Poisson model exp(p), the mean), or its class with a probability or a score."""
    if codes is None:
        with np.errstate(over="ignore"):
            values = np.exp(p) if found.loss == "poisson" else p
        return tuple(Prediction(row, value) for row, value in enumerate(values.tolist(), 1))
    labels = found.labels or ()
    names = [labels[int(code)] for code in codes.tolist()]
    if _has_probabilities(found):
        pairs = enumerate(zip(names, _probabilities(p), strict=True), 1)
        return tuple(Prediction(row, name, probability=share) for row, (name, share) in pairs)
    pairs = enumerate(zip(names, p.tolist(), strict=True), 1)
    return tuple(Prediction(row, name, score=score) for row, (name, score) in pairs)


def _probabilities(p: Matrix) -> list[float]:
    """The predicted class's: 1/(1 + exp(-|p|)), or the largest share of the exponentials."""
    with np.errstate(over="ignore", under="ignore"):
        if p.ndim == 1:
            found = 1.0 / (1.0 + np.exp(-np.abs(p)))
        else:
            found = 1.0 / np.sum(np.exp(p - p.max(axis=1, keepdims=True)), axis=1)
    shares: list[float] = found.tolist()
    return shares


def _risk(found: Parameters, p: Matrix, y: Vector, budget: Budget) -> float:
    """The mean loss."""
    with np.errstate(all="ignore"):
        mean = float(np.mean(_losses(found, budget)(p, y)))
    return mean if not math.isnan(mean) else math.inf


def _losses(found: Parameters, budget: Budget) -> Losses:
    if found.takes == CLASSES:
        return cross_entropy
    if not losses.is_formula(found.loss):
        return losses.compile_loss(losses.find(found.loss), budget).value
    from gdcli.kernels.interpret import arrays
    from gdcli.kernels.parametric import together

    value = arrays(together([found.loss], ("p", "y"), budget=budget))[0]
    return lambda p, y: np.zeros_like(p) + value(p, y)[0]
