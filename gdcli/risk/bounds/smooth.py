"""Gradient descent on an L-smooth risk: bounds on the last iterate."""

from __future__ import annotations

import math

import numpy as np

from gdcli.risk.bounds.promise import (
    Check,
    Course,
    Promise,
    begun,
    has_minimiser,
    is_constant,
    is_convex,
    is_proven,
    promise,
    starts_at_zero,
    times,
)
from gdcli.risk.constants import Smoothness
from gdcli.risk.empirical import EmpiricalRisk
from gdcli.risk.truth import establish


def gradient_descent(course: Course) -> list[Promise]:
    """All bounds that cost nothing, met or not."""
    return [worst_case_promise(course), linear_promise(course), level_set_promise(course)]


def worst_case_promise(course: Course) -> Promise:
    """The exact worst case of constant steps."""
    return promise(
        "worst case",
        "convex, L-smooth, constant eta, 0 < eta L < 2",
        [begun(course), is_convex(course), *_everywhere(course), *has_minimiser(course)],
        lambda: (
            _in_floats(course, worst_case(course.constants, course.distance, course.sizes.largest, course.sizes.count))
            + course.omega
        ),
    )


def linear_promise(course: Course) -> Promise:
    """The rate of a strongly convex risk; no better than R(theta0) - R* where mu = 0."""
    return promise(
        "linear rate",
        "convex, L-smooth, constant eta, 0 < eta L < 2",
        [begun(course), is_convex(course), *_everywhere(course), (math.isfinite(course.gap0), "no R* is known")],
        lambda: _in_floats(
            course, linear_rate(course.constants, course.gap0, course.sizes.largest, course.sizes.count)
        ),
    )


def level_set_promise(course: Course) -> Promise:
    """D^2/(2 sum eta_t) for eta_t <= 1/L: of L only R_{t+1} <= R_t - (eta_t/2) ||g||^2 is used.

    So an L on {R <= R(theta0)} is enough. By convexity ||theta_{t+1} - theta*||^2 <= ||theta_t - theta*||^2 -
    2 eta_t (R_{t+1} - R*), and R_t falls: add up.
    """
    return promise(
        "level set",
        "convex, eta_t <= 1/L on {R <= R(theta0)}",
        [begun(course), is_convex(course), *gentle(course), *has_minimiser(course)],
        lambda: course.distance**2 / (2.0 * course.sizes.total) + course.omega,
    )


def any_point(course: Course, risk: EmpiricalRisk, optimum: float) -> Promise:
    """min_w [R(w) + ||w - theta0||^2/(2 sum eta_t)] - R* for eta_t <= 1/L and theta0 = 0: one ridge-type solve.

    It is the last bound with any w for theta*, and needs no minimiser, so it serves separable data. Any w gives a
    bound, so the solve need not be exact; the rounding of the difference is added.
    """
    return promise(
        "any point",
        "convex, eta_t <= 1/L on {R <= R(theta0)}, theta0 = 0; needs no minimiser",
        [begun(course), is_convex(course), is_proven(course), *gentle(course), starts_at_zero(course)],
        lambda: tilted_minimum(risk, course.sizes.total, optimum)[1] + course.omega,
    )


def tilted_minimum(risk: EmpiricalRisk, total: float, optimum: float) -> tuple[float, float]:
    """m = min_w [R(w) + ||w||^2/(2 total)], and m - R* with the rounding of the difference added."""
    least = establish(risk.tilted(1.0 / total), np.zeros(risk.width)).optimum.risk_optimum
    return least, least - optimum + 1e-13 * (abs(least) + abs(optimum))


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
    rho = _contraction(constants, eta)
    return math.exp(2.0 * T * math.log(rho)) * gap0 if rho > 0.0 else 0.0


def _contraction(constants: Smoothness, eta: float) -> float:
    """rho: a step brings any two points at least this much nearer to each other."""
    return max(abs(1.0 - eta * constants.mu), abs(1.0 - eta * constants.L))


def _in_floats(course: Course, exact: float) -> float:
    """(sqrt(exact) + sqrt(L/2) e)^2: what steps in exact arithmetic promise, for steps that rounding moved by e in all.

    e is at most T, and at most 1/(1 - rho), times what rounding moves one step; and R(theta + e) - R* is at most
    gap + sqrt(2 L gap) ||e|| + L ||e||^2/2 for an L-smooth R.
    """
    rho = _contraction(course.constants, course.sizes.largest)
    steps = min(course.sizes.count, 1.0 / (1.0 - rho)) if rho < 1.0 else course.sizes.count
    return float((math.sqrt(exact) + math.sqrt(course.constants.L / 2.0) * course.wobble * steps) ** 2)


def _everywhere(course: Course) -> list[Check]:
    """Constant steps below 2/L, for an L that holds everywhere."""
    return [
        has_L(course),
        (not course.constants.local, "L holds on {R <= R(theta0)} only"),
        is_constant(course),
        (0.0 < course.largest_h < 2.0, times("eta L", course.largest_h)),
    ]


def gentle(course: Course) -> list[Check]:
    """Steps of at most 1/L, which times L may be above 1 by rounding."""
    return [has_L(course), (course.largest_h <= 1.0 + 1e-15, times("eta L", course.largest_h))]


def has_L(course: Course) -> Check:
    """A largest curvature is known."""
    return math.isfinite(course.constants.L), "no L is known: phi'' is not proven bounded"
