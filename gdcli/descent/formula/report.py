"""A descent on a formula in plain numbers: the head, the steps, and what came of it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from gdcli.descent.formula.plan import Plan
from gdcli.descent.formula.run import Ended, Run, Step
from gdcli.results.minimize import MinimizeHead, MinimizeReport, MinimizeStep


def head(plan: Plan) -> MinimizeHead:
    """Everything known before the first step."""
    known, options = plan.facts, plan.options
    return MinimizeHead(
        expression=known.expression,
        variables=plan.formula.variables,
        symbols=known.symbols,
        start=dict(zip(plan.formula.variables, known.start, strict=True)),
        method=options.method,
        title=plan.method.title,
        update=plan.method.update.replace("theta", "x").replace("R(", "f("),
        region=known.region,
        verdict=known.verdict,
        L=known.L,
        mu=known.mu,
        schedule="found at every step" if plan.method.sized else plan.schedule.formula,
        eta=_known(plan.eta0),
        eta_reason=plan.eta_reason,
        steps=options.steps,
        gradient_target=options.gradient,
        gap_target=options.gap,
    )


def step_report(plan: Plan, step: Step) -> MinimizeStep:
    """One line of the log."""
    x = dict(zip(plan.formula.variables, step.x.tolist(), strict=True))
    return MinimizeStep(step.t, step.value, step.gradient_norm, _known(step.eta), x)


def _known(eta: float) -> float | None:
    return None if math.isnan(eta) else eta


def run_report(run: Run, path: Sequence[MinimizeStep]) -> MinimizeReport:
    """The end of a run whose logged steps are `path`."""
    plan, last = run.plan, path[-1]
    ended = run.ended or Ended.INTERRUPTED
    return MinimizeReport(
        head=head(plan),
        step=last.step,
        value=last.value,
        gradient_norm=last.gradient_norm,
        x=last.x,
        gap_upper=run.gap_upper(),
        stopped=str(ended),
        reason=ended.name.lower(),
        advice=_advice(plan, ended, last),
        path=tuple(path),
        seconds=run.seconds,
        warnings=tuple(_warnings(run)),
    )


def _advice(plan: Plan, ended: Ended, last: MinimizeStep) -> str | None:
    """What to do about a descent that failed."""
    if not ended.failed:
        return None
    if ended is Ended.UNBOUNDED:
        return f"f is {last.value:.3g} and still falling: look for a minimum in a box, or check the formula's sign"
    if "value" in plan.method.asks:
        return "f fell to where it has no gradient: it may be least there, at the edge of its domain or at a kink"
    if plan.method.sized or last.eta is None:
        return f"{plan.options.method} took a step too long; take --method armijo, which goes only where f falls"
    L, eta = plan.facts.L, last.eta
    if L and eta > 2.0 / L and plan.method.bounds:
        return f"eta = {eta:.4g} is above 2/L = {2.0 / L:.4g}; leave --eta away, or use --eta 1/L"
    return f"eta = {eta:.4g} is too large here; try --eta {eta / 10:.2g}"


def _warnings(run: Run) -> list[str]:
    warnings = []
    known = run.plan.facts
    if run.strayed is not None:
        where = "x0 lies" if run.strayed == 0 else f"from step {run.strayed} on the path lies"
        warnings.append(f"{where} outside {known.region}, where L was proven")
    if run.ended is Ended.STILL:
        warnings.append(
            f"|grad f| is {run.measure().gradient_norm:.3g} where no step moves x any more: no minimum is shown"
        )
    if known.verdict in ("affine", "concave"):
        warnings.append(f"f is {known.verdict} on {known.region}: it has no minimum inside unless it is constant there")
    return warnings
