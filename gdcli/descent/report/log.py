"""A step as a line of the log."""

from __future__ import annotations

import math

from gdcli.descent.run import Step
from gdcli.results.descend import DrawnStepReport, StepReport


def step_report(step: Step) -> StepReport:
    """One line of the log."""
    return (DrawnStepReport if step.drawn else StepReport)(
        step=step.t,
        epoch=step.epoch,
        risk=step.risk,
        gap=step.gap.value,
        gap_lower=step.gap.lower,
        gap_upper=step.gap.upper,
        bound=None if step.bound is None else step.bound.value,
        gradient_norm=step.gradient_norm,
        eta=None if math.isnan(step.eta) else step.eta,
        seconds=step.seconds,
        averaged_gap=None if step.averaged is None else step.averaged.value,
        above_local=step.above_local,
        risk_holdout=step.unseen,
    )
