"""What the theory promises for the gap after T steps (THEORY, section 4)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gdcli.risk.constants import Smoothness
from gdcli.risk.empirical import EmpiricalRisk, Vector
from gdcli.risk.truth import establish


@dataclass(frozen=True, slots=True)
class Promise:
    """A bound's value, its name, and the condition under which it holds."""

    value: float
    name: str
    condition: str


def gradient_descent(constants: Smoothness, distance: float, gap0: float, eta: float, T: int) -> Promise | None:
    """The smaller of the two bounds for GD with a constant step size; None outside 0 < h = eta L < 2.

    They rest on an L that holds everywhere; for one that holds on the level set of theta0 there is a simpler one.
    """
    h = eta * constants.L
    if constants.local:
        return level_set(distance, eta, T) if 0.0 < h <= 1.0 and math.isfinite(distance) and T >= 1 else None
    if not 0.0 < h < 2.0 or not math.isfinite(distance) or T < 1:
        return None
    worst = Promise(worst_case(constants, distance, eta, T), "worst case", "convex, L-smooth, 0 < eta L < 2")
    linear = Promise(linear_rate(constants, gap0, eta, T), "linear rate", "0 < eta L < 2")
    return min(worst, linear, key=lambda promise: promise.value)


def level_set(distance: float, eta: float, T: int) -> Promise:
    """D^2/(2 eta T) for eta <= 1/L: of L only R_{t+1} <= R_t - (eta/2) ||g||^2 is used, so {R <= R(theta0)} is enough.

    By convexity ||theta_{t+1} - theta*||^2 <= ||theta_t - theta*||^2 - 2 eta (R_{t+1} - R*), and R_t falls: add up.
    """
    return Promise(distance**2 / (2.0 * eta * T), "level set", "convex, eta <= 1/L on {R <= R(theta0)}")


def any_point(risk: EmpiricalRisk, optimum: float, eta: float, T: int) -> Promise:
    """min_w [R(w) + ||w - theta0||^2/(2 eta T)] - R* for eta <= 1/L and theta0 = 0: one ridge-type solve.

    It needs no minimiser, so it serves separable data. Any w gives a bound, so the solve need not be exact; the
    rounding of the difference is added.
    """
    theta0 = np.zeros(risk.width)
    tilted = establish(risk.tilted(1.0 / (eta * T)), theta0).optimum.risk_optimum
    rounding = 1e-13 * (abs(tilted) + abs(optimum))
    return Promise(tilted - optimum + rounding, "any point", "convex, eta <= 1/L; needs no minimiser")


def worst_case(constants: Smoothness, distance: float, eta: float, T: int) -> float:
    """(L D^2/2) max{k/(k - 1 + (1 - k h)^(-2T)), (1-h)^(2T)}, k = mu/L; 1/(1 + 2Th) for k = 0.

    Drori and Teboulle (2014); Taylor, Hendrickx, Glineur (2017); Kim (2024), arXiv 2412.04427.
    """
    h, k = eta * constants.L, constants.mu / constants.L
    if k * h >= 1.0:
        slow = 0.0
    elif k == 0.0:
        slow = 1.0 / (1.0 + 2.0 * T * h)
    else:
        exponent = -2.0 * T * math.log1p(-k * h)
        slow = k / (k + math.expm1(exponent)) if exponent < 700.0 else k * math.exp(-exponent)
    return constants.L * distance**2 / 2 * max(slow, float(abs(1.0 - h) ** (2.0 * T)))


def linear_rate(constants: Smoothness, gap0: float, eta: float, T: int) -> float:
    """rho^(2T) (R(theta0) - R*), rho = max(|1 - eta mu|, |1 - eta L|)."""
    rho = max(abs(1.0 - eta * constants.mu), abs(1.0 - eta * constants.L))
    return math.exp(2.0 * T * math.log(rho)) * gap0 if rho > 0.0 else 0.0


@dataclass(frozen=True, slots=True)
class StepSizes:
    """What the SGD bound needs of the step sizes: sum eta_t, sum eta_t^2 and the largest."""

    total: float
    squares: float
    largest: float

    @classmethod
    def of(cls, etas: Vector) -> StepSizes:
        """The sums over eta_0, ..., eta_{T-1}."""
        return cls(float(np.sum(etas)), float(np.dot(etas, etas)), float(np.max(etas)))


def averaging_constant(sizes: StepSizes, constants: Smoothness, distance: float, sigma2: float) -> float:
    """The b > 0 that minimises the SGD bound, among those that keep every weight > 0; nan where there is none."""
    worst = sizes.largest * constants.L_max
    if not worst < 1.0:
        return math.nan
    least = max(worst / (1.0 - worst), 1e-6)
    candidates = [least * (1.0 + 10.0 ** (power / 20)) for power in range(-60, 121)]
    return float(min(candidates, key=lambda b: _sgd(sizes, constants, distance, sigma2, b)))


def stochastic_gradient(
    sizes: StepSizes, constants: Smoothness, distance: float, sigma2: float, b: float
) -> Promise | None:
    """E R(average) - R* <= [D^2 + (1+b) sigma*^2 sum eta_t^2]/(2 sum w_t), the iterates averaged with weights w_t.

    w_t = eta_t (1 - (1 + 1/b) eta_t L_max) > 0; sigma*^2 = mean ||grad phi_i(theta*)||^2 (over the batch size).
    With b = 1 it is the bound of Garrigos and Gower's handbook.
    """
    if not math.isfinite(b) or not math.isfinite(distance) or sizes.total == 0.0:
        return None
    condition = f"in expectation, averaged iterate, uniform sampling, b = {b:.3g}"
    return Promise(_sgd(sizes, constants, distance, sigma2, b), "averaged SGD", condition)


def averaging_weight(eta: float, constants: Smoothness, b: float) -> float:
    """w_t = eta_t (1 - (1 + 1/b) eta_t L_max); eta_t itself where no b keeps it positive."""
    if not math.isfinite(b):
        return eta
    return eta * (1.0 - (1.0 + 1.0 / b) * eta * constants.L_max)


def _sgd(sizes: StepSizes, constants: Smoothness, distance: float, sigma2: float, b: float) -> float:
    weights = sizes.total - (1.0 + 1.0 / b) * constants.L_max * sizes.squares
    return (distance**2 + (1.0 + b) * sigma2 * sizes.squares) / (2.0 * weights)
