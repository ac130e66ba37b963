"""The step sizes of a run: the formula that was asked for or the method's, with the constants it rests on."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gdcli.descent.method import Method
from gdcli.descent.options import Options
from gdcli.descent.schedules import Schedule, schedule, written_out
from gdcli.errors import UsageError
from gdcli.risk.apart.risk import ApartRisk
from gdcli.risk.constants import Smoothness
from gdcli.risk.empirical import EmpiricalRisk, Vector
from gdcli.risk.models.linear import LinearRisk

if TYPE_CHECKING:
    from gdcli.risk.models.formula import ModelRisk

# 1/(2 L) of a smaller L is no double.
STRAIGHT = 1e-300


@dataclass(frozen=True, slots=True)
class Ground:
    """What step sizes may rest on: the risk's constants, the distance D to a minimiser, the name of the loss, N, T."""

    constants: Smoothness
    distance: float
    loss: str
    rows: int
    steps: int


def step_sizes(options: Options, method: Method, ground: Ground, rows_per_step: int) -> Schedule:
    """--eta, else the first of the method's schedules whose constants are known.

    Raises UsageError where the formula rests on a constant that is not known.
    """
    if options.eta is not None and method.sized:
        message = f"{method.name} finds its step sizes itself"
        raise UsageError(message, hint="leave --eta away, or take --method gd or sgd")
    formula = options.eta or _default(method, ground)
    _check_constants(formula, method, ground)
    constants = ground.constants
    # Where theta0 is the minimiser any D > 0 will do.
    distance = ground.distance or 1.0
    values = {
        "L": constants.L,
        "L_max": constants.L_max,
        "mu": constants.mu,
        "N": float(ground.rows),
        "T": float(ground.steps),
        "eta0": _first(method, constants, distance),
        "D": distance,
        "G": constants.G,
    }
    return schedule(formula, rows_per_step, values, budget=options.budget)


def estimated(risk: LinearRisk | ApartRisk | ModelRisk, points: Sequence[Vector], method: Method) -> tuple[str, str]:
    """A step size from the curvature at `points` (theta0 and the minimum found), and what to say of it.

    Where no L is known 1/lambda_max of the Hessian (of the worst row's, for single rows) is an estimate. UsageError
    where there is no curvature to go by.
    """
    stochastic = method.draws
    largest = max(risk.row_curvature(theta) if stochastic else _largest_bend(risk, theta) for theta in points)
    if not STRAIGHT <= largest < math.inf:
        message = "no L is known, and no step size follows from the curvature at theta0 and at the minimum found"
        raise UsageError(message, hint="give one: --eta 0.01")
    if stochastic:
        return f"{1.0 / (2.0 * largest):.3g}/sqrt(1 + t/N)", "eta from the curvature of the worst row: not proven safe"
    return (
        f"{1.0 / largest:.3g}",
        "eta = 1/lambda_max of the Hessian at theta0 and at the minimum found: not proven safe",
    )


def _largest_bend(risk: EmpiricalRisk, theta: Vector) -> float:
    """The largest |eigenvalue| of the Hessian."""
    H = risk.curvature(theta)
    return float(np.max(np.abs(np.linalg.eigvalsh(H)))) if np.all(np.isfinite(H)) else math.inf


def is_grounded(method: Method, ground: Ground) -> bool:
    """Whether one of the method's default step sizes rests on constants that are known."""
    return any(not _unknown(formula, method, ground) for formula in method.schedules)


def rests_on_optimum(options: Options, method: Method, ground: Ground) -> bool:
    """Whether no step size is known before R* is: it holds D, or is estimated from the curvature at the minimum.

    `ground` is what is known without R*.
    """
    if options.eta is None and not is_grounded(method, ground):
        return True
    formula = options.eta or _default(method, replace(ground, distance=1.0))
    return bool(_unknown(written_out(formula), method, replace(ground, distance=math.inf)))


def _curvature(method: Method) -> str:
    """The constant that the method's steps must respect."""
    return "L_max" if method.draws else "L"


def _is_curved(method: Method, constants: Smoothness) -> bool:
    return _has_inverse(getattr(constants, _curvature(method)))


def _has_inverse(curvature: float) -> bool:
    """Whether a step size can rest on it: a loss that is straight has L = 0."""
    return STRAIGHT <= curvature < math.inf


def _default(method: Method, ground: Ground) -> str:
    """The first whose constants are known; the first of all, to tell what is not known, where there is none."""
    known = [formula for formula in method.schedules if not _unknown(formula, method, ground)]
    return (known or list(method.schedules))[0]


def _first(method: Method, constants: Smoothness, distance: float) -> float:
    """eta0: 1/L for full gradients, 1/(2 L_max) for rows, D/G for losses with kinks."""
    if not _is_curved(method, constants):
        return distance / constants.G
    return 1.0 / (2.0 * constants.L_max) if method.draws else 1.0 / constants.L


def _unknown(formula: str, method: Method, ground: Ground) -> dict[str, str]:
    """The constants in the formula that no proof gives, each with the reason."""
    constants, loss = ground.constants, ground.loss
    largest = getattr(constants, _curvature(method))
    straight = "phi'' is 0" if largest < STRAIGHT else "phi'' is not known to be bounded"
    curved = f"{loss} loss has none: {straight}"
    sloped = f"{loss} loss has none: phi' is not known to be bounded"
    why = {"L": curved, "L_max": curved, "G": sloped, "D": "no minimiser is known to exist"}
    known = {"L": constants.L, "L_max": constants.L_max, "G": constants.G, "D": ground.distance}
    curvatures = {name for name in ("L", "L_max") if not _has_inverse(known[name])}
    unknown = {name: why[name] for name, value in known.items() if name in curvatures or not math.isfinite(value)}
    if _curvature(method) in unknown and not unknown.keys().isdisjoint(("G", "D")):
        unknown["eta0"] = curved
    used = sorted(unknown.keys() & set(re.findall(r"[A-Za-z_]\w*", formula)))
    return {name: unknown[name] for name in used}


def _check_constants(formula: str, method: Method, ground: Ground) -> None:
    """A step size cannot rest on a constant that no proof gives."""
    unknown = _unknown(written_out(formula), method, ground)
    for name, why in unknown.items():
        what = "single rows" if method.draws and name != "L" else "every row"
        message = f"eta = {formula} rests on {name}, and {why}"
        raise UsageError(message, hint=f"no step size is proven safe for {what}: give a number, such as --eta 0.01")
