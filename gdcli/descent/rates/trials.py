"""What is to be run: each method's plan on one risk, with R* and the constants established once."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gdcli.data.dataset import Dataset
from gdcli.data.progress import UNWATCHED, Progress
from gdcli.descent.method import Method, find
from gdcli.descent.options import ALL, Options
from gdcli.descent.plan import Plan, prepare
from gdcli.descent.rates.pool import Job
from gdcli.descent.schedules import NAMES
from gdcli.errors import UsageError

AXES = ("evaluations", "steps", "time")
# Steps with full gradients; with drawn rows as many, or so many passes over large data.
FULL_STEPS, ROW_STEPS, ROW_PASSES = 1000, 100_000, 10
# Runs stop at this share of R(theta_0) - R*.
GOAL = 1e-12
LEVELS = tuple(10.0**-k for k in range(1, 7))
# So many times the steps from which on 1/(mu t) is what the strongly convex step sizes are like.
LONG = 30


@dataclass(frozen=True)
class Trial:
    """A method's plan; `chosen` says why its step sizes are not those of gdcli descend."""

    plan: Plan
    seeds: tuple[int, ...]
    chosen: str | None


def trials(
    dataset: Dataset, options: Options, methods: Sequence[str], seeds: int, progress: Progress = UNWATCHED
) -> list[Trial]:
    """The plans of the methods, those that draw rows with so many seeds from options.seed on.

    Raises UsageError for methods that are none, that are named twice, or that cannot do with the options, and for a
    risk of which no R* is known.
    """
    if seeds < 1:
        raise UsageError(f"--seeds is {seeds}", hint="--seeds takes an integer from 1 on")
    if not methods:
        raise UsageError("--methods names no method", hint="write --methods gd,sgd")
    found = [find(name, whole=None if options.batch is None else options.batch == ALL) for name in methods]
    _check(found, options)
    made: list[Trial] = []
    for method in found:
        own = _own(options, method, dataset.origin.rows)
        plan = prepare(dataset, own, made[0].plan if made else None, progress)
        if not plan.convex:
            message = "the risk is not known to be convex: there is no R* to measure a rate against"
            raise UsageError(message, hint="gdcli descend compares such a run with a local minimum")
        formula, why = _sizes(plan)
        if own.eta is None and formula is not None:
            plan = prepare(dataset, replace(own, eta=formula), plan)
        _check_start(plan)
        goal = GOAL * start_gap(plan)
        drawn = tuple(range(options.seed, options.seed + seeds)) if plan.stochastic else (options.seed,)
        made.append(Trial(replace(plan, target=goal), drawn, why if own.eta is None else None))
    return made


def jobs(made: Sequence[Trial]) -> list[Job]:
    """Every run."""
    levels = tuple(eps * start_gap(made[0].plan) for eps in LEVELS)
    return [Job(place, seed, trial.plan, levels) for place, trial in enumerate(made) for seed in trial.seeds]


def start_gap(plan: Plan) -> float:
    """R(theta_0) - R*, at most; as it is computed where R* is not proven and nothing bounds it."""
    return plan.gap0 if math.isfinite(plan.gap0) else plan.certificate.gap(plan.theta0).value


def _check_start(plan: Plan) -> None:
    if not math.isfinite(start_gap(plan)):
        message = "R(theta_0) - R*, which every gap is measured against, is too large for a double"
        raise UsageError(message, hint="give the target in a larger unit")


def _check(found: Sequence[Method], options: Options) -> None:
    names = [method.name for method in found]
    twice = next((name for place, name in enumerate(names) if name in names[:place]), None)
    if twice is not None:
        raise UsageError(f"{twice} is named twice in --methods", hint="name each method once")
    if options.eta is not None and all(method.sized for method in found):
        raise UsageError("--eta is for methods that take one", hint=f"{names[0]} finds its step sizes itself")
    rows = options.batch not in (None, ALL) or options.sampling != "uniform"
    if rows and not any(method.draws for method in found):
        raise UsageError("--batch and --sampling are for methods that draw rows", hint="add sgd to --methods")


def _own(options: Options, method: Method, rows: int) -> Options:
    """The options as they concern one method, on one thread: runs go side by side."""
    steps = options.steps
    if steps is None and options.epochs is None:
        per_pass = rows / options.rows
        steps = max(ROW_STEPS, math.ceil(ROW_PASSES * per_pass)) if method.draws else FULL_STEPS
    return replace(
        options,
        method=method.name,
        eta=None if method.sized else options.eta,
        batch=options.batch if method.draws or options.batch == ALL else None,
        sampling=options.sampling if method.draws else "uniform",
        steps=steps,
        threads=1,
    )


def _sizes(plan: Plan) -> tuple[str | None, str | None]:
    """The step sizes that the rates of SGD are stated for, and why these; None for other methods.

    eta0/sqrt(1 + t) gives O(1/sqrt T) on any convex risk. Where mu > 0 and the run is long enough for 1/(mu t) to be
    seen, 2/(mu (t + 4 L_max/mu)) gives O(1/T).
    """
    constants = plan.constants
    if "stochastic" not in plan.method.bounds or not math.isfinite(min(constants.L_max, constants.G + plan.distance)):
        return None, None
    begins = _begins(plan)
    if plan.steps >= LONG * begins:
        return NAMES["strongly_convex"], f"mu > 0, and T is more than {LONG} times 4 L_max/mu = {begins:.3g}"
    return NAMES["inverse_sqrt"], "the step sizes that O(1/sqrt T) is stated for"


def _begins(plan: Plan) -> float:
    """4 L_max/mu: from about so many steps on 2/(mu (t + 4 L_max/mu)) is like 2/(mu t)."""
    constants = plan.constants
    curved = constants.mu > 0.0 and 0.0 < constants.L_max < math.inf
    return 4.0 * constants.L_max / constants.mu if curved else math.inf


def why(plan: Plan) -> str:
    """What mu and T mean for the rate."""
    mu, steps = plan.constants.mu, plan.steps
    if not plan.risk.loss.smooth:
        return "the loss has kinks: O(1/sqrt T) of the average is what the theory gives"
    if not mu > 0.0:
        return "mu = 0: R is not proven strongly convex, and the rate is the sublinear one"
    if plan.stochastic:
        if plan.schedule.formula == NAMES["strongly_convex"]:
            return f"mu = {mu:.3g} > 0: steps of about 2/(mu t) give O(1/T)"
        if "stochastic" not in plan.method.bounds or not math.isfinite(_begins(plan)):
            return f"mu = {mu:.3g} > 0: R is strongly convex"
        return f"mu = {mu:.3g} > 0: steps of about 2/(mu t) would give O(1/T), from some {_begins(plan):.2g} steps on"
    if rho(plan) is None:
        return f"mu = {mu:.3g} > 0: R is strongly convex"
    turn = 1.0 / (plan.eta0 * mu)
    if steps < turn:
        return f"mu = {mu:.3g} > 0, but 1/(eta mu) = {turn:.2g} is more than T: the linear rate is yet to come"
    return f"mu = {mu:.3g} > 0: linear, the gap falls by rho^2 a step from about 1/(eta mu) = {turn:.2g} steps on"


def rho(plan: Plan) -> float | None:
    """max(|1 - eta mu|, |1 - eta L|), by which GD with one step size contracts; None for other methods."""
    if "smooth" not in plan.method.bounds or plan.steps < 1 or not math.isfinite(plan.constants.L):
        return None
    if not {"t", "epoch"}.isdisjoint(re.findall(r"[A-Za-z_]\w*", plan.schedule.formula)):
        return None
    return float(max(abs(1.0 - plan.eta0 * plan.constants.mu), abs(1.0 - plan.eta0 * plan.constants.L)))
