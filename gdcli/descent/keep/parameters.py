"""theta.json: the parameters that a run found, with all that a prediction needs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gdcli import __version__
from gdcli.data.dataset import Reading
from gdcli.descent.keep.files import foreign, replace, seal, unseal
from gdcli.descent.loops.state import State
from gdcli.descent.plan import Plan
from gdcli.descent.stopping import Stopped
from gdcli.descent.unseen.predictor import ByFormula, Linear, Predictor
from gdcli.descent.unseen.targets import CLASSES, taken
from gdcli.errors import DataError
from gdcli.escape import visible
from gdcli.language.budget import Budget
from gdcli.risk.empirical import Vector

THETA = "theta.json"


@dataclass(frozen=True)
class Parameter:
    """`value` for the columns as they stand in the file, `optimised` for those that were optimised over.

    None: not finite, as the run diverged.
    """

    name: str
    value: float | None
    optimised: float | None


@dataclass(frozen=True)
class Scaled:
    """What a column x became: (x - mean)/scale."""

    name: str
    mean: float
    scale: float


@dataclass(frozen=True)
class Parameters:
    """theta after `step` steps of the `run`, and why it `stopped` there, None where it was to go on.

    model: the formula of --model, "" for the linear model, which has an `intercept` or not, and `columns` as they were
    scaled. loss: as --loss has it; it `takes` numbers, signs or classes, by their `labels`. reading: how X was made of
    the file, None where it was not read from one.
    """

    run: str
    gdcli: str
    step: int
    stopped: str | None
    model: str
    loss: str
    takes: str
    target: str
    labels: tuple[str, ...] | None
    intercept: bool
    columns: tuple[Scaled, ...]
    reading: Reading | None
    theta: tuple[Parameter, ...]

    def write(self, folder: Path) -> None:
        """Put it into the folder."""
        replace(folder / THETA, seal(self))

    def predictor(self, budget: Budget) -> Predictor:
        """The model's predictions."""
        if self.model:
            names = tuple(parameter.name for parameter in self.theta)
            return ByFormula.of(self.model, names, tuple(column.name for column in self.columns), budget)
        mean = np.array([column.mean for column in self.columns])
        scale = np.array([column.scale for column in self.columns])
        return Linear(mean, scale, self.intercept, len(self.labels or ()) if self.takes == CLASSES else 0)

    def optimised(self, folder: Path) -> Vector:
        """theta. Raises DataError where the run diverged."""
        values = [parameter.optimised for parameter in self.theta]
        if None in values or self.stopped == Stopped.DIVERGED.name:
            message = "the run diverged: its theta predicts nothing"
            raise DataError(message, file=visible(str(folder), 4096), hint="take a smaller --eta, or leave it away")
        return np.array(values, dtype=np.float64)


def parameters(plan: Plan, run: str, state: State, stopped: str | None) -> Parameters:
    """Those of a state."""
    coordinates, options, problem = plan.problem.coordinates, plan.options, plan.problem
    with np.errstate(all="ignore"):
        values = coordinates.in_file_units(state.theta)
    scaling, columns = problem.scaling, plan.dataset.columns
    mean = np.zeros(len(columns)) if scaling is None else scaling.mean
    scale = np.ones(len(columns)) if scaling is None else scaling.scale
    loss = plan.risk.loss
    return Parameters(
        run=run,
        gdcli=__version__,
        step=state.t,
        stopped=stopped,
        model=options.model or "",
        loss=loss.formula if loss.name == "custom" else loss.name,
        takes=taken(plan.risk),
        target=plan.dataset.target,
        labels=plan.dataset.labels,
        intercept=options.intercept and options.model is None,
        columns=tuple(map(Scaled, columns, mean.tolist(), scale.tolist())),
        reading=plan.dataset.reading,
        theta=tuple(
            Parameter(name, _finite(values[name]), _finite(value))
            for name, value in zip(coordinates.names, state.theta.tolist(), strict=True)
        ),
    )


def load(folder: Path) -> Parameters:
    """The parameters in a folder. Raises DataError where there are none, or none that can be trusted."""
    found = unseal(folder / THETA, Parameters)
    width = len(found.columns) + found.intercept
    classes = max(1, len(found.labels or ())) if found.takes == CLASSES else 1
    if not found.model and len(found.theta) != width * classes:
        raise foreign(folder / THETA, f"there are {len(found.theta)} parameters, and the model has {width * classes}")
    return found


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
