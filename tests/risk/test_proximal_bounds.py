"""The bounds of proximal gradient steps: their values by hand, and when they are not met."""

from __future__ import annotations

import numpy as np
import pytest

from gdcli.risk.bounds.promise import Course, StepSizes
from gdcli.risk.bounds.proximal import contraction_promise, sum_promise
from gdcli.risk.constants import Smoothness


def course(etas: list[float], mu: float = 0.5, distance: float = 3.0, *, local: bool = False) -> Course:
    sizes = StepSizes.of(np.array(etas)) if etas else StepSizes(0, 0.0, 0.0, np.inf, 0.0)
    return Course(Smoothness(2.0, 2.0, mu, local=local), sizes, convex=True, distance=distance, gap0=1.0)


def test_values_by_hand() -> None:
    # D^2/(2 sum eta) = 9/5, and (1 - eta mu)^T D^2/(2 eta) = (7/8)^10 18.
    assert sum_promise(course([0.25] * 10)).value == pytest.approx(1.8, rel=1e-15)
    assert sum_promise(course([0.25, 0.5])).value == pytest.approx(6.0, rel=1e-15)
    assert contraction_promise(course([0.25] * 10)).value == pytest.approx(0.875**10 * 18.0, rel=1e-14)


def test_an_l1_term_alone_keeps_to_the_sum() -> None:
    """R = w |theta|: T steps of eta take D = w eta T to 0, with a gap of w (D - w eta t) after t of them."""
    w, eta, T = 0.5, 0.25, 8
    at = w * eta * T
    gaps = [w * (at - w * eta * t) for t in range(T + 1)]
    bounds = [sum_promise(course([eta] * t, distance=at)).value for t in range(1, T + 1)]
    assert all(gap <= bound for gap, bound in zip(gaps[1:], bounds, strict=True))


@pytest.mark.parametrize(
    ("etas", "mu", "local", "why"),
    [
        ([0.6], 0.5, False, "eta L = 1.2"),
        ([], 0.5, False, "no step"),
        ([0.25], 0.0, False, "mu = 0"),
        ([0.25, 0.5], 0.5, False, "not constant"),
        ([0.25], 0.5, True, "L holds on"),
    ],
)
def test_what_is_not_met_says_why(etas: list[float], mu: float, local: bool, why: str) -> None:
    found = contraction_promise(course(etas, mu, local=local))
    assert not found.met
    assert why in found.why
