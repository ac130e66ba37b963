"""From a data set and options to everything a run needs: the risk, its truth, the method and its step sizes."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gdcli.data.dataset import Dataset
from gdcli.data.progress import UNWATCHED, Progress
from gdcli.descent.averaging import Averaging, averaging, weighting
from gdcli.descent.check import check_curved, check_linear, check_memory, check_options, check_steps, check_width
from gdcli.descent.engine import Engine, choose
from gdcli.descent.method import Method, find
from gdcli.descent.models.linear import linear_problem
from gdcli.descent.models.target import default_loss
from gdcli.descent.options import ALL, Options
from gdcli.descent.problem import Problem
from gdcli.descent.schedules import Schedule
from gdcli.descent.sizes import Ground, estimated, is_grounded, rests_on_optimum, step_sizes
from gdcli.errors import UsageError
from gdcli.risk import losses
from gdcli.risk.apart.risk import ApartRisk
from gdcli.risk.certificate.gap import Certificate
from gdcli.risk.constants import Smoothness, smoothness
from gdcli.risk.empirical import EmpiricalRisk, Vector
from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.models.sparse import SparseRisk
from gdcli.risk.truth import establish

if TYPE_CHECKING:
    from gdcli.descent.unseen.rows import Unseen

GD_STEPS = 10_000
SGD_EPOCHS = 100
SGD_STEPS = 200_000
RELATIVE_GAP = 1e-6
# The method for an L1 term, unless another is asked for.
SPARSE = "fista"


@dataclass(frozen=True)
class Plan:
    """A run before its first step. `averaging`: None where no average of the iterates is kept; `unseen`: the rows of
    --holdout or --validate, if there are any.
    """

    problem: Problem
    options: Options
    constants: Smoothness
    certificate: Certificate
    method: Method
    schedule: Schedule
    steps: int
    target: float
    distance: float
    gap0: float
    sigma2: float | None
    averaging: Averaging | None
    engine: Engine
    unseen: Unseen | None

    @property
    def dataset(self) -> Dataset:
        """The rows and where they came from."""
        return self.problem.dataset

    @property
    def risk(self) -> EmpiricalRisk:
        """R."""
        return self.problem.risk

    @property
    def theta0(self) -> Vector:
        """Where the run begins."""
        return self.problem.theta0

    @property
    def rows_per_step(self) -> int:
        """How many row gradients one step uses."""
        return self.options.rows if self.stochastic else self.risk.rows

    @property
    def epoch(self) -> int:
        """How many steps use as many rows as there are."""
        return max(1, round(self.risk.rows / self.rows_per_step))

    @property
    def eta0(self) -> float:
        """The first step size, not a number where the method finds it itself."""
        return math.nan if self.method.sized else float(self.schedule.etas(0, 1)[0])

    @property
    def convex(self) -> bool:
        """Whether the risk is proven convex, so that there is an R* to speak of."""
        return self.risk.loss.convex

    @property
    def dry(self) -> bool:
        """Whether R* was not looked for: this plan is not to be run."""
        return math.isnan(self.certificate.optimum.risk_optimum) and not self.certificate.optimum.method

    @property
    def stochastic(self) -> bool:
        """Whether steps use drawn rows."""
        return self.method.draws


# What overflows is infinite, and what follows from it is told as such: numpy need not warn of it.
@np.errstate(all="ignore")
def prepare(
    dataset: Dataset,
    options: Options,
    known: Plan | None = None,
    progress: Progress = UNWATCHED,
    *,
    dry: bool = False,
) -> Plan:
    """Read the options against the data; whatever cannot be done is an error here, before the first step.

    `known`: a plan for the same data and the same risk, whose R* and constants serve again. `dry`: a plan that is only
    to be shown, without R* unless the step size rests on it.
    """
    whole = None if options.batch is None else options.batch == ALL
    name = options.method or (SPARSE if options.l1 else "gd")
    chosen = [f"{SPARSE} is the method for an L1 term"] if options.l1 and options.method is None else []
    options, method = replace(options, method=name), find(name, whole=whole)
    if options.model is not None:
        options = replace(options, standardise=False, intercept=False)
    check_options(options, method, dataset)
    progress.begin("standardising" if options.standardise else "preparing")
    dataset, held = _split(dataset, options)
    if options.model is None:
        check_width(len(dataset.columns) + options.intercept)
    problem = _problem(dataset, options) if known is None else known.problem
    problem = replace(problem, notes=(*problem.notes, *chosen))
    risk, theta0 = problem.risk, problem.theta0
    check_memory(risk)
    check_curved(risk, method)
    loss = risk.loss
    progress.begin("finding L and mu")
    constants = smoothness(risk, theta0) if known is None else known.constants
    rows_per_step = options.rows if method.draws else risk.rows
    steps = _steps(options, method, risk.rows)
    check_steps(steps, options)
    ground = Ground(constants, math.inf, loss.name, risk.rows, max(1, steps))
    if dry and not rests_on_optimum(options, method, ground):
        from gdcli.risk.certificate.skipped import skip

        certificate: Certificate = skip(risk, theta0)
    else:
        progress.begin("proving R*")
        certificate = establish(risk, theta0) if known is None else known.certificate
    optimum = certificate.optimum
    attained = optimum.attained and loss.convex
    distance = float(np.linalg.norm(optimum.theta - theta0)) if attained else math.inf
    ground = replace(ground, distance=distance)
    progress.begin("finding the step size")
    if options.eta is None and not is_grounded(method, ground):
        options, problem = _grounded(options, problem, optimum.theta, method)
    sizes = step_sizes(options, method, ground, rows_per_step)
    sigma2 = risk.gradient_noise(optimum.theta) if attained and method.draws else None
    noise = math.inf if sigma2 is None else sigma2 / options.rows
    if sizes.first:
        problem = replace(problem, notes=(*problem.notes, f"eta = {sizes.formula} begins at t = {sizes.first}"))
    return Plan(
        problem=problem,
        options=options,
        constants=constants,
        certificate=certificate,
        method=method,
        schedule=sizes,
        steps=steps,
        target=_target(options, optimum.risk_optimum, risk.value(theta0)),
        distance=distance,
        gap0=certificate.gap(theta0).upper,
        sigma2=sigma2,
        averaging=averaging(
            options.averaging,
            _averaged(method, loss),
            weighting(method, sizes, max(1, steps), constants, distance, noise),
            steps,
        ),
        engine=choose(risk, options, steps, method),
        unseen=_unseen(problem, options, held),
    )


def _grounded(options: Options, problem: Problem, found: Vector, method: Method) -> tuple[Options, Problem]:
    """The same with a step size estimated from the curvature, where the model has one to go by."""
    from gdcli.risk.models.formula import ModelRisk

    risk = problem.risk.smooth if isinstance(problem.risk, SparseRisk) else problem.risk
    if not isinstance(risk, LinearRisk | ApartRisk | ModelRisk):
        return options, problem
    formula, said = estimated(risk, (problem.theta0, found), method)
    return replace(options, eta=formula), replace(problem, notes=(*problem.notes, said))


def _problem(dataset: Dataset, options: Options) -> Problem:
    """The model that the options ask for."""
    if dataset.apart is not None:
        from gdcli.descent.models.apart import apart_problem

        return apart_problem(dataset, dataset.apart, options)
    if options.model is not None:
        check_linear(options, "--model is given")
        from gdcli.descent.models.formula import formula_problem

        return formula_problem(dataset, options)
    if options.theta0 is not None:
        raise UsageError("--theta0 is where a --model begins", hint="a linear model begins at theta = 0: leave it away")
    if (options.loss or default_loss(dataset)) == losses.SOFTMAX:
        check_linear(options, "softmax loss has one for each class")
        from gdcli.descent.models.softmax import softmax_problem

        return softmax_problem(dataset, options)
    return linear_problem(dataset, options)


def _split(dataset: Dataset, options: Options) -> tuple[Dataset, Dataset | None]:
    """The rows to learn from, and those of --holdout, if any are to be held out."""
    if options.holdout is None:
        return dataset, None
    from gdcli.descent.unseen.split import split

    return split(dataset, options.holdout, options.seed)


def _unseen(problem: Problem, options: Options, held: Dataset | None) -> Unseen | None:
    """The rows of --holdout or --validate, None where neither is asked for."""
    if held is None and options.validate is None:
        return None
    from gdcli.descent.unseen.rows import unseen

    return unseen(problem, options, held)


def _steps(options: Options, method: Method, rows: int) -> int:
    """--steps, or --epochs (N rows each), or the method's budget."""
    per_epoch = rows / options.rows if method.draws else 1.0
    if options.steps is not None:
        return options.steps
    if options.epochs is not None:
        # The product of 0.1 epochs and 30 rows is 3 up to rounding.
        return math.floor(options.epochs * per_epoch * (1.0 + 1e-12))
    return min(SGD_STEPS, max(1, round(SGD_EPOCHS * per_epoch))) if method.draws else GD_STEPS


def _averaged(method: Method, loss: losses.Loss) -> str:
    """The averaging that the method's bounds speak of: for full subgradients only at kinks."""
    speaks = loss.convex and ("stochastic" in method.bounds or ("lipschitz" in method.bounds and not loss.smooth))
    return "weighted" if speaks else "none"


def _target(options: Options, optimum: float, risk0: float) -> float:
    """--gap, else a millionth of R* (of R(theta0) - R* where R* is 0 to rounding, or negative); --max-gap if less."""
    if options.gap is not None:
        return options.gap
    own = RELATIVE_GAP * (optimum if optimum > 1e-12 * abs(risk0) else risk0 - optimum)
    return options.max_gap if options.max_gap is not None and options.max_gap < own else own
