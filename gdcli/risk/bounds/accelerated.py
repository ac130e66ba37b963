"""Nesterov's accelerated gradient on an L-smooth risk: a bound on the last iterate of an unbroken run."""

from __future__ import annotations

from gdcli.risk.bounds.promise import Course, Promise, begun, has_minimiser, is_constant, is_convex, promise, unbroken
from gdcli.risk.bounds.smooth import gentle


def accelerated(course: Course) -> list[Promise]:
    """2 D^2/(eta (T + 1)^2) for constant eta <= 1/L (Nesterov, 1983; Beck and Teboulle, 2009, theorem 4.4)."""
    return [
        promise(
            "accelerated",
            "convex, L-smooth, constant eta <= 1/L, momentum never dropped",
            [
                begun(course),
                is_convex(course),
                *gentle(course),
                (not course.constants.local, "L holds on {R <= R(theta0)} only"),
                is_constant(course),
                *has_minimiser(course),
                unbroken(course),
            ],
            lambda: 2.0 * course.distance**2 / (course.sizes.largest * (course.sizes.count + 1.0) ** 2) + course.omega,
        )
    ]
