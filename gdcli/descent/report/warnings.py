"""What a reader should know before trusting the numbers: true sentences, each with a remedy where there is one."""

from __future__ import annotations

import math
from collections.abc import Mapping

from gdcli.descent.arithmetic import EPS
from gdcli.descent.plan import Plan
from gdcli.descent.schedules import BLOCK
from gdcli.descent.stopping import Stopped
from gdcli.escape import visible

# The method that gets along with few steps, where the one of the key (any other: "") did not; none for the last.
FASTER = {"": "lbfgs", "lbfgs": "newton", "newton": ""}
FASTER_SPARSE = {"": "fista", "fista": ""}
KINKED = "polyak"
NOT_DRAWN = {
    "shuffle": "rows are shuffled, without replacement",
    "order": "rows are taken in the file's order, pass after pass",
}

# The families of bounds of methods without momentum, which raise R from 2/L on and lower it at 1/L.
LIMITED = frozenset(("smooth", "proximal"))


def warnings(plan: Plan, stopped: Stopped | None) -> tuple[str, ...]:
    """What a reader should know before trusting the numbers; in a dry run, what is known without R*."""
    said = [*_step_size(plan, stopped), *([] if plan.dry else _optimum(plan))]
    if stopped is Stopped.STEPS and not plan.stochastic and plan.options.steps is plan.options.epochs is None:
        said.append(f"the gap did not come down to {plan.target:.3g} in {plan.steps} steps: {_remedy(plan)}")
    if plan.stochastic and plan.options.sampling in NOT_DRAWN:
        said.append(f"{NOT_DRAWN[plan.options.sampling]}: not the lecture's SGD, whose bounds do not apply")
    return tuple(said)


def beyond(*thetas: Mapping[str, float] | None) -> tuple[str, ...]:
    """Parameters that are doubles as they are optimised, and in the file's units, divided by a scale, are none."""
    names = {name: None for theta in thetas for name, value in (theta or {}).items() if not math.isfinite(value)}
    if not names:
        return ()
    first, *rest = names
    what = visible(first) + (f" and {len(rest)} more are" if rest else " is")
    return (f"theta of {what} too large for a double in the file's units: give the columns in a smaller unit",)


def _optimum(plan: Plan) -> list[str]:
    """What is to be said where R* is not an R* that is attained and proven."""
    if not plan.convex:
        what = "a local minimum" if plan.certificate.optimum.converged else "the lowest risk found"
        return [f"the risk is not known to be convex: the run is compared with {what}, and no R* is claimed"]
    if not plan.certificate.optimum.attained:
        return [f"no minimiser exists: {plan.certificate.optimum.reason}; R* is an infimum"]
    proven = math.isfinite(plan.certificate.omega)
    return [] if proven else [f"R* is computed, not proven: {_unproven(plan)}"]


def _remedy(plan: Plan) -> str:
    """What brings the gap down to the target, where the steps that a run has by itself do not."""
    method, more = plan.method.module.__name__.rpartition(".")[2], "allow more with --steps"
    finest = EPS * abs(plan.certificate.optimum.risk_optimum)
    if plan.target <= finest:
        return f"it is below the rounding of R, {finest:.2g}; ask for more than that with --gap"
    if not plan.risk.loss.smooth:
        slow = "at kinks it falls like 1/sqrt(t)"
        if method == KINKED:
            return f"{slow}; ask for less accuracy with --gap, or {more}"
        return f"{slow}; --method {KINKED} mostly takes far fewer, or ask for less accuracy with --gap"
    faster = FASTER_SPARSE if plan.options.l1 else FASTER
    # Where R is not convex another method may find another minimum.
    name = faster.get(method, faster[""]) if plan.convex else ""
    return f"--method {name} takes far fewer, or {more}" if name else more


def _unproven(plan: Plan) -> str:
    if not plan.risk.loss.smooth or plan.options.l1:
        return plan.certificate.optimum.reason
    if math.isfinite(plan.risk.loss.concordance):
        return "the Hessian at the optimum is singular to rounding; see to the columns"
    return "the rows whose loss is curved at the optimum do not span all others"


def _step_size(plan: Plan, stopped: Stopped | None) -> list[str]:
    """What a step size above 2/L means: for squared loss divergence, for another the loss of the guarantee."""
    diverged = stopped is Stopped.DIVERGED
    if plan.method.sized:
        return [f"{plan.method.name} took steps too long for this risk; take gd or armijo"] if diverged else []
    if plan.stochastic:
        return [_too_large_for_rows(plan)] if diverged else []
    smallest, eta = _etas(plan)
    limit = 2.0 / plan.constants.L
    if not math.isfinite(plan.constants.L):
        return [f"eta = {eta:.4g} was too large, and no L is known to say what is not; try a tenth"] if diverged else []
    if diverged and not (eta > limit and LIMITED.intersection(plan.method.bounds)):
        return [_too_large(plan, eta)]
    if eta <= limit or not (diverged or "smooth" in plan.method.bounds):
        return []
    where = " (L on the level set of theta_0)" if plan.constants.local else ""
    above = f"eta = {eta:.4g} is above 2/L = {limit:.4g}{where}"
    remedy = "--eta 1/L converges" if plan.convex else "with --eta 1/L no step raises R"
    if diverged:
        return [f"{above}, and the descent diverged; {remedy}"]
    quadratic = plan.risk.loss.concordance == 0.0 and smallest > limit * (1.0 + 1e-9)
    if quadratic and stopped in (Stopped.STEPS, Stopped.INTERRUPTED):
        return [f"{above}: from almost every theta_0 the squared loss diverges, if not yet by this step; {remedy}"]
    return [f"{above}: descent is no longer guaranteed; {remedy}"]


def _too_large_for_rows(plan: Plan) -> str:
    _, eta = _etas(plan)
    if not math.isfinite(plan.constants.L_max):
        return f"eta = {eta:.4g} was too large: the loss has no largest curvature; try a tenth of it"
    if "stochastic" not in plan.method.bounds:
        return _too_large(plan, eta)
    safe = 1.0 / (2.0 * plan.constants.L_max)
    return f"eta = {eta:.4g} was too large for single rows; 1/(2 L_max) = {safe:.4g} is safe"


def _too_large(plan: Plan, eta: float) -> str:
    """What is to be said where neither 2/L nor 1/(2 L_max) is the method's own limit."""
    if dict(plan.method.given).get("epsilon") == 0.0:
        return "with epsilon = 0 a slope of 0 is divided by 0; leave epsilon away, or take a smaller --eta"
    remedy = f"try --eta {eta / 10.0:.2g}" if plan.options.eta is None else "leave --eta away"
    return f"eta = {eta:.4g} was too large for {plan.method.name}; {remedy}"


def _etas(plan: Plan) -> tuple[float, float]:
    """The least and the largest step size among the first and the last of the run: schedules mostly fall or rise."""
    steps = max(1, plan.steps)
    first, last = plan.schedule.etas(0, min(BLOCK, steps)), plan.schedule.etas(max(0, steps - BLOCK), steps)
    return float(min(first.min(), last.min())), float(max(first.max(), last.max()))
