"""What gdcli descend emits."""

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
    """The constants of R on the optimised coordinates (THEORY: L, L_max, mu, kappa; None where none is known).

    `local`: phi'' is not known to be bounded, L_max is infinite, and L, if finite, holds on {R <= R(theta_0)}.
    """

    L: float
    L_max: float
    local: bool
    mu: float
    kappa: float | None
    kappa_raw: float | None
    rank: int
    sigma2: float | None
    distance: float | None


@dataclass(frozen=True, slots=True)
class Optimum:
    """R* and how it was found. `status`: "attained", "infimum" (approached, by no finite theta), "unproven", "local".

    "local": the risk is not known to be convex, `local_minimum` is the lowest one found, and `risk_optimum` is None.

    `newton_decrement` nu, `concordance` S and `omega` are the certificate: R(theta_hat) - R* <= omega; S is None where
    omega is a dual bound.
    """

    risk_optimum: float | None
    local_minimum: float | None
    status: str
    method: str
    reason: str
    newton_decrement: float | None
    concordance: float | None
    omega: float
    separated_rows: int


@dataclass(frozen=True, slots=True)
class RunHead:
    """Everything known before the first step."""

    command: ClassVar[str] = "descend"

    data: DataSummary
    loss: str
    loss_formula: str
    loss_derivative: str
    loss_second: str
    convexity: str | None
    signs: bool
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
    gap_target: float
    constants: Constants
    optimum: Optimum


@dataclass(frozen=True, slots=True)
class StepReport:
    """One line of the log. `gap` lies in [gap_lower, gap_upper]; `bound` is what the theory promises at this step.

    `above_local` is R(theta) less the local minimum where no R* is claimed: `gap` is then not a number.
    """

    command: ClassVar[str] = "descend"
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
    above_local: float | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """A theorem's promise for the gap after T steps: its name, its condition, whose gap, and bound/measured."""

    name: str
    condition: str
    of: str
    value: float
    ratio: float | None


@dataclass(frozen=True, slots=True)
class Averaged:
    """The weighted average of SGD's iterates: its gap in [gap_lower, gap_upper], theta in the file's units."""

    gap: float
    gap_lower: float
    gap_upper: float
    theta: Mapping[str, float]


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
    risk_optimum: float | None
    above_local: float | None
    gap: float
    gap_lower: float
    gap_upper: float
    averaged: Averaged | None
    gradient_norm: float
    bounds: tuple[Bound, ...]
    stopped: str
    reason: str
    theta: Mapping[str, float]
    theta_optimised: Mapping[str, float]
    seconds: float
    warnings: tuple[str, ...]

    def as_json(self) -> Mapping[str, object]:
        """Flat: the head's keys (data, rows, loss, method, eta, ...) stand beside the run's own."""
        head = {name: getattr(self.head, name) for name in self.head.__slots__}
        data = {name: getattr(self.head.data, name) for name in self.head.data.__slots__}
        own = {name: getattr(self, name) for name in self.__slots__ if name != "head"}
        return {**data, **{name: value for name, value in head.items() if name != "data"}, **own}
