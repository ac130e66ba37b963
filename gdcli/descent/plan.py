"""From a data set and options to everything a run needs: the risk, its truth, the method and its step sizes."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np

from gdcli.data.dataset import Dataset
from gdcli.descent.check import check_options, check_steps
from gdcli.descent.method import Method, find
from gdcli.descent.models.linear import linear_problem
from gdcli.descent.models.softmax import softmax_problem
from gdcli.descent.models.target import default_loss
from gdcli.descent.options import Options
from gdcli.descent.problem import Problem
from gdcli.descent.schedules import Schedule, schedule
from gdcli.errors import UsageError
from gdcli.risk import bounds, losses
from gdcli.risk.certificate.gap import Certificate
from gdcli.risk.constants import Smoothness, smoothness
from gdcli.risk.empirical import EmpiricalRisk, Vector
from gdcli.risk.truth import establish

GD_STEPS = 10_000
SGD_EPOCHS = 100
SGD_STEPS = 200_000
RELATIVE_GAP = 1e-6


@dataclass(frozen=True)
class Plan:
    """A run before its first step."""

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
    averaging: float | None

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
        return self.options.batch if self.stochastic else self.risk.rows

    @property
    def convex(self) -> bool:
        """Whether the risk is proven convex, so that there is an R* to speak of."""
        return self.risk.loss.convex

    @property
    def stochastic(self) -> bool:
        """Whether steps use drawn rows."""
        return self.method.NEEDS == "rows"


def prepare(dataset: Dataset, options: Options) -> Plan:
    """Read the options against the data; whatever cannot be done is an error here, before the first step."""
    method = find(options.method)
    check_options(options, method, dataset)
    problem = _problem(dataset, options)
    risk, theta0 = problem.risk, problem.theta0
    loss = risk.loss
    certificate = establish(risk, theta0)
    optimum = certificate.optimum
    attained = optimum.attained and loss.convex
    distance = float(np.linalg.norm(optimum.theta - theta0)) if attained else math.inf
    constants = smoothness(risk, theta0)
    rows_per_step = options.batch if method.NEEDS == "rows" else risk.rows
    steps = _steps(options, method, risk.rows)
    check_steps(steps, options)
    sizes = _schedule(options, method, loss, constants, risk.rows, steps, rows_per_step)
    sigma2 = risk.gradient_noise(optimum.theta) if attained and method.NEEDS == "rows" else None
    averaging = None
    if method.NEEDS == "rows":
        noise = math.inf if sigma2 is None else sigma2 / options.batch
        averaging = _averaging(sizes, steps, constants, distance, noise)
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
        averaging=averaging,
    )


def _problem(dataset: Dataset, options: Options) -> Problem:
    """The model that the options ask for."""
    if (options.loss or default_loss(dataset)) == losses.SOFTMAX:
        return softmax_problem(dataset, options)
    return linear_problem(dataset, options)


def _steps(options: Options, method: Method, rows: int) -> int:
    """--steps, or --epochs (N rows each), or the method's budget."""
    per_epoch = rows / options.batch if method.NEEDS == "rows" else 1.0
    if options.steps is not None:
        return options.steps
    if options.epochs is not None:
        # The product of 0.1 epochs and 30 rows is 3 up to rounding.
        return math.floor(options.epochs * per_epoch * (1.0 + 1e-12))
    return min(SGD_STEPS, max(1, round(SGD_EPOCHS * per_epoch))) if method.NEEDS == "rows" else GD_STEPS


def _schedule(
    options: Options,
    method: Method,
    loss: losses.Loss,
    constants: Smoothness,
    rows: int,
    steps: int,
    rows_per_step: int,
) -> Schedule:
    formula = options.eta or method.SCHEDULE
    _check_constants(formula, method, constants, loss)
    values = {
        "L": constants.L,
        "L_max": constants.L_max,
        "mu": constants.mu,
        "N": float(rows),
        "T": float(steps),
        "eta0": 1.0 / constants.L if method.NEEDS == "gradient" else 1.0 / (2.0 * constants.L_max),
    }
    return schedule(formula, rows_per_step, values, seconds=options.timeout)


def _check_constants(formula: str, method: Method, constants: Smoothness, loss: losses.Loss) -> None:
    """A step size cannot rest on a constant that no proof gives."""
    unknown = {name for name in ("L", "L_max") if not math.isfinite(getattr(constants, name))}
    if ("L" if method.NEEDS == "gradient" else "L_max") in unknown:
        unknown.add("eta0")
    used = sorted(unknown & set(re.findall(r"[A-Za-z_]\w*", formula)))
    if used:
        what = "every row" if used[0] == "L" or method.NEEDS == "gradient" else "single rows"
        message = f"eta = {formula} rests on {used[0]}, and {loss.name} loss has none: phi'' is not known to be bounded"
        raise UsageError(message, hint=f"no step size is proven safe for {what}: give a number, such as --eta 0.01")


def _averaging(sizes: Schedule, steps: int, constants: Smoothness, distance: float, noise: float) -> float:
    """The constant b of the SGD bound, which sets the averaging weights; nan where no bound holds."""
    total = squares = largest = 0.0
    # Step sizes of 1e200 have no finite squares: their sum is then infinite, and no bound holds.
    with np.errstate(over="ignore"):
        for etas in sizes.blocks(steps):
            total += float(np.sum(etas))
            squares += float(np.dot(etas, etas))
            largest = max(largest, float(np.max(etas)))
    if not math.isfinite(distance + noise):
        return math.nan
    return bounds.averaging_constant(bounds.StepSizes(total, squares, largest), constants, distance, noise)


def _target(options: Options, optimum: float, risk0: float) -> float:
    """--gap, else a millionth of R* (of R(theta0) - R* where R* is 0 to rounding, or negative)."""
    if options.gap is not None:
        return options.gap
    return RELATIVE_GAP * (optimum if optimum > 1e-12 * abs(risk0) else risk0 - optimum)
