"""What a user may choose of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypedDict

# The batch of methods that can do with all rows as well as with some.
ALL: Literal["all"] = "all"


@dataclass(frozen=True, slots=True)
class Options:
    """What a user may choose; None leaves the choice to the data or the method."""

    method: str | None = None
    loss: str | None = None
    model: str | None = None
    theta0: str | None = None
    l1: float = 0.0
    l2: float = 0.0
    penalise_intercept: bool = False
    eta: str | None = None
    steps: int | None = None
    epochs: float | None = None
    batch: int | Literal["all"] | None = None
    averaging: str | None = None
    sampling: str = "uniform"
    seed: int = 0
    gap: float | None = None
    every: int | None = None
    standardise: bool = True
    intercept: bool = True
    timeout: float = 10.0
    engine: str = "auto"
    threads: int | None = None
    holdout: float | None = None
    validate: str | None = None

    @property
    def rows(self) -> int:
        """How many rows a step with drawn rows takes."""
        return 1 if self.batch is None or self.batch == ALL else self.batch


class Given(TypedDict, total=False):
    """The options somebody gave that are the same in Python as on the command line."""

    method: str
    loss: str
    model: str
    l1: float
    l2: float
    penalise_intercept: bool
    steps: int
    epochs: float
    batch: int | Literal["all"]
    averaging: str
    sampling: str
    seed: int
    gap: float
    every: int
    standardise: bool
    intercept: bool
    timeout: float
    engine: str
    threads: int
    holdout: float
    validate: str


class Chosen(Given, total=False):
    """The options somebody gave; what is absent is filled in by a problem's card or by `Options`."""

    eta: str
    theta0: str
