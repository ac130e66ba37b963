"""A model by formula: --model "b1*(1 - exp(-b2*x))", whose symbols that are no columns are the parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from gdcli.data.dataset import Dataset
from gdcli.data.names import label
from gdcli.data.room import release, room
from gdcli.data.scaling import chosen
from gdcli.data.selection import Header
from gdcli.descent.models.columns import Symbols, variables, without_target
from gdcli.descent.models.linear import place
from gdcli.descent.models.start import starting_point, well_defined
from gdcli.descent.models.target import default_loss, loss_and_target
from gdcli.descent.options import Options
from gdcli.descent.problem import Problem
from gdcli.errors import DataError, UsageError
from gdcli.escape import visible
from gdcli.kernels.parametric import Parametric, parametric
from gdcli.risk.constants import squared_condition
from gdcli.risk.empirical import Vector
from gdcli.risk.losses import SOFTMAX, LossKernel
from gdcli.risk.models.formula import Model, ModelRisk
from gdcli.risk.models.linear import LinearRisk
from gdcli.suggest import nearest

EXAMPLE = '--model "b1*(1 - exp(-b2*x))"'
# Losses that are functions of p - y: a part of the model without parameters can be taken from the target.
DIFFERENCES = frozenset({"squared", "absolute", "quantile", "huber", "logcosh"})
WITH_OFFSET = "the model has a part without parameters, which this loss does not let one take from the target"
# The longest derivative that the report shows.
LONGEST = 100


@dataclass(frozen=True)
class Parameters:
    """The parameters as the model names them, in the units it gives them."""

    names: tuple[str, ...]

    def in_file_units(self, theta: Vector) -> Mapping[str, float]:
        """Parameter -> value."""
        return dict(zip(self.names, theta.tolist(), strict=True))


@dataclass
class ModelColumns:
    """--model as it was typed. Called with a file's header it chooses the columns that the model uses."""

    text: str
    _symbols: Symbols = field(default_factory=lambda: Symbols((), ()))

    def __call__(self, header: Header) -> list[int]:
        """The columns to read; UsageError for a model that uses none, or the target."""
        self._symbols = Symbols.of(header.names)
        used = [self._symbols.index(name) for name in variables(self.text) if name in self._symbols.known]
        without_target(f"the model {visible(self.text)}", used, header)
        if not used:
            raise _no_column(self.text, self._symbols)
        return used

    def named(self, dataset: Dataset) -> Dataset:
        """The data set with its columns called as in the model; DataError for text."""
        names = [name for name in variables(self.text) if name in self._symbols.known]
        for name in names:
            j = self._symbols.index(name)
            if self._symbols.names[j] not in dataset.columns:
                message = "this column holds text, and a model needs numbers"
                place = label(j, self._symbols.names[j])
                hint = "leave it out of --model"
                raise DataError(message, file=visible(dataset.origin.name, 4096), column=place, hint=hint)
        lines = self._symbols.numbered(self._symbols.index(name) for name in names)
        return replace(dataset, columns=tuple(names), choices=(*dataset.choices, *lines, *self._doubts(names)))

    def _doubts(self, columns: Sequence[str]) -> list[str]:
        """Parameters that look like a column: b1 beside x1 does not, agee beside age does."""
        others = [name for name in variables(self.text) if name not in columns and len(name) > 2]
        alike = [(name, nearest(name, self._symbols.known)) for name in others]
        return [
            f"{name} is no column, so it is a parameter; did you mean {column}?" for name, column in alike if column
        ]


def formula_problem(dataset: Dataset, options: Options) -> Problem:
    """The problem of a model by formula: linear where the model is, else one for a local minimum.

    Raises FormulaError, and UsageError for a model without parameters or columns, or undefined where it begins.
    """
    text = str(options.model)
    symbols = Symbols.of(dataset.columns)
    columns, parameters = _roles(text, symbols, dataset)
    if (options.loss or default_loss(dataset)) == SOFTMAX:
        message = "softmax predicts a number for each class, and a model by formula predicts one"
        raise UsageError(message, hint="take another --loss, or leave --model away")
    kernel, y = loss_and_target(dataset, options)
    found = parametric(text, parameters, columns, budget=options.budget)
    X = chosen(dataset.X, [symbols.index(name) for name in columns])
    risk = ModelRisk(Model.of(found), X, y, kernel, np.full(len(parameters), options.l2))
    theta0 = starting_point(options.theta0, parameters, options.budget)
    well_defined(risk, theta0, columns, parameters)
    linear = _linear(risk) if found.affine else None
    return Problem(
        dataset=replace(dataset, X=X, columns=columns),
        risk=linear or (replace(risk, reason=WITH_OFFSET) if found.affine else risk),
        theta0=theta0,
        coordinates=Parameters(parameters),
        model=text,
        prediction=f"p = {text}",
        kappa_raw=None if linear is None else squared_condition(linear.X),
        notes=(*_notes(found, parameters, columns, options, linear), *place(X if linear is None else linear.X)),
    )


def _roles(text: str, symbols: Symbols, dataset: Dataset) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The columns and the parameters that the model uses."""
    names = variables(text)
    columns = tuple(name for name in names if name in symbols.known)
    parameters = tuple(name for name in names if name not in columns)
    if dataset.target in parameters:
        message = f"the model {visible(text)} uses {dataset.target}, which is the target"
        raise UsageError(message, hint="leave it out, or name another --target")
    if not columns:
        raise _no_column(text, symbols)
    if not parameters:
        message = f"the model {visible(text)} has no parameters: all its symbols are columns"
        raise UsageError(message, hint=f"symbols that are no columns are the parameters: {EXAMPLE}")
    return columns, parameters


def _no_column(text: str, symbols: Symbols) -> UsageError:
    message = f"the model {visible(text)} uses no column of the file"
    return UsageError(message, hint=f"the columns are {symbols.listing()}")


def _linear(risk: ModelRisk) -> LinearRisk | None:
    """A model that is linear in its parameters as X theta, what it has without them taken from the target."""
    X, y, zero = room((risk.rows, risk.width)), room((risk.rows,)), np.zeros(risk.width)
    for rows, part in risk.parts():
        offset, tangents = part.model.tangents(zero, part.X)
        if not (np.all(np.isfinite(offset)) and np.all(np.isfinite(tangents))):
            return None
        if offset.any() and not _of_difference(risk.kernel):
            return None
        X[rows], y[rows] = tangents.T, part.y - offset
    release(X)
    return LinearRisk(X, y, risk.kernel, risk.penalty)


def _of_difference(kernel: LossKernel) -> bool:
    return kernel.loss.name.split("(")[0] in DIFFERENCES


def _notes(
    found: Parametric, parameters: Sequence[str], columns: Sequence[str], options: Options, linear: LinearRisk | None
) -> tuple[str, ...]:
    """What the model was taken to be."""
    notes = [f"parameters of the model: {', '.join(parameters)}; columns: {', '.join(columns)}, not standardised"]
    notes += [
        f"df/d{name} = {slope}" for name, slope in zip(parameters, found.partials, strict=True) if len(slope) <= LONGEST
    ]
    if linear is not None:
        notes.append("the model is linear in its parameters, so R* can be proven")
    if options.theta0 is None:
        notes.append("theta0: 1 for every parameter (choose with --theta0)")
    return tuple(notes)
