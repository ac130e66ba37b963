"""Stochastic gradient descent on smooth losses: bounds on the expected gap of an average, none on the last iterate."""

from __future__ import annotations

import math
from typing import TypeVar

from gdcli.risk.bounds.promise import (
    AVERAGE,
    Check,
    Course,
    Promise,
    StepSizes,
    begun,
    has_minimiser,
    is_constant,
    is_convex,
    is_plain,
    is_proven,
    is_weighted,
    promise,
    starts_at_zero,
    times,
)
from gdcli.risk.bounds.smooth import tilted_minimum
from gdcli.risk.constants import Smoothness
from gdcli.risk.empirical import EmpiricalRisk, Vector


def averaging_constant(sizes: StepSizes, constants: Smoothness, distance: float, sigma2: float) -> float:
    """The b > 0 that minimises the bound of averaged SGD, among those that keep every weight > 0; nan if none does."""
    worst = sizes.largest * constants.L_max
    if not worst < 1.0:
        return math.nan
    least = max(worst / (1.0 - worst), 1e-6)
    candidates = [least * (1.0 + 10.0 ** (power / 20)) for power in range(-60, 121)]
    return float(min(candidates, key=lambda b: averaged(sizes, constants, distance, sigma2, b)))


Sizes = TypeVar("Sizes", float, Vector)


def averaging_weight(eta: Sizes, constants: Smoothness, b: float) -> Sizes:
    """w_t = eta_t (1 - (1 + 1/b) eta_t L_max), of one size or many; eta_t itself where no b keeps it positive."""
    if not math.isfinite(b):
        return eta
    return eta * (1.0 - (1.0 + 1.0 / b) * eta * constants.L_max)


def averaged(sizes: StepSizes, constants: Smoothness, distance: float, sigma2: float, b: float) -> float:
    """[D^2 + (1+b) sigma*^2 sum eta_t^2]/(2 sum w_t); b = 1 is the bound of Garrigos and Gower's handbook."""
    weights = sizes.total - (1.0 + 1.0 / b) * constants.L_max * sizes.squares
    return (distance**2 + (1.0 + b) * sigma2 * sizes.squares) / (2.0 * weights)


def averaged_promise(course: Course) -> Promise:
    """E R(average) - R* <= [D^2 + (1+b) sigma*^2 sum eta_t^2]/(2 sum w_t), the iterates averaged with weights w_t.

    w_t = eta_t (1 - (1 + 1/b) eta_t L_max) > 0; sigma*^2 = mean ||grad phi_i(theta*)||^2 (over the batch size).
    """
    L_max = course.constants.L_max
    shown = f", b = {course.b:.3g}" if math.isfinite(course.b) else ""
    return promise(
        "averaged SGD",
        f"in expectation; convex, eta_t L_max < 1, rows drawn uniformly; average with weights w_t{shown}",
        [
            begun(course),
            drawn_uniformly(course),
            is_convex(course),
            _has_L_max(course),
            *has_minimiser(course),
            is_weighted(course),
            (
                (1.0 + 1.0 / course.b) * course.sizes.largest * L_max < 1.0,
                times("eta L_max", course.sizes.largest * L_max),
            ),
        ],
        lambda: averaged(course.sizes, course.constants, course.distance, course.sigma2, course.b) + course.omega,
        AVERAGE,
    )


def nonnegative(course: Course, risk: EmpiricalRisk, optimum: float) -> Promise:
    """E R(average) <= min_w [R(w) + ||w - theta0||^2/(2 gamma T)]/(1 - gamma L_max), the plain mean of theta_t, t < T.

    For phi_i >= 0 convex and L_max-smooth ||grad phi_i||^2 <= 2 L_max phi_i, so for every w

        E ||theta_{t+1} - w||^2 <= E ||theta_t - w||^2 - 2 gamma (E R(theta_t) - R(w)) + 2 gamma^2 L_max E R(theta_t):

    add up over t < T, and use Jensen's inequality (after Srebro, Sridharan and Tewari, 2010).
    """
    gamma = course.sizes.largest
    shrink = 1.0 - gamma * course.constants.L_max

    def value() -> float:
        least, _ = tilted_minimum(risk, course.sizes.total, optimum)
        return float(least / shrink - optimum + course.omega + 1e-13 * (least / shrink + abs(optimum)))

    return promise(
        "non-negative loss",
        "in expectation; convex, loss >= 0, constant eta < 1/L_max, rows drawn uniformly, theta0 = 0; plain average;"
        " needs no minimiser",
        [
            begun(course),
            drawn_uniformly(course),
            is_convex(course),
            is_proven(course),
            (course.constants.nonnegative, "the loss is not proven >= 0"),
            _has_L_max(course),
            is_constant(course),
            is_plain(course),
            (shrink > 0.0, times("eta L_max", gamma * course.constants.L_max)),
            starts_at_zero(course),
        ],
        value,
        AVERAGE,
    )


def drawn_uniformly(course: Course) -> Check:
    """Each row is drawn from all of them."""
    return course.uniform, "rows are not drawn with replacement"


def _has_L_max(course: Course) -> Check:
    return math.isfinite(course.constants.L_max), "no L_max is known: phi'' is not proven bounded"
