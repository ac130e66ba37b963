"""(Sub)gradient steps on a risk whose rows have bounded slopes: bounds on the average with weights eta_t.

With ||g_t|| <= G and E g_t a subgradient of R at theta_t, for every w

    E ||theta_{t+1} - w||^2 <= E ||theta_t - w||^2 - 2 eta_t (E R(theta_t) - R(w)) + eta_t^2 G^2;

adding up gives E R(average) - R* <= (D^2 + G^2 sum eta_t^2)/(2 sum eta_t), with eta = D/(G sqrt T) D G/sqrt(T). No
smoothness is used (Shor, 1962; Nesterov, "Lectures on convex optimization", 2018, section 3.2; Zinkevich, 2003).
"""

from __future__ import annotations

import math

from gdcli.risk.bounds.promise import (
    AVERAGE,
    Check,
    Course,
    Promise,
    begun,
    has_minimiser,
    is_convex,
    is_weighted,
    promise,
)
from gdcli.risk.bounds.stochastic import drawn_uniformly


def subgradient(course: Course) -> list[Promise]:
    """What holds for full subgradients, if the average is kept: the best iterate keeps these bounds too."""
    if course.averaging is None:
        return []
    return [
        promise(
            "bounded slopes",
            "convex, ||subgradient|| <= G; average with weights eta_t, and the best iterate",
            [begun(course), is_convex(course), *has_minimiser(course), *_has_G(course), is_weighted(course)],
            lambda: bounded_slopes(course, course.constants.G**2 * course.sizes.squares),
            AVERAGE,
        ),
        promise(
            "measured slopes",
            "convex, with the ||g_t|| of this run for G; average with weights eta_t, and the best iterate",
            [begun(course), is_convex(course), *has_minimiser(course), is_weighted(course)],
            lambda: bounded_slopes(course, course.sizes.slopes),
            AVERAGE,
        ),
    ]


def stochastic_subgradient(course: Course) -> Promise:
    """What holds in expectation for drawn rows, for the average with weights eta_t."""
    weighted = course.sizes.constant or not math.isfinite(course.b)
    return promise(
        "bounded row slopes",
        "in expectation; convex, ||row subgradient|| <= G, rows drawn uniformly; average with weights eta_t",
        [
            begun(course),
            drawn_uniformly(course),
            is_convex(course),
            *has_minimiser(course),
            *_has_G(course),
            is_weighted(course),
            (weighted, "the average kept has other weights than eta_t"),
        ],
        lambda: bounded_slopes(course, course.constants.G**2 * course.sizes.squares),
        AVERAGE,
    )


def bounded_slopes(course: Course, slopes: float) -> float:
    """(D^2 + slopes)/(2 sum eta_t), slopes a bound on sum eta_t^2 ||g_t||^2."""
    return (course.distance**2 + slopes) / (2.0 * course.sizes.total) + course.omega


def _has_G(course: Course) -> list[Check]:
    # With an L2 term G holds where such steps can lead.
    return [
        (math.isfinite(course.constants.G), "no G is known: phi' is not proven bounded"),
        (course.sizes.largest * course.ridge <= 1.0, "eta lambda is above 1"),
    ]
