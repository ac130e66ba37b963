"""What gdcli descend emits. In JSON the head's fields and the run's own stand side by side, under their names here."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import ClassVar

from gdcli.results.common import Changes
from gdcli.results.findings import Averaged, Bound, Kinks, Times
from gdcli.results.result import Numeric, Tabular, columns
from gdcli.results.setting import Constants, DataSummary, Optimum


@dataclass(frozen=True, slots=True)
class RunHead:
    """Everything known before the first step.

    `loss` with phi, phi' and phi'' as texts, from the calculus; `convexity`: what is known of a formula's; `smooth`:
    phi' is continuous; `signs`: y is -1 or +1; `model` f and its `prediction`; `l1` and `l2` the
    weights of ||theta||_1 and ||theta||^2/2; `penalise_intercept`;
    `method`, its `title` and its `update`; `sampling`, `batch`, `seed` and `averaging` of stochastic runs; `schedule`
    eta(t), `eta` its first value (not a number where the method finds its step sizes itself), `h` = eta L, None where
    there is none; `theta0` in the file's units; `steps`: the most there may be; `gap_target`: where it stops; `engine`:
    the steps are interpreted or compiled ("interpret", "compile"), for the `engine_reason`, on so many `threads`;
    `rows_holdout`: how many rows of --holdout or --validate the risk does not hold, None where there are none.
    """

    command: ClassVar[str] = "descend"
    json_changes: ClassVar[Changes] = {"data": "*DataSummary"}

    data: DataSummary
    loss: str
    loss_formula: str
    loss_derivative: str
    loss_second: str
    convexity: str | None
    smooth: bool
    signs: bool
    model: str
    prediction: str
    l1: float
    l2: float
    penalise_intercept: bool
    method: str
    title: str
    update: str
    sampling: str | None
    batch: int | None
    seed: int | None
    averaging: str | None
    schedule: str
    eta: float
    h: float | None
    theta0: Mapping[str, float]
    steps: int
    gap_target: float
    constants: Constants
    optimum: Optimum
    engine: str
    engine_reason: str
    threads: int
    rows_holdout: int | None


@dataclass(frozen=True, slots=True)
class StepReport:
    """One line of the log: theta_t after `step` steps and `epoch` passes over the rows.

    `gap` = R(theta_t) - R* lies in [gap_lower, gap_upper]; `bound` is what the theory promises at this step (for
    stochastic runs: of `averaged_gap`, that of the averaged iterate); `eta` the last step's size, None at step 0 of a
    method that finds it itself; `seconds` since the first. `above_local` is R(theta) less the local minimum where no R*
    is claimed: `gap` is then not a number. `risk_holdout`: the mean loss, without the penalty, of the rows that R does
    not hold, where there are some.
    """

    command: ClassVar[str] = "descend"
    kind: ClassVar[str] = "step"
    json_changes: ClassVar[Changes] = {"gap_upper_reason?": "str"}

    step: int
    epoch: float
    risk: float
    gap: float
    gap_lower: float
    gap_upper: float
    bound: float | None
    gradient_norm: float
    eta: float | None
    seconds: float
    averaged_gap: float | None = None
    above_local: float | None = None
    risk_holdout: float | None = None

    def as_json(self) -> Mapping[str, object]:
        """The fields; where there is no gap or no step size, with the reason."""
        own = {field.name: getattr(self, field.name) for field in fields(self)}
        own |= {} if self.eta is not None else NO_ETA
        return own if self.above_local is None else own | NO_GAP


@dataclass(frozen=True, slots=True)
class DrawnStepReport(StepReport):
    """One of a run with drawn rows, whose epochs are no steps."""


@dataclass(frozen=True, slots=True)
class RunReport(Numeric, Tabular):
    """The end of a run: theta_T after `step` steps, `epoch` passes and `row_gradients` gradients of single rows.

    `risk` R(theta_T) by a full pass; `risk_optimum` R*; `risk_holdout`: as in StepReport;
    `gap` in [gap_lower, gap_upper], none below `gap_floor` being
    told from 0; `averaged`: the same for the averaged iterate; `eta_last` and `h_last` = eta_last L; `bounds`, those
    that are met first, the smallest of them in front; `kinks` of the loss, None if it has none; `stopped`, in words,
    for the `reason`; `theta` in the file's units, `theta_optimised` in the coordinates that are optimised;
    `zeros` and `zeros_optimum` count the coordinates that are exactly 0 in theta_T and at the optimum found;
    `theta_optimum` in the file's units, `theta_computed` where it is not proven to be one, `theta_local` where it is
    only a local minimum's, and `theta_difference`, the largest |theta_T - theta_optimum| of a parameter; `condition`:
    cond(X^T X) of the columns as they are optimised; `seconds` of the descent, all of them in `times`;
    `row_gradients_per_second`, None where the clock did not move; `warnings`. `log`: the logged steps, for the callers
    of the library; where they are streamed, as by the command, it is empty, and JSON is the run without them.
    """

    command: ClassVar[str] = "descend"
    kind: ClassVar[str] = "run"
    json_changes: ClassVar[Changes] = {
        "head": "*RunHead",
        "log": "",
        "theta_optimum_reason?": "str | Mapping[str, str]",
    }

    head: RunHead
    step: int
    epoch: float
    row_gradients: int
    risk: float
    risk_optimum: float | None
    above_local: float | None
    risk_holdout: float | None
    gap: float
    gap_lower: float
    gap_upper: float
    gap_floor: float
    averaged: Averaged | None
    gradient_norm: float
    eta_last: float
    h_last: float | None
    bounds: tuple[Bound, ...]
    kinks: Kinks | None
    stopped: str
    reason: str
    theta: Mapping[str, float]
    theta_optimised: Mapping[str, float]
    zeros: int
    zeros_optimum: int
    theta_optimum: Mapping[str, float] | None
    theta_computed: Mapping[str, float] | None
    theta_local: Mapping[str, float] | None
    theta_difference: float | None
    condition: float | None
    seconds: float
    times: Times
    row_gradients_per_second: float | None
    warnings: tuple[str, ...]
    log: tuple[StepReport, ...] = ()

    def numbers(self) -> list[float]:
        """theta_T in the file's units, in the order of the columns, the intercept last."""
        return list(self.theta.values())

    def table(self) -> dict[str, list[object]]:
        """The logged steps."""
        return columns(self.log, [field.name for field in fields(StepReport)])

    def as_json(self) -> Mapping[str, object]:
        """Flat: the head's keys (data, rows, loss, method, eta, ...) stand beside the run's own, reasons beside."""
        head = {name: getattr(self.head, name) for name in self.head.__slots__}
        data = {name: getattr(self.head.data, name) for name in self.head.data.__slots__}
        own = {name: getattr(self, name) for name in self.__slots__ if name not in ("head", "log")}
        rest = {name: value for name, value in head.items() if name != "data"}
        return {**data, **rest, **own, **self._reasons()}

    def _reasons(self) -> dict[str, str]:
        """Why a value is null, where its name does not say it."""
        found: dict[str, str] = {}
        for name, eta, h in (("", self.head.eta, self.head.h), ("_last", self.eta_last, self.h_last)):
            if math.isnan(eta):
                found |= {f"eta{name}_reason": FOUND, f"h{name}_reason": FOUND}
            elif h is None:
                found[f"h{name}_reason"] = "no L is known"
        if self.above_local is not None:
            found |= NO_GAP | {"risk_optimum_reason": UNKNOWN, "theta_optimum_reason": UNKNOWN}
            found |= {"gap_floor_reason": UNKNOWN}
        elif self.theta_computed is not None:
            found["theta_optimum_reason"] = found["gap_floor_reason"] = "R* is computed, not proven"
        elif self.theta_optimum is None:
            found["theta_optimum_reason"] = "R* is an infimum that no theta attains"
        return found


UNKNOWN = "the risk is not known to be convex: no R* is claimed"
FOUND = "found at every step"
NO_ETA = {"eta_reason": FOUND}
NO_GAP = {"gap_reason": UNKNOWN, "gap_upper_reason": UNKNOWN}
