"""The gap intervals of absolute, quantile and hinge loss against exact fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from gdcli.risk.certificate.vertex import certify_face
from gdcli.risk.optimum.polyhedral.solve import find_face
from tests.oracles.polyhedral import LOSSES, Exact, build, sample

DISTANCES = 10.0 ** -np.arange(0.0, 15.0)
SHAPES = ("normal", "scales", "offset", "outlier")


@pytest.mark.parametrize("l2", [0.0, 1e-3, 0.5])
@pytest.mark.parametrize("kind", SHAPES)
@pytest.mark.parametrize("name", LOSSES)
def test_every_interval_holds_the_exact_gap(name: str, kind: str, l2: float) -> None:
    """15 distances in each of 48 settings: none outside, and 9 digits of every gap from 1e-13 on."""
    risk = build(name, *sample(name, kind, 23, 3, seed=11), l2)
    certificate, exact = certify_face(find_face(risk, np.zeros(4))), Exact(risk)
    optimum = certificate.optimum.theta
    least = exact.proven(optimum, 1e-9)
    direction = np.random.default_rng(0).normal(size=4) * np.maximum(np.abs(optimum), 1e-8)
    for distance in DISTANCES:
        theta = optimum + distance * direction
        gap, found = exact.at(theta) - least, certificate.gap(theta)
        assert Fraction(found.lower) <= gap <= Fraction(found.upper)
        assert found.lower <= found.value <= found.upper
        if gap >= 1e-13:
            assert abs(found.value / gap - 1) <= 1e-9
            assert found.upper - found.lower <= 1e-9 * float(gap)


@pytest.mark.parametrize("kind", ["integers", "duplicates", "standardised integers"])
@pytest.mark.parametrize("name", LOSSES)
def test_ties_cost_no_digits(name: str, kind: str) -> None:
    risk = build(name, *sample(name, kind, 11, 2, seed=12))
    certificate, exact = certify_face(find_face(risk, np.zeros(3))), Exact(risk)
    least = exact.least()
    for distance in DISTANCES:
        theta = certificate.optimum.theta + distance * np.array([0.3, -1.0, 0.7])
        gap, found = exact.at(theta) - least, certificate.gap(theta)
        assert Fraction(found.lower) <= gap <= Fraction(found.upper)
        if gap >= 1e-13:
            assert abs(found.value / gap - 1) <= 1e-9


@pytest.mark.parametrize("name", LOSSES)
def test_the_floor_is_far_below_rounding(name: str) -> None:
    certificate = certify_face(find_face(build(name, *sample(name, "normal", 300, 5)), np.zeros(6)))
    assert 0.0 < certificate.omega <= 1e-28
    at_the_end = certificate.gap(certificate.optimum.theta)
    assert at_the_end.upper >= certificate.omega or at_the_end.lower > 0.0
    assert np.isnan(certificate.decrement)
    assert np.isnan(certificate.concordance)


def test_one_number_has_an_exact_gap() -> None:
    certificate = certify_face(
        find_face(build("absolute", np.ones((3, 1)), [0.0, 1.0, 5.0], intercept=False), np.zeros(1))
    )
    found = certificate.gap(np.array([1.0 + 2.0**-40]))
    assert found.lower <= 2.0**-40 / 3.0 <= found.upper
    assert found.upper - found.lower <= 1e-13 * found.value
    assert certificate.gap(np.array([4.0])).value == pytest.approx(1.0, rel=1e-15)


@pytest.mark.parametrize("name", ["absolute", "hinge"])
def test_without_any_loss_the_gap_is_the_risk(name: str) -> None:
    risk = build(name, [[-2.0], [-1.0], [1.0], [2.0]], [-1.0, -1.0, 1.0, 1.0] if name == "hinge" else [-4, -2, 2, 4])
    certificate = certify_face(find_face(risk, np.zeros(2)))
    theta = np.array([0.25, 0.5])
    assert certificate.optimum.risk_optimum == pytest.approx(0.0, abs=1e-30)
    assert certificate.gap(theta).value == pytest.approx(risk.value(theta), rel=1e-14)


@pytest.mark.parametrize("far", [1e200, np.inf, -np.inf, np.nan])
@pytest.mark.parametrize("name", LOSSES)
def test_a_diverged_run_has_a_gap_up_to_infinity(name: str, far: float) -> None:
    certificate = certify_face(find_face(build(name, *sample(name, "normal", 20, 2), 0.1), np.zeros(3)))
    found = certificate.gap(np.full(3, far))
    assert (found.lower, found.value, found.upper) == (0.0, np.inf, np.inf)
