"""K classes with a linear score each, p_k = theta_k . x: the parameters of one class after those of another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from gdcli.data.columns import MAX_CLASSES
from gdcli.data.dataset import Dataset
from gdcli.descent.check import check_range
from gdcli.descent.models.linear import LinearCoordinates, constant_columns, design, penalties, place
from gdcli.descent.options import Options
from gdcli.descent.problem import Problem
from gdcli.errors import UsageError
from gdcli.escape import visible
from gdcli.risk.constants import squared_condition
from gdcli.risk.empirical import Vector
from gdcli.risk.models.softmax import SoftmaxRisk
from gdcli.risk.passes import sizes_of_columns


@dataclass(frozen=True)
class ClassCoordinates:
    """A parameter for each class and column, named "class: column", each class's `intercept` last if there is one."""

    labels: tuple[str, ...]
    each: LinearCoordinates

    @property
    def names(self) -> tuple[str, ...]:
        """All columns of the first class, then those of the next."""
        return tuple(f"{label}: {column}" for label in self.labels for column in self.each.names)

    def in_file_units(self, theta: Vector) -> Mapping[str, float]:
        """ "class: column" -> parameter for the columns as they stand in the file."""
        found: dict[str, float] = {}
        for label, part in zip(self.labels, theta.reshape(len(self.labels), -1), strict=True):
            found |= {f"{label}: {column}": value for column, value in self.each.in_file_units(part).items()}
        return found


def softmax_problem(dataset: Dataset, options: Options) -> Problem:
    """The softmax loss on all columns of the data set.

    Raises UsageError where the target is not made of a few classes.
    """
    dataset, notes = with_classes(dataset)
    labels = dataset.labels or ()
    X, scaling = design(dataset, options)
    check_range(sizes_of_columns(X), float(np.abs(dataset.y).max()), dataset)
    penalty = np.tile(penalties(X.shape[1], options.l2, options), len(labels))
    risk = SoftmaxRisk(X, dataset.y.astype(np.intp), len(labels), penalty)
    coordinates = ClassCoordinates(labels, LinearCoordinates(dataset.columns, scaling, options.intercept))
    _check_names(coordinates, dataset)
    notes += constant_columns(dataset, scaling)
    return Problem(
        dataset=dataset,
        risk=risk,
        theta0=np.zeros(risk.width),
        coordinates=coordinates,
        model=f"{len(labels)}-class linear",
        prediction="p_k = theta_k.x",
        kappa_raw=squared_condition(dataset.X, ones=options.intercept),
        notes=(*notes, *place(X)),
        scaling=scaling if options.standardise else None,
    )


def with_classes(dataset: Dataset) -> tuple[Dataset, list[str]]:
    """The data set with codes 0..K-1 for y and its classes as labels, and what was chosen to that end.

    Texts are classes; so are whole numbers, if they are few.
    """
    values, codes = np.unique(dataset.y, return_inverse=True)
    if dataset.labels is not None:
        return replace(dataset, y=codes.astype(np.float64)), []
    _check_values(dataset, values)
    labels = tuple(repr(value).removesuffix(".0") for value in values.tolist())
    note = (
        f'classes: the whole numbers {", ".join(labels)} of "{visible(dataset.target)}" are taken as names of classes'
    )
    return replace(dataset, y=codes.astype(np.float64), labels=labels), [note]


def _check_values(dataset: Dataset, values: Vector) -> None:
    target, hint = (
        f"target {visible(dataset.target)!r}",
        "take --loss squared or huber for numbers, or another --target",
    )
    broken = dataset.y != np.round(dataset.y)
    if broken.any():
        row = int(np.argmax(broken))
        message = f"softmax loss needs classes, and {target} is {dataset.y[row]:g} in data row {row + 1}"
        raise UsageError(message, hint=hint)
    if len(values) > MAX_CLASSES:
        message = f"softmax loss takes at most {MAX_CLASSES} classes, and {target} has {len(values)} different numbers"
        raise UsageError(message, hint=hint)
    if len(values) < 2:
        message = f"softmax loss needs two classes or more, and {target} is {values[0]:g} in every row"
        raise UsageError(message, hint="name another target with --target")


def _check_names(coordinates: ClassCoordinates, dataset: Dataset) -> None:
    names = coordinates.names
    if len(set(names)) < len(names):
        twice = visible(next(name for name in names if names.count(name) > 1))
        message = f'two parameters are called "{twice}": a class of {visible(dataset.target)!r} and a column hold ": "'
        raise UsageError(message, hint="rename the class or the column")
