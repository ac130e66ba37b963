"""The linear model theta . x: features (standardised unless --raw), then the intercept's ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gdcli.data.dataset import Dataset
from gdcli.data.room import mapped
from gdcli.data.scaling import Scaling, identity, standardise, with_ones
from gdcli.descent.check import check_range, check_sparse
from gdcli.descent.models.target import loss_and_target
from gdcli.descent.options import Options
from gdcli.descent.problem import Problem
from gdcli.errors import UsageError
from gdcli.escape import visible
from gdcli.risk.constants import squared_condition
from gdcli.risk.empirical import Matrix, Vector
from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.models.sparse import SparseRisk
from gdcli.risk.passes import sizes_of_columns


@dataclass(frozen=True)
class LinearCoordinates:
    """A parameter for each column, named like it, and `intercept` last if there is one."""

    columns: tuple[str, ...]
    scaling: Scaling
    intercept: bool

    @property
    def names(self) -> tuple[str, ...]:
        """The columns, then "intercept"."""
        return (*self.columns, "intercept") if self.intercept else self.columns

    def in_file_units(self, theta: Vector) -> Mapping[str, float]:
        """Column -> parameter for the columns as they stand in the file, `intercept` last."""
        slopes, intercept = (theta[:-1], float(theta[-1])) if self.intercept else (theta, None)
        scaled, moved = self.scaling.to_file_units(slopes, intercept)
        values = scaled.tolist() if moved is None else [*scaled.tolist(), moved]
        return dict(zip(self.names, values, strict=True))


def linear_problem(dataset: Dataset, options: Options) -> Problem:
    """The linear model on all columns of the data set."""
    kernel, y = loss_and_target(dataset, options)
    X, scaling = design(dataset, options)
    check_range(sizes_of_columns(X), float(np.abs(y).max()), dataset)
    check_sparse(options, kernel.loss)
    width = X.shape[1]
    smooth = LinearRisk(X, y, kernel, penalties(width, options.l2, options))
    risk = SparseRisk(smooth, penalties(width, options.l1, options)) if options.l1 else smooth
    notes = constant_columns(dataset, scaling)
    return Problem(
        dataset=dataset,
        risk=risk,
        theta0=np.zeros(risk.width),
        coordinates=LinearCoordinates(dataset.columns, scaling, options.intercept),
        model="linear",
        kappa_raw=squared_condition(dataset.X, ones=options.intercept),
        notes=(*notes, *place(X)),
        scaling=scaling if options.standardise else None,
    )


def constant_columns(dataset: Dataset, scaling: Scaling) -> list[str]:
    """Say which columns say nothing. Raises UsageError for one that would, did its values not vanish when squared."""
    for j in scaling.lost:
        message = f'the values of column "{visible(dataset.columns[j])}" are less than 2.2e-308 apart'
        raise UsageError(message, hint="multiply the column by 1e300, or leave it out with --features")
    return [f"constant column, of no use beside an intercept: {visible(dataset.columns[j])}" for j in scaling.constant]


def design(dataset: Dataset, options: Options) -> tuple[Matrix, Scaling]:
    """The matrix that is optimised over, (N, k), and the way back to the file's units."""
    if options.standardise:
        return standardise(dataset.X, centre=options.intercept, ones=options.intercept)
    X = with_ones(dataset.X) if options.intercept else np.ascontiguousarray(dataset.X)
    return X, identity(dataset.X.shape[1])


def place(X: Matrix) -> list[str]:
    """Where the matrix lies, if that is not memory."""
    return [f"X takes {X.nbytes / 1e6:.0f} MB: it lies in a file and is read in blocks"] if mapped(X) else []


def penalties(width: int, weight: float, options: Options) -> Vector:
    """The `weight` for each of `width` coordinates, 0 for the intercept unless it is to be penalised."""
    penalty = np.full(width, weight)
    if options.intercept and not options.penalise_intercept:
        penalty[-1] = 0.0
    return penalty
