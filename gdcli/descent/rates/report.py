"""The runs of a method as a result: its curves, slopes, T(eps), and its bound against what was measured."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from gdcli.descent.plan import Plan
from gdcli.descent.rates.curve import Curve, contraction, curve, measured, reaching
from gdcli.descent.rates.trace import DECADES, Trace
from gdcli.descent.rates.trials import GOAL, LEVELS, Trial, rho, start_gap, why
from gdcli.descent.report.end import bound
from gdcli.descent.report.optimum import optimum
from gdcli.descent.stopping import Stopped
from gdcli.results.findings import Bound
from gdcli.results.rate import Contraction, CurveRate, MethodRate, RatePoint, Slope
from gdcli.risk.bounds.promise import AVERAGE, LAST, Promise

WORDS = {Stopped.GAP: f"the gap came to {GOAL:g} (R(theta_0) - R*)", Stopped.DIVERGED: "diverged"}
# Where R* is not proven, gaps below this share of it are rounding.
ROUNDING = 1e-12


def risk_facts(plans: Sequence[Plan]) -> dict[str, Any]:
    """What a report says of the data and of R, by the names of its fields."""
    plan = plans[0]
    found, constants = optimum(plan), plan.constants
    notes = [note for each in plans for note in (*each.dataset.choices, *each.problem.notes)]
    return {
        "data": plan.dataset.origin.name,
        "rows": plan.risk.rows,
        "features": len(plan.dataset.columns),
        "target": plan.dataset.target,
        "loss": plan.risk.loss.name,
        "l2": plan.options.l2,
        "standardised": plan.problem.scaling is not None,
        "intercept": plan.options.intercept and plan.options.model is None,
        "choices": tuple(dict.fromkeys(notes)),
        "risk_optimum": plan.certificate.optimum.risk_optimum,
        "optimum": found.status,
        "optimum_method": found.method,
        "gap0": start_gap(plan),
        "L": constants.L,
        "L_max": constants.L_max,
        "mu": constants.mu,
        "distance": plan.distance if math.isfinite(plan.certificate.omega + plan.distance) else None,
        "decades": DECADES,
    }


def method_rate(trial: Trial, traces: Sequence[Trace], at: str) -> tuple[MethodRate, list[Curve]]:
    """A method's runs, and the curves that they make."""
    plan, rows = trial.plan, trial.plan.risk.rows
    floor = ROUNDING * abs(plan.certificate.optimum.risk_optimum)
    kinds = [LAST] if plan.averaging is None else [LAST, AVERAGE]
    curves = [curve(traces, rows, floor, average=of == AVERAGE) for of in kinds]
    diverged = sum(trace.stopped is Stopped.DIVERGED for trace in traces)
    rate = MethodRate(
        method=plan.method.name,
        title=plan.method.title,
        update=plan.method.update,
        stochastic=plan.stochastic,
        schedule="found at every step" if plan.method.sized else plan.schedule.formula,
        eta=None if plan.method.sized else plan.eta0,
        chosen=trial.chosen,
        batch=plan.options.rows if plan.stochastic else None,
        sampling=plan.options.sampling if plan.stochastic else None,
        averaging=None if plan.averaging is None else plan.averaging.shown,
        steps=plan.steps,
        seeds=len(traces),
        diverged=diverged,
        stopped=_stopped(traces),
        at_goal=all(trace.stopped in (Stopped.GAP, Stopped.STILL) for trace in traces),
        theory=plan.method.rate,
        why=why(plan),
        bound=_bound(plan, traces[0], dict(zip(kinds, curves, strict=True))),
        contraction=None if diverged else _contraction(plan, curves[0]),
        curves=tuple(
            _curve_rate(plan, of, found, traces, at, diverged) for of, found in zip(kinds, curves, strict=True)
        ),
    )
    return rate, curves


def warnings(trials: Sequence[Trial], methods: Sequence[MethodRate]) -> tuple[str, ...]:
    """What a reader should know before trusting the numbers."""
    plan = trials[0].plan
    found = plan.certificate.optimum
    said = []
    if not found.attained:
        said.append(f"no minimiser exists: {found.reason}; R* is an infimum")
    elif not math.isfinite(plan.certificate.omega):
        said.append(f"R* is computed, not proven: gaps below {ROUNDING:g} R* are left out of the fits")
    if any(method.sampling not in (None, "uniform") for method in methods):
        said.append("rows are shuffled, without replacement: not the lecture's SGD, whose bounds do not apply")
    said += [f"{rate.method}: {rate.stopped}" for rate in methods if rate.diverged]
    done = {method.method for method in methods}
    missing = [trial.plan.method.name for trial in trials if trial.plan.method.name not in done]
    if missing:
        said.append(f"no run was done of {', '.join(missing)}")
    return tuple(said)


def _stopped(traces: Sequence[Trace]) -> str:
    """Why the runs ended, with how many where they differ."""
    counts = Counter(WORDS.get(trace.stopped, str(trace.stopped)) for trace in traces)
    if len(counts) == 1:
        return next(iter(counts))
    return "; ".join(f"{word} ({count} of {len(traces)} runs)" for word, count in counts.most_common())


def _contraction(plan: Plan, found: Curve) -> Contraction | None:
    """Where strong convexity shows within the run."""
    theory = rho(plan)
    yet_to_come = theory is not None and plan.steps * plan.eta0 * plan.constants.mu < 1.0
    if plan.stochastic or not plan.constants.mu > 0.0 or yet_to_come:
        return None
    rate = contraction(found)
    return None if rate is None and theory is None else Contraction(rate, theory)


def _curve_rate(plan: Plan, of: str, found: Curve, traces: Sequence[Trace], at: str, diverged: int) -> CurveRate:
    gone = Slope(None, None, None, f"{diverged} of {len(traces)} runs diverged", None, None, 0, 0)
    exact = () if of == AVERAGE or plan.stochastic else traces[0].reached
    return CurveRate(
        of=of,
        slope=gone if diverged else measured(found, at, seeded=plan.stochastic),
        reaching=tuple(reaching(found, LEVELS, start_gap(plan), exact, plan.risk.rows)),
        points=tuple(_points(plan, of, found, traces)),
    )


def _points(plan: Plan, of: str, found: Curve, traces: Sequence[Trace]) -> list[RatePoint]:
    columns = zip(found.steps, found.passes, found.seconds, found.mean, found.lower, found.upper, strict=True)
    promises = [point.bound for point in traces[0].points]
    return [
        RatePoint(
            method=plan.method.name,
            of=of,
            step=int(t),
            passes=float(passes),
            seconds=float(seconds),
            gap=float(gap),
            gap_lower=float(lower),
            gap_upper=float(upper),
            bound=promise.value if promise is not None and promise.of == of else None,
            seeds=len(traces),
        )
        for (t, passes, seconds, gap, lower, upper), promise in zip(columns, promises, strict=False)
    ]


def _bound(plan: Plan, trace: Trace, curves: dict[str, Curve]) -> Bound | None:
    """The smallest promise for the end of the run against the mean over the runs."""
    if not trace.promises:
        return None
    promise: Promise = trace.promises[0]
    gap = float(curves[promise.of if promise.of in curves else LAST].mean[-1])
    return bound(plan, promise, gap, trace.risk)
