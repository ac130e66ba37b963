"""Gradient steps that each lower R by (eta_t/2) ||g_t||^2 or more, as backtracking makes sure of."""

from __future__ import annotations

from gdcli.risk.bounds.promise import Course, Promise, begun, has_minimiser, is_convex, promise, unbroken


def sufficient_decrease(course: Course) -> list[Promise]:
    """D^2/(2 sum eta_t): the level-set bound of `risk.bounds.smooth`, with the decrease measured instead of eta <= 1/L.

    R_{t+1} <= R_t - (eta_t/2) ||g_t||^2 and convexity give 2 eta_t (R_{t+1} - R*) <= ||theta_t - theta*||^2 -
    ||theta_{t+1} - theta*||^2, and R_t falls: add up.
    """
    return [
        promise(
            "sufficient decrease",
            "convex, R(theta - eta g) <= R(theta) - (eta/2) ||g||^2 at every step",
            [begun(course), is_convex(course), *has_minimiser(course), unbroken(course)],
            lambda: course.distance**2 / (2.0 * course.sizes.total) + course.omega,
        )
    ]
