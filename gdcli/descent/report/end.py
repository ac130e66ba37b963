"""The end of a run: where it came, what is proven of it, what it cost."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict

import numpy as np

from gdcli.descent.plan import Plan
from gdcli.descent.report.head import eta_L, head
from gdcli.descent.report.warnings import beyond, warnings
from gdcli.descent.run import Run, Step
from gdcli.descent.stopping import Stopped
from gdcli.results import descend as results
from gdcli.results.findings import Averaged, Bound, Kinks, Times
from gdcli.risk.apart.risk import ApartRisk
from gdcli.risk.bounds.promise import AVERAGE, Promise
from gdcli.risk.constants import squared_condition
from gdcli.risk.empirical import Vector
from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.models.sparse import SparseRisk

EPS = float(np.finfo(float).eps)


@np.errstate(all="ignore")
def run_report(
    run: Run, last: Step, *, reading: float | None = None, preparing: float | None = None
) -> results.RunReport:
    """The end of a run; `reading` and `preparing` are the seconds that went before it, where somebody took them."""
    plan = run.plan
    stopped = run.stopped or Stopped.INTERRUPTED
    before = head(plan)
    coordinates, found = plan.problem.coordinates, plan.certificate.optimum
    theta = coordinates.in_file_units(last.theta)
    best = coordinates.in_file_units(found.theta) if found.attained else None
    status, row_gradients = before.optimum.status, last.work
    return results.RunReport(
        head=before,
        step=last.t,
        epoch=last.epoch,
        row_gradients=row_gradients,
        risk=last.risk,
        risk_optimum=before.optimum.risk_optimum,
        above_local=last.above_local,
        risk_holdout=last.unseen,
        gap=last.gap.value,
        gap_lower=last.gap.lower,
        gap_upper=last.gap.upper,
        gap_floor=before.optimum.gap_floor,
        averaged=_averaged(plan, last),
        gradient_norm=last.gradient_norm,
        eta_last=last.eta,
        h_last=eta_L(plan, last.eta),
        bounds=tuple(bound(plan, promise, _measured(promise, last), last.risk) for promise in run.promises()),
        kinks=_kinks(run),
        stopped=stopped.value,
        reason=stopped.name.lower(),
        theta=theta,
        theta_optimised=dict(zip(coordinates.names, last.theta.tolist(), strict=True)),
        zeros=_zeros(last.theta),
        zeros_optimum=_zeros(found.theta),
        theta_optimum=best if status == "attained" else None,
        theta_computed=best if status == "unproven" else None,
        theta_local=None if plan.convex else best,
        theta_difference=_difference(theta, best),
        condition=_condition(plan),
        seconds=last.seconds,
        times=_times(reading, preparing, last.seconds),
        row_gradients_per_second=row_gradients / last.seconds if last.seconds > 0.0 else None,
        warnings=warnings(plan, stopped) + (() if stopped is Stopped.DIVERGED else beyond(theta, best)),
    )


def _zeros(theta: Vector) -> int:
    return int(np.count_nonzero(theta == 0.0))


def _kinks(run: Run) -> Kinks | None:
    found = run.kinks()
    return None if found is None else Kinks(**asdict(found))


def _averaged(plan: Plan, last: Step) -> Averaged | None:
    if last.averaged is None or last.average is None:
        return None
    gap = last.averaged
    theta = plan.problem.coordinates.in_file_units(last.average)
    return Averaged(gap=gap.value, gap_lower=gap.lower, gap_upper=gap.upper, theta=theta)


def bound(plan: Plan, promise: Promise, gap: float, risk: float) -> Bound:
    """What the theory promised beside the gap that was measured of the iterate it speaks of, where R was `risk`."""
    ratio = float(promise.value / gap) if promise.met and 0.0 < gap < math.inf else None
    return Bound(
        name=promise.name,
        condition=promise.condition,
        met=promise.met,
        why=promise.why,
        of=promise.of,
        expected=plan.stochastic,
        value=promise.value if promise.met else None,
        ratio=ratio,
        holds=_holds(plan, promise.value, ratio, risk),
    )


def _measured(promise: Promise, last: Step) -> float:
    """The gap of the iterate that a promise speaks of."""
    return last.averaged.value if promise.of == AVERAGE and last.averaged is not None else last.gap.value


def _holds(plan: Plan, value: float, ratio: float | None, risk: float) -> bool | None:
    """Whether value >= gap; None for one that doubles cannot reach: below the rounding of R, or of where it began."""
    if ratio is None or (ratio < 1.0 and value < EPS * max(abs(risk), EPS * plan.gap0)):
        return None
    return ratio >= 1.0


def _difference(theta: Mapping[str, float], other: Mapping[str, float] | None) -> float | None:
    """max_j |theta_j - other_j|, in the file's units."""
    return None if other is None else max(abs(theta[name] - other[name]) for name in theta)


def _condition(plan: Plan) -> float | None:
    """cond(X^T X) of the columns as they are optimised."""
    if isinstance(plan.risk, LinearRisk):
        return squared_condition(plan.risk.X, squared=plan.risk.squares)
    if isinstance(plan.risk, ApartRisk):
        return squared_condition(plan.risk.root, squared=plan.risk.squares)
    from gdcli.risk.models.softmax import SoftmaxRisk

    return squared_condition(plan.risk.X) if isinstance(plan.risk, SoftmaxRisk | SparseRisk) else None


def _times(reading: float | None, preparing: float | None, descent: float) -> Times:
    known = reading is not None and preparing is not None
    return Times(
        reading=reading,
        preparing=preparing,
        descent=descent,
        total=math.fsum(seconds for seconds in (reading, preparing, descent) if seconds is not None) if known else None,
    )
