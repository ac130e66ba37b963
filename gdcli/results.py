"""What the commands emit: frozen dataclasses of plain Python. Imports nothing of gdcli.

Field names are the JSON keys. A result's `command` names its renderer and the envelope it travels in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class DataSummary:
    """What was read: N rows, d features, the target, the hash of the bytes and the choices made."""

    data: str
    rows: int
    features: int
    target: str
    columns: tuple[str, ...]
    labels: tuple[str, ...] | None
    sha256: str
    standardised: bool
    intercept: bool
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Constants:
    """The constants of R on the optimised coordinates (THEORY: L, L_max, mu, kappa; None where none is known)."""

    L: float
    L_max: float
    mu: float
    kappa: float | None
    kappa_raw: float | None
    rank: int
    sigma2: float | None
    distance: float | None


@dataclass(frozen=True, slots=True)
class Optimum:
    """R* and how it was found. `status` is "attained" or "infimum" (approached, by no finite theta)."""

    risk_optimum: float
    status: str
    method: str
    newton_decrement: float
    error: float
    reason: str


@dataclass(frozen=True, slots=True)
class RunHead:
    """Everything known before the first step."""

    command: ClassVar[str] = "descend"

    data: DataSummary
    loss: str
    loss_formula: str
    loss_derivative: str
    loss_second: str
    model: str
    l2: float
    method: str
    update: str
    sampling: str | None
    batch: int | None
    seed: int | None
    averaging: str | None
    schedule: str
    eta: float
    h: float
    steps: int
    constants: Constants
    optimum: Optimum


@dataclass(frozen=True, slots=True)
class StepReport:
    """One line of the log. `gap` lies in [gap_lower, gap_upper]; `bound` is what the theory promises at this step."""

    kind: ClassVar[str] = "step"

    step: int
    epoch: float
    risk: float
    gap: float
    gap_lower: float
    gap_upper: float
    bound: float | None
    gradient_norm: float
    eta: float
    seconds: float
    averaged_gap: float | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """A theorem's promise for the gap after T steps: its name, the condition it needs, and bound/measured."""

    name: str
    condition: str
    holds_for: str
    value: float
    ratio: float | None


@dataclass(frozen=True, slots=True)
class RunReport:
    """The end of a run: R(theta_T), R*, the certified gap, why it stopped, theta in the file's own units."""

    command: ClassVar[str] = "descend"
    kind: ClassVar[str] = "run"

    head: RunHead
    step: int
    epoch: float
    row_gradients: int
    risk: float
    risk_optimum: float
    gap: float
    gap_lower: float
    gap_upper: float
    averaged: StepReport | None
    gradient_norm: float
    bounds: tuple[Bound, ...]
    stopped: str
    converged: bool
    theta: Mapping[str, float]
    theta_optimised: Mapping[str, float]
    seconds: float
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProblemSummary:
    """One bundled problem, as its card tells it."""

    name: str
    title: str
    rows: int
    features: int
    loss: str
    target: str
    risk_optimum: float | None
    attained: bool
    shows: str
    origin: str
    licence: str
    file: str | None


@dataclass(frozen=True, slots=True)
class ProblemList:
    """The bundled problems."""

    command: ClassVar[str] = "problems"

    problems: tuple[ProblemSummary, ...]
