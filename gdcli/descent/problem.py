"""A problem: a data set, the risk to minimise on it, where to start, and what the parameters are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from gdcli.data.dataset import Dataset
from gdcli.data.scaling import Scaling
from gdcli.risk.empirical import EmpiricalRisk, Vector


class Coordinates(Protocol):
    """The parameters' names, and the way back from the coordinates that are optimised to the file's units."""

    @property
    def names(self) -> tuple[str, ...]:
        """One name for each coordinate of theta."""

    def in_file_units(self, theta: Vector) -> Mapping[str, float]:
        """The parameters for the columns as they stand in the file."""


@dataclass(frozen=True)
class Problem:
    """What a model makes of a data set. `model` is its text for the report, `kappa_raw` cond(X^T X) before scaling.

    `notes` are the choices that were made on the way, `scaling` how the data set's columns were standardised,
    `prediction` what p is.
    """

    dataset: Dataset
    risk: EmpiricalRisk
    theta0: Vector
    coordinates: Coordinates
    model: str
    kappa_raw: float | None
    notes: tuple[str, ...] = ()
    scaling: Scaling | None = None
    prediction: str = "p = theta.x"
