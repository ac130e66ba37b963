"""The linear model over rows that lie in parts elsewhere: the steps of `models.linear`, each of them a few sums."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gdcli.data.dataset import Apart, Dataset
from gdcli.data.partitions import standard
from gdcli.data.partitions.load import Rows
from gdcli.data.partitions.parts import Parts
from gdcli.data.scaling import identity
from gdcli.descent.check import check_linear, check_range
from gdcli.descent.models.linear import LinearCoordinates, constant_columns, penalties
from gdcli.descent.models.target import default_loss, loss_and_target
from gdcli.descent.options import Options
from gdcli.descent.problem import Problem
from gdcli.errors import UsageError
from gdcli.kernels.derived import Derived
from gdcli.risk.apart import terms
from gdcli.risk.apart.compiled import CompiledRisk
from gdcli.risk.apart.risk import ApartRisk
from gdcli.risk.constants import squared_condition
from gdcli.risk.empirical import Matrix, Vector
from gdcli.risk.losses import CUSTOM, SOFTMAX, Loss, ready, steepest
from gdcli.risk.passes import sizes_of_columns, triangle

HERE = "leave --engine dask away: on one machine it is proven with all rows at hand"


def apart_problem(dataset: Dataset, apart: Apart, options: Options) -> Problem:
    """The linear model on all columns of a data set whose rows are in parts.

    Raises UsageError for what takes all rows in one place: models by formula, an L1 term, softmax and losses with
    kinks, whose R* no sums find.
    """
    _check(dataset, options)
    parts, rows = apart.parts, dataset.origin.rows
    kernel, _ = loss_and_target(replace(dataset, y=apart.sample, X=np.zeros((len(apart.sample), 1))), options)
    if not (kernel.loss.smooth and kernel.loss.convex):
        what = "has kinks" if not kernel.loss.smooth else "is not known to be convex"
        raise UsageError(f"{kernel.loss.name} loss {what}, and over a cluster no R* of it is found", hint=HERE)
    if kernel.loss.name == CUSTOM and kernel.loss.target == "real":
        kernel = ready(replace(kernel.loss, lipschitz=parts.total(_steepest, kernel.derived, by=max)), kernel.derived)
    raw = parts.total(_root, options.intercept, by=terms.below)
    if options.standardise:
        scaling = standard.standardised(parts, centre=options.intercept, ones=options.intercept)
    else:
        scaling = identity(len(dataset.columns))
        if options.intercept:
            standard.with_ones(parts)
    check_range(*parts.total(_sizes, by=_larger), dataset)
    penalty = penalties(len(dataset.columns) + options.intercept, options.l2, options)
    signs = float(np.min(apart.sample)) if kernel.loss.target == "signs" else None
    parts.change(_as_risk, kernel.loss, kernel.derived, penalty, signs)
    notes = constant_columns(dataset, scaling)
    return Problem(
        dataset=dataset,
        risk=ApartRisk(parts, rows, kernel, penalty, apart.locate),
        theta0=np.zeros(len(penalty)),
        coordinates=LinearCoordinates(dataset.columns, scaling, options.intercept),
        model="linear",
        kappa_raw=squared_condition(raw),
        notes=(*notes, f"rows: {_partitions(parts)} on {apart.place}"),
        scaling=scaling if options.standardise else None,
    )


def _check(dataset: Dataset, options: Options) -> None:
    """What cannot be done over a cluster, said before anything is computed."""
    if options.model is not None or options.theta0 is not None:
        raise UsageError("over a cluster the model is linear, and --model is given", hint="leave --engine dask away")
    if (options.loss or default_loss(dataset)) == SOFTMAX:
        check_linear(options, "softmax loss has one for each class")
        raise UsageError(
            "softmax loss is not summed over a cluster", hint="take two classes, or leave --engine dask away"
        )
    if options.l1:
        raise UsageError("--l1 is not for a cluster: its R* takes all rows in one place", hint="take --l2")
    if options.holdout is not None:
        raise UsageError("--holdout is not for a cluster", hint="keep a file of its own back, and take --validate FILE")
    if options.sampling != "uniform":
        message = f"--sampling {options.sampling} is not for a cluster, where rows are drawn uniformly"
        raise UsageError(message, hint="leave --sampling away")


def _partitions(parts: Parts) -> str:
    return f"{parts.count} partitions" if parts.count > 1 else "1 partition"


@np.errstate(all="ignore")
def _root(part: Rows, ones: bool) -> Matrix:
    """R of X = QR, of [X 1] with `ones`."""
    return triangle(part.X, ones)


def _steepest(part: Rows, found: Derived) -> float:
    """sup |phi'| of a loss by a formula: between the targets of a sample it may be larger."""
    return steepest(found, np.unique(part.y))


def _sizes(part: Rows) -> tuple[Vector, float]:
    """The largest |x_ij| of each column, and the largest |y_i|."""
    return sizes_of_columns(part.X), float(np.abs(part.y).max())


def _larger(first: tuple[Vector, float], second: tuple[Vector, float]) -> tuple[Vector, float]:
    return np.maximum(first[0], second[0]), max(first[1], second[1])


def _as_risk(part: Rows, loss: Loss, found: Derived, penalty: Vector, least: float | None) -> CompiledRisk:
    """R of a part's own rows; of two classes the one above the `least` value is +1, the other -1."""
    y = part.y if least is None else np.where(part.y > least, 1.0, -1.0)
    return CompiledRisk(part.X, y, ready(loss, found), penalty)
