"""A plan and its steps as results: everything an expert wants to know of a run (THEORY, section 8)."""

from __future__ import annotations

import math

from gdcli.descent.plan import Plan
from gdcli.descent.run import Run, Step
from gdcli.descent.schedules import BLOCK
from gdcli.descent.stopping import Stopped
from gdcli.results import descend as results
from gdcli.risk.bounds import Promise


def head(plan: Plan) -> results.RunHead:
    """What is known before the first step."""
    options = plan.options
    shown = plan.risk.shown
    eta = float(plan.schedule.etas(0, 1)[0])
    return results.RunHead(
        data=_data(plan),
        loss=plan.risk.loss.name,
        loss_formula=shown[0],
        loss_derivative=shown[1],
        loss_second=shown[2],
        convexity=_convexity(plan),
        signs=plan.risk.loss.target == "signs",
        model=plan.problem.model,
        l2=options.l2,
        method=options.method,
        update=plan.method.UPDATE,
        sampling=options.sampling if plan.stochastic else None,
        batch=options.batch if plan.stochastic else None,
        seed=options.seed if plan.stochastic else None,
        averaging=_averaging(plan),
        schedule=plan.schedule.formula,
        eta=eta,
        h=eta * plan.constants.L,
        steps=plan.steps,
        gap_target=plan.target,
        constants=_constants(plan),
        optimum=_optimum(plan),
    )


def step_report(step: Step) -> results.StepReport:
    """One line of the log."""
    return results.StepReport(
        step=step.t,
        epoch=step.epoch,
        risk=step.risk,
        gap=step.gap.value,
        gap_lower=step.gap.lower,
        gap_upper=step.gap.upper,
        bound=None if step.bound is None else step.bound.value,
        gradient_norm=step.gradient_norm,
        eta=step.eta,
        seconds=step.seconds,
        averaged_gap=None if step.averaged is None else step.averaged.value,
        above_local=step.above_local,
    )


def run_report(run: Run, last: Step) -> results.RunReport:
    """The end of a run."""
    plan = run.plan
    stopped = run.stopped or Stopped.INTERRUPTED
    return results.RunReport(
        head=head(plan),
        step=last.t,
        epoch=last.epoch,
        row_gradients=last.t * plan.rows_per_step,
        risk=last.risk,
        risk_optimum=plan.certificate.optimum.risk_optimum if plan.convex else None,
        above_local=last.above_local,
        gap=last.gap.value,
        gap_lower=last.gap.lower,
        gap_upper=last.gap.upper,
        averaged=_averaged(plan, last),
        gradient_norm=last.gradient_norm,
        bounds=tuple(_bound(promise, last) for promise in run.promises()),
        stopped=stopped.value,
        reason=stopped.name.lower(),
        theta=plan.problem.coordinates.in_file_units(last.theta),
        theta_optimised=dict(zip(plan.problem.coordinates.names, last.theta.tolist(), strict=True)),
        seconds=last.seconds,
        warnings=warnings(plan, stopped),
    )


def warnings(plan: Plan, stopped: Stopped | None) -> tuple[str, ...]:
    """What a reader should know before trusting the numbers."""
    said = [*_step_size_warnings(plan, stopped)]
    if not plan.convex:
        said.append(
            "the loss is not known to be convex: the run is compared with a local minimum, and no R* is claimed"
        )
    elif not plan.certificate.optimum.attained:
        said.append(f"no minimiser exists: {plan.certificate.optimum.reason}; R* is an infimum")
    elif not math.isfinite(plan.certificate.omega):
        said.append(_unproven(plan))
    if stopped is Stopped.STEPS and not plan.stochastic and plan.options.steps is plan.options.epochs is None:
        said.append(f"the gap did not come down to {plan.target:.3g} in {plan.steps} steps: allow more with --steps")
    if plan.options.sampling != "uniform":
        said.append("rows are shuffled, without replacement: not the lecture's SGD, whose bounds do not apply")
    return tuple(said)


def _unproven(plan: Plan) -> str:
    if math.isfinite(plan.risk.loss.concordance):
        return "R* is computed, not proven: the Hessian at the optimum is singular to rounding; see to the columns"
    return "R* is computed, not proven: the rows whose loss is curved at the optimum do not span all others"


def _step_size_warnings(plan: Plan, stopped: Stopped | None) -> list[str]:
    """True sentences about the step size against 2/L."""
    if plan.stochastic:
        return _stochastic_warnings(plan, stopped)
    eta, limit = _largest_eta(plan), 2.0 / plan.constants.L
    if not math.isfinite(plan.constants.L):
        diverged = stopped is Stopped.DIVERGED
        return [f"eta = {eta:.4g} was too large, and no L is known to say what is not; try a tenth"] if diverged else []
    if eta <= limit:
        return []
    where = " (L on the level set of theta_0)" if plan.constants.local else ""
    above = f"eta = {eta:.4g} is above 2/L = {limit:.4g}{where}"
    if stopped is Stopped.DIVERGED:
        return [f"{above}, and the descent diverged; --eta 1/L converges"]
    return [f"{above}: descent is no longer guaranteed; --eta 1/L has the guarantee"]


def _stochastic_warnings(plan: Plan, stopped: Stopped | None) -> list[str]:
    if stopped is not Stopped.DIVERGED:
        return []
    if not math.isfinite(plan.constants.L_max):
        return [f"eta = {_largest_eta(plan):.4g} was too large: the loss has no largest curvature; try a tenth of it"]
    safe = 1.0 / (2.0 * plan.constants.L_max)
    return [f"eta = {_largest_eta(plan):.4g} was too large for single rows; 1/(2 L_max) = {safe:.4g} is safe"]


def _largest_eta(plan: Plan) -> float:
    """The largest step size among the first and the last of the run: a schedule mostly falls or rises."""
    first = plan.schedule.etas(0, min(BLOCK, plan.steps))
    last = plan.schedule.etas(max(0, plan.steps - BLOCK), plan.steps)
    return float(max(first.max(), last.max()))


def _data(plan: Plan) -> results.DataSummary:
    dataset = plan.dataset
    return results.DataSummary(
        data=dataset.origin.name,
        rows=plan.risk.rows,
        features=len(dataset.columns),
        target=dataset.target,
        columns=dataset.columns,
        labels=dataset.labels,
        sha256=dataset.origin.sha256,
        standardised=plan.options.standardise,
        intercept=plan.options.intercept,
        choices=(*dataset.choices, *plan.problem.notes),
    )


def _averaging(plan: Plan) -> str | None:
    if plan.averaging is None:
        return None
    if math.isnan(plan.averaging):
        return "weights eta_t"
    return f"weights eta_t (1 - (1 + 1/b) eta_t L_max), b = {plan.averaging:.6g}"


def _constants(plan: Plan) -> results.Constants:
    found = plan.constants
    return results.Constants(
        L=found.L,
        L_max=found.L_max,
        local=found.local,
        mu=found.mu,
        kappa=found.L / found.mu if found.mu > 0.0 else None,
        kappa_raw=plan.problem.kappa_raw,
        rank=plan.certificate.optimum.rank,
        sigma2=plan.sigma2,
        distance=plan.distance if math.isfinite(plan.distance) else None,
    )


def _optimum(plan: Plan) -> results.Optimum:
    certificate = plan.certificate
    optimum = certificate.optimum
    return results.Optimum(
        risk_optimum=optimum.risk_optimum if plan.convex else None,
        local_minimum=None if plan.convex else optimum.risk_optimum,
        status=_status(plan),
        method=optimum.method,
        reason=optimum.reason,
        newton_decrement=None if math.isnan(certificate.decrement) else certificate.decrement,
        concordance=None if math.isnan(certificate.concordance) else certificate.concordance,
        omega=certificate.omega,
        separated_rows=int(optimum.separated.sum()),
    )


def _convexity(plan: Plan) -> str | None:
    """What is known of the convexity of a loss given by a formula; the built-in ones are convex."""
    loss = plan.risk.loss
    if not loss.reason:
        return None
    return f"convex in p: {loss.reason}" if loss.convex else f"not known to be convex in p: {loss.reason}"


def _status(plan: Plan) -> str:
    if not plan.convex:
        return "local"
    if not plan.certificate.optimum.attained:
        return "infimum"
    return "attained" if math.isfinite(plan.certificate.omega) else "unproven"


def _averaged(plan: Plan, last: Step) -> results.Averaged | None:
    if last.averaged is None or last.average is None:
        return None
    gap = last.averaged
    theta = plan.problem.coordinates.in_file_units(last.average)
    return results.Averaged(gap=gap.value, gap_lower=gap.lower, gap_upper=gap.upper, theta=theta)


def _bound(promise: Promise, last: Step) -> results.Bound:
    measured = last.gap if last.averaged is None else last.averaged
    ratio = promise.value / measured.value if measured.value > 0.0 else None
    of = "last iterate" if last.averaged is None else "averaged iterate"
    return results.Bound(promise.name, promise.condition, of, promise.value, ratio)
