"""From a data set and options to everything a run needs: the risk, its truth, the method and its step sizes."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np

from gdcli.data.dataset import Dataset
from gdcli.data.scaling import Scaling, identity, standardise
from gdcli.descent.check import check_options, check_range, check_steps
from gdcli.descent.method import Method, find
from gdcli.descent.options import Options
from gdcli.descent.schedules import Schedule, schedule
from gdcli.errors import UsageError
from gdcli.risk import bounds, losses
from gdcli.risk.certificate import Certificate, certify
from gdcli.risk.constants import Smoothness, condition_number, smoothness
from gdcli.risk.empirical import EmpiricalRisk, Matrix, Vector
from gdcli.risk.optimum import find_optimum

GD_STEPS = 10_000
SGD_EPOCHS = 100
SGD_STEPS = 200_000
RELATIVE_GAP = 1e-6


@dataclass(frozen=True)
class Plan:
    """A run before its first step."""

    dataset: Dataset
    options: Options
    risk: EmpiricalRisk
    scaling: Scaling
    theta0: Vector
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
    kappa_raw: float

    @property
    def rows_per_step(self) -> int:
        """How many row gradients one step uses."""
        return self.options.batch if self.stochastic else self.risk.rows

    @property
    def convex(self) -> bool:
        """Whether the risk is proven convex, so that there is an R* to speak of."""
        return self.risk.kernel.loss.convex

    @property
    def stochastic(self) -> bool:
        """Whether steps use drawn rows."""
        return self.method.NEEDS == "rows"


def prepare(dataset: Dataset, options: Options) -> Plan:
    """Read the options against the data; whatever cannot be done is an error here, before the first step."""
    method = find(options.method)
    check_options(options, method, dataset)
    kernel, y = _loss(dataset, options)
    loss = kernel.loss
    X, scaling = _design(dataset, options)
    penalty = np.full(X.shape[1], options.l2)
    if options.intercept:
        penalty[-1] = 0.0
    check_range(X, y, dataset)
    risk = EmpiricalRisk(X, y, kernel, penalty)
    theta0 = np.zeros(risk.width)
    certificate = certify(risk, find_optimum(risk, theta0))
    optimum = certificate.optimum
    attained = optimum.attained and loss.convex
    distance = float(np.linalg.norm(optimum.theta - theta0)) if attained else math.inf
    constants = smoothness(risk, theta0)
    raw = condition_number(_with_intercept(dataset.X, options))
    rows_per_step = options.batch if method.NEEDS == "rows" else risk.rows
    steps = _steps(options, method, risk.rows)
    check_steps(steps, options)
    sizes = _schedule(options, method, loss, constants, risk.rows, steps, rows_per_step)
    sigma2 = bounds.gradient_noise(risk, optimum.theta) if attained and method.NEEDS == "rows" else None
    averaging = None
    if method.NEEDS == "rows":
        noise = math.inf if sigma2 is None else sigma2 / options.batch
        averaging = _averaging(sizes, steps, constants, distance, noise)
    return Plan(
        dataset=dataset,
        options=options,
        risk=risk,
        scaling=scaling,
        theta0=theta0,
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
        kappa_raw=_squared(raw, max(risk.X.shape)),
    )


def default_loss(dataset: Dataset) -> str:
    """Squared for a numeric target, logistic for one of two values."""
    if dataset.labels is None:
        return "squared"
    if len(dataset.labels) == 2:
        return "logistic"
    message = f"target {dataset.target!r} has {len(dataset.labels)} classes, and the losses here take numbers or two"
    raise UsageError(message, hint="choose a numeric or two-valued column with --target")


def _loss(dataset: Dataset, options: Options) -> tuple[losses.LossKernel, Vector]:
    """The loss ready to run, and the target as it takes it."""
    name = options.loss or default_loss(dataset)
    if losses.is_formula(name):
        texts = dataset.labels is not None and not _numeric(dataset.labels)
        y = dataset.signs() if texts else dataset.y
        return losses.compile_formula(name, "signs" if texts else "real", y, options.timeout), y
    loss = losses.find(name)
    y = _target_values(dataset, loss)
    return losses.compile_loss(loss, options.timeout), y


def _target_values(dataset: Dataset, loss: losses.Loss) -> Vector:
    """The target as the loss takes it: -1 and +1 for two classes, else the file's numbers, >= 0 for counts."""
    if loss.target == "signs":
        return dataset.signs()
    y = _real(dataset, loss)
    if loss.target == "counts" and float(y.min()) < 0.0:
        row = int(np.argmin(y))
        message = f"{loss.name} loss needs counts >= 0, and {dataset.target!r} is {y[row]:g} in data row {row + 1}"
        raise UsageError(message, hint="take another --target, or --loss squared or huber")
    return y


def _real(dataset: Dataset, loss: losses.Loss) -> Vector:
    """The target as numbers; classes of text have no numbers to fit."""
    if dataset.labels is not None and not _numeric(dataset.labels):
        message = f"{loss.name} loss needs a numeric target, and {dataset.target!r} holds the texts {dataset.labels}"
        raise UsageError(message, hint="use --loss logistic for two classes, or another --target")
    return dataset.y


def _numeric(labels: tuple[str, ...]) -> bool:
    try:
        return all(np.isfinite(float(label)) for label in labels)
    except ValueError:
        return False


def _design(dataset: Dataset, options: Options) -> tuple[Matrix, Scaling]:
    """The matrix that is optimised over: features (standardised unless --raw), then the intercept's ones."""
    if options.standardise:
        X, scaling = standardise(dataset.X, centre=options.intercept)
    else:
        X, scaling = dataset.X, identity(dataset.X.shape[1])
    return _with_intercept(X, options), scaling


def _squared(condition: float, size: int) -> float:
    """The condition number of X^T X; infinite where the least singular value of X is no more than rounding."""
    return condition * condition if condition * size * float(np.finfo(float).eps) < 1.0 else math.inf


def _with_intercept(X: Matrix, options: Options) -> Matrix:
    return np.column_stack([X, np.ones(len(X))]) if options.intercept else np.ascontiguousarray(X)


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
