"""What a user may choose of a run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypedDict

from gdcli.language.budget import Budget

# Bytes with which a formula of ordinary size is read and derived.
CALCULUS = 1 << 26
# The batch of methods that can do with all rows as well as with some.
ALL: Literal["all"] = "all"


@dataclass(frozen=True, slots=True)
class Options:
    """What a user may choose; None leaves the choice to the data or the method.

    method: "gd", "sgd", "nesterov", "lbfgs", ..., also with settings: "adam(beta1=0.8)". loss: a name, or phi(p, y) as
    a formula; model: f as a formula in the columns and its parameters, which begin at `theta0`. l1, l2: the weights of
    ||theta||_1 and ||theta||^2/2, with penalise_intercept the intercept's too. eta: the step size, a formula in t, L,
    mu, N, T and eta0. The run ends after `steps` or `epochs` (passes over the rows), or where the gap is certified to
    be at most `gap`, without one at most `max_gap`, which it has to come below; it is logged `every` so many steps.
    batch: rows a step, or "all"; sampling: "uniform" or "shuffle", drawn from `seed`; averaging: of the iterates.
    standardise the features, and add an intercept; timeout: seconds of symbolic work; memory: the most for it and for
    the data, a size such as "2GB". engine: "auto", "interpret", "compile" or "dask"; threads: at most so many cores;
    scheduler: the address of the Dask cluster, None for one of this machine. holdout: the share of the rows that R
    leaves out, validate: a file of rows, whose risk is logged.
    """

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
    max_gap: float | None = None
    every: int | None = None
    standardise: bool = True
    intercept: bool = True
    timeout: float = 10.0
    memory: str | None = None
    engine: str = "auto"
    threads: int | None = None
    scheduler: str | None = None
    holdout: float | None = None
    validate: str | None = None

    @property
    def rows(self) -> int:
        """How many rows a step with drawn rows takes."""
        return 1 if self.batch is None or self.batch == ALL else self.batch

    @property
    def budget(self) -> Budget:
        """What the work on one formula may take: no less than the calculus needs to be loaded, however few the data."""
        found = Budget.of(self.timeout, self.memory)
        return replace(found, memory=max(found.memory, CALCULUS))


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
    memory: str
    engine: str
    threads: int
    scheduler: str
    holdout: float
    validate: str


class Chosen(Given, total=False):
    """The options somebody gave; what is absent is filled in by a problem's card or by `Options`."""

    eta: str
    theta0: str
    max_gap: float
