"""Proximal gradient steps on a smooth risk with an L1 term: bounds on the last iterate."""

from __future__ import annotations

import math

from gdcli.risk.bounds.promise import (
    Course,
    Promise,
    begun,
    has_minimiser,
    is_constant,
    is_convex,
    promise,
)
from gdcli.risk.bounds.smooth import gentle


def proximal_gradient(course: Course) -> list[Promise]:
    """All bounds that cost nothing, met or not."""
    return [sum_promise(course), contraction_promise(course)]


def sum_promise(course: Course) -> Promise:
    """D^2/(2 sum eta_t) for eta_t <= 1/L on {R <= R(theta0)}, which such steps never leave.

    A step from theta to theta+ has R(theta+) <= R(w) + (||theta - w||^2 - ||theta+ - w||^2)/(2 eta) for every w: with
    theta for w R falls, with theta* for w add up (Beck and Teboulle, 2009, theorem 3.1).
    """
    return promise(
        "proximal gradient",
        "convex, eta_t <= 1/L on {R <= R(theta0)}",
        [begun(course), is_convex(course), *gentle(course), *has_minimiser(course)],
        lambda: course.distance**2 / (2.0 * course.sizes.total) + course.omega,
    )


def contraction_promise(course: Course) -> Promise:
    """(1 - eta mu)^T D^2/(2 eta): a step then shrinks ||theta - theta*||^2 by 1 - eta mu at least.

    (Beck, "First-order methods in optimization", 2017, theorem 10.29.) Rounding moves theta by at most what it moves
    one step, times T or 1/(1 - sqrt(1 - eta mu)).
    """
    return promise(
        "proximal linear rate",
        "strongly convex, constant eta <= 1/L",
        [
            begun(course),
            is_convex(course),
            *gentle(course),
            (course.constants.mu > 0.0, "mu = 0: strong convexity is not proven"),
            (not course.constants.local, "L holds on {R <= R(theta0)} only"),
            is_constant(course),
            *has_minimiser(course),
        ],
        lambda: _contracted(course) + course.omega,
    )


def _contracted(course: Course) -> float:
    eta, T = course.sizes.largest, course.sizes.count
    rho = math.sqrt(max(0.0, 1.0 - eta * course.constants.mu))
    moved = course.wobble * (min(T, 1.0 / (1.0 - rho)) if rho < 1.0 else T)
    return (rho**T * course.distance + moved) ** 2 / (2.0 * eta)
