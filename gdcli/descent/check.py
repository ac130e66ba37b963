"""What cannot be run, said before the first step."""

from __future__ import annotations

import math

import numpy as np

from gdcli.data.dataset import Dataset
from gdcli.data.room import fits, promised
from gdcli.data.sampling import SAMPLINGS
from gdcli.descent.method import Method
from gdcli.descent.options import ALL, Options
from gdcli.errors import ExhaustedError, UsageError
from gdcli.kernels.native.engine import ENGINES as KERNELS
from gdcli.risk.empirical import EmpiricalRisk, Vector
from gdcli.risk.losses import Loss
from gdcli.risk.truth import held
from gdcli.suggest import suggestion

# How steps are run: by kernels here, or by the workers of a cluster.
ENGINES = (*KERNELS, "dask")
# Up to this size squares, their sums over rows and their products with another square stay doubles.
LARGEST = 1e70
# Counts up to here are doubles.
MOST_STEPS = 1 << 53
# Matrices of as many rows and columns as there are parameters that are held at once.
MATRICES = 4
# Bytes that any run takes beside its data: matrices that small are not counted against --memory.
BESIDE = 1 << 26


def check_options(options: Options, method: Method, dataset: Dataset) -> None:
    """Options that contradict one another, the method or the data are an error before anything is computed."""
    _check_numbers(options)
    if options.engine not in ENGINES:
        hint = f"{suggestion(options.engine, ENGINES)}the engines are {', '.join(ENGINES)}"
        raise UsageError(f"unknown engine {options.engine!r}", hint=hint)
    if options.scheduler is not None and options.engine != "dask":
        hint = "add --engine dask, or leave --scheduler away"
        raise UsageError("--scheduler is the address of a cluster, and the steps are run here", hint=hint)
    if options.engine == "dask" and dataset.apart is None:
        raise UsageError("--engine dask reads files, and these data are in memory", hint="write them to a file")
    if dataset.apart is not None and method.remembers == "last":
        message = f"{options.method} remembers a number for each row, which over a cluster nobody holds"
        raise UsageError(message, hint="take --method svrg or sgd")
    if options.sampling not in SAMPLINGS:
        hint = f"{suggestion(options.sampling, SAMPLINGS)}the samplings are {', '.join(SAMPLINGS)}"
        raise UsageError(f"unknown sampling {options.sampling!r}", hint=hint)
    _check_batch(options, method, dataset.origin.rows)
    if options.intercept and "intercept" in dataset.columns:
        hint = "rename it, or leave it out with --features, or use --no-intercept --raw and let it be the constant term"
        raise UsageError("a column is called intercept, the name of the constant term that is added", hint=hint)
    if options.penalise_intercept and options.l2 == options.l1 == 0.0:
        raise UsageError("--penalise-intercept has no penalty to go by", hint="add --l2 0.1, or leave it away")
    if options.l1 and "prox" not in method.asks:
        message = f"{options.method} takes steps along a gradient, and an L1 term has none where theta_j = 0"
        raise UsageError(message, hint="take --method fista or prox_gradient, which serve --l1")
    if options.holdout is not None and options.validate is not None:
        raise UsageError("--holdout and --validate both name the rows to be judged by", hint="give one of them")
    if options.steps is not None and options.epochs is not None:
        raise UsageError("--steps and --epochs say the same thing twice", hint="give one of them")


def _check_batch(options: Options, method: Method, rows: int) -> None:
    """Rows are drawn by methods that can do with some of them."""
    if options.rows > rows:
        hint = f"--batch {rows} uses as many rows as there are"
        raise UsageError(f"a batch of {options.rows} rows, and the data has {rows}", hint=hint)
    if method.draws and options.batch == ALL:
        raise UsageError(f"{options.method} draws rows: it has no form that uses all of them", hint="use --method gd")
    if not method.draws and not (options.batch in (None, ALL) and options.sampling == "uniform"):
        message = f"--batch and --sampling are for methods that draw rows, and {options.method} uses all of them"
        raise UsageError(message, hint="give --batch 1: it draws rows then" if method.either else "add --method sgd")
    if method.remembers == "last" and options.rows > 1:
        raise UsageError(f"{options.method} takes one row a step", hint="leave --batch away, or take --method svrg")


def _check_numbers(options: Options) -> None:
    """nan and infinity pass a comparison with the least value that is allowed, so they are named here."""
    for name, count, least in (
        ("--steps", options.steps, 0),
        ("--batch", options.rows, 1),
        ("--seed", options.seed, 0),
        ("--every", options.every, 1),
        ("--threads", options.threads, 1),
    ):
        if count is not None and (not isinstance(count, int) or count < least):
            raise UsageError(f"{name} is {count}", hint=f"{name} takes an integer from {least} on")
    for name, value in (
        ("--l1", options.l1),
        ("--l2", options.l2),
        ("--gap", options.gap),
        ("--max-gap", options.max_gap),
        ("--epochs", options.epochs),
    ):
        if value is not None and not 0.0 <= value < math.inf:
            raise UsageError(f"{name} is {value}", hint=f"{name} takes a finite number that is not negative")
    if options.holdout is not None and not 0.0 < options.holdout < 1.0:
        raise UsageError(f"--holdout is {options.holdout}", hint="--holdout takes a share of the rows, such as 0.2")
    for name, value in (("--l1", options.l1), ("--l2", options.l2)):
        if value > LARGEST:
            raise UsageError(f"{name} {value:g} is too large for double precision", hint=f"at most {LARGEST:g} works")


def check_steps(steps: int, options: Options) -> None:
    """A run has a step, unless none is asked for: --steps 0 finds the reference and stops."""
    if steps < 1 and options.steps is None:
        message = f"--epochs {options.epochs:g} is less than one step of {options.method}"
        raise UsageError(message, hint="--steps 1 makes one step")
    if steps > MOST_STEPS:
        raise UsageError(f"a double cannot count more than {MOST_STEPS} steps", hint="ask for fewer")


def check_curved(risk: EmpiricalRisk, method: Method) -> None:
    """Methods that divide by a curvature of R are for risks that have one."""
    hint = "take another method, such as armijo or lbfgs"
    if "hessian" in method.asks and not risk.loss.smooth:
        message = f"{method.name} divides by the curvature of R, and {risk.loss.name} loss has kinks instead"
        raise UsageError(message, hint=hint)
    if "coordinates" in method.asks:
        from gdcli.risk.coordinates import has_curvatures

        if not has_curvatures(risk):
            message = f"{method.name} divides by bounds on the curvature of R along coordinates, and none are known"
            raise UsageError(message, hint=hint)


def check_width(parameters: int) -> None:
    """The Hessian, its factors and what they rest on have a row and a column for each parameter."""
    shape = (MATRICES, parameters, parameters)
    if 8 * math.prod(shape) > BESIDE and not fits(shape):
        message = (
            f"{parameters} parameters take {MATRICES} matrices of {_size(8 * parameters**2)} for L, R* and its proof"
        )
        raise ExhaustedError(f"{message}: more than the memory allowed", hint="choose fewer columns with --features")


def check_memory(risk: EmpiricalRisk) -> None:
    """A bound on the memory that R* of this loss cannot be found within is no bound: say so."""
    allowed, need = promised(), held(risk)
    if allowed is not None and need > allowed:
        message = f"{risk.loss.name} loss holds about {_size(need)} at once"
        hint = f"--memory {_size(need)}, fewer rows, or a smooth loss of one prediction, which keeps to any"
        raise ExhaustedError(f"{message}, and --memory allows {_size(allowed)}", hint=hint)


def _size(size: int) -> str:
    """A size as --memory takes it, no smaller than it is."""
    unit, name = (10**6, "MB") if size > 10**7 else (1000, "kB")
    return f"{-(-size // unit)}{name}"


def check_sparse(options: Options, loss: Loss) -> None:
    """An L1 term is for losses whose proximal steps have a minimum to go to."""
    if options.l1 and not (loss.smooth and loss.convex):
        what = "has kinks of its own" if not loss.smooth else "is not known to be convex"
        hint = "squared, logistic, huber, logcosh, poisson, squared_hinge and convex smooth formulas can have one"
        raise UsageError(f"--l1 is for smooth convex losses, and {loss.name} loss {what}", hint=hint)


def check_linear(options: Options, what: str) -> None:
    """An L1 term is for the linear model with one prediction a row."""
    if options.l1:
        message = f"--l1 is for linear models with one prediction a row, and {what}"
        raise UsageError(message, hint="leave --l1 away, take --l2, or another --loss on the linear model")


def check_range(sizes: Vector, largest: float, dataset: Dataset) -> None:
    """Squares of the numbers must be doubles, and some feature must not be 0 everywhere.

    `sizes`: max_i |x_ij| of each column, `largest`: max_i |y_i|.
    """
    if not sizes.any():
        message = "every feature is 0 in every row, and there is no intercept: the risk does not depend on theta"
        raise UsageError(message, hint="leave --no-intercept away, or take other columns with --features")
    outside = (sizes > LARGEST) | ((sizes > 0.0) & (sizes < 1.0 / LARGEST))
    if outside.any():
        j = int(np.argmax(outside))
        message = f"column {dataset.columns[j]!r} holds values of size {sizes[j]:.3g}, whose squares leave the doubles"
        raise UsageError(message, hint="leave --raw away, or change the column's unit")
    if largest > LARGEST:
        message = f"target {dataset.target!r} holds values of size {largest:.3g}, whose squares leave the doubles"
        raise UsageError(message, hint="change the target's unit")
