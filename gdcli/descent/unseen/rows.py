"""The rows of --holdout and of --validate: their mean loss at theta, without the penalty, which is no row's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from gdcli.data.alike import Alike, read_alike
from gdcli.data.dataset import Dataset, Origin, Reading
from gdcli.data.selection import Header
from gdcli.data.table import Floats, Levels, Records, Table
from gdcli.descent.load import located
from gdcli.descent.options import Options
from gdcli.descent.problem import Problem
from gdcli.descent.unseen.predictor import ByFormula, Linear, Predictor
from gdcli.descent.unseen.targets import encoded, taken
from gdcli.errors import DataError, UsageError
from gdcli.escape import visible
from gdcli.language.budget import Budget
from gdcli.risk.empirical import Matrix, Vector
from gdcli.risk.models.softmax import SoftmaxRisk
from gdcli.risk.models.sparse import SparseRisk

# (predictions, y) -> the losses of the rows (N,).
Losses = Callable[[Matrix, Vector], Vector]


@dataclass(frozen=True, eq=False)
class Unseen:
    """X (N, d) in the file's units and y (N,) as the loss takes it; `sha256` of the file they are from."""

    X: Matrix
    y: Vector
    predictor: Predictor
    losses: Losses
    sha256: str

    @property
    def rows(self) -> int:
        """N."""
        return len(self.X)

    def risk(self, theta: Vector) -> float:
        """(1/N) sum phi(p_i, y_i)."""
        with np.errstate(all="ignore"):
            return float(np.mean(self.losses(self.predictor(theta, self.X), self.y)))


def unseen(problem: Problem, options: Options, held: Dataset | None) -> Unseen:
    """The rows of --holdout, which were `held` before, or of --validate."""
    data = problem.dataset
    if held is not None:
        X, target, file, sha256 = held.X, _target(held), held.origin.name, held.origin.sha256
    else:
        file = str(options.validate)
        X, target, sha256 = _from_file(file, data, options.budget)
    y = encoded(target, data.labels, taken(problem.risk), visible(file, 4096), data.target)
    return Unseen(X, y, predictor(problem, options), losses(problem), sha256)


def predictor(problem: Problem, options: Options) -> Predictor:
    """The problem's predictions."""
    columns = problem.dataset.columns
    if options.model is not None:
        return ByFormula.of(options.model, problem.coordinates.names, columns, options.budget)
    scaling, count = problem.scaling, len(columns)
    mean, scale = (np.zeros(count), np.ones(count)) if scaling is None else (scaling.mean, scaling.scale)
    classes = problem.risk.classes if isinstance(problem.risk, SoftmaxRisk) else 0
    return Linear(mean, scale, options.intercept, classes)


def losses(problem: Problem) -> Losses:
    """phi of the problem's loss."""
    risk: Any = problem.risk.smooth if isinstance(problem.risk, SparseRisk) else problem.risk
    return cross_entropy if isinstance(risk, SoftmaxRisk) else risk.kernel.value


def cross_entropy(scores: Matrix, codes: Vector) -> Vector:
    """log sum_k exp p_k - p_y."""
    largest = scores.max(axis=1)
    own = scores[np.arange(len(scores)), codes.astype(np.intp)]
    return np.asarray(np.log(np.sum(np.exp(scores - largest[:, None]), axis=1)) + (largest - own))


def with_formulas(found: Alike, reading: Reading, budget: Budget) -> Floats:
    """X with the formulas of --features computed, where there are some."""
    if not reading.formulas:
        return found.X
    from gdcli.descent.models.features import Features

    features = Features(reading.formulas)
    features(Header(reading.names, reading.target, Table("", reading.names, None, 0, "", (), Records((), ()))))
    columns = tuple(name for feature in reading.features for name in feature.columns)
    origin = Origin(found.name, found.rows, found.sha256, reading.header, "")
    return features.applied(Dataset(found.X, np.zeros(0), columns, "", None, origin, ()), budget).X


def _from_file(file: str, data: Dataset, budget: Budget) -> tuple[Floats, Floats | Levels, str]:
    """X, the target and the hash of another file, read as the first one was."""
    if data.reading is None:
        message = "--validate reads a file as the data were read, and these were not read from one"
        raise UsageError(message, hint="take --holdout, or give the data as a file")
    found = read_alike(located(file), data.reading)
    if found.target is None:
        message = f'there is no column "{visible(data.target)}", the target'
        raise DataError(message, file=visible(file, 4096), hint="add it: without it there is no risk to tell")
    return with_formulas(found, data.reading, budget), found.target, found.sha256


def _target(data: Dataset) -> Floats | Levels:
    """The target as it stood in the file: texts have codes, numbers are themselves."""
    if data.labels is None or not _coded(data):
        return data.y
    return Levels(data.labels, data.y.astype(np.intp))


def _coded(data: Dataset) -> bool:
    """Whether y holds codes of texts, not the two numbers that the labels write."""
    try:
        return not all(np.isfinite(float(label)) for label in data.labels or ())
    except ValueError:
        return True
