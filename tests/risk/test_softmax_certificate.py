"""The certified gap of the softmax loss contains the 50-digit truth."""

from __future__ import annotations

import math
from dataclasses import replace

import mpmath
import numpy as np
import pytest

from gdcli.risk.certificate.softmax import certify_softmax
from gdcli.risk.losses import LOSSES, compile_loss
from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.optimum.softmax import find_softmax_optimum
from gdcli.risk.truth import establish
from tests.oracles.softmax import Truth, risk, sample

DISTANCES = [10.0**e for e in range(-9, 3)]
SHAPES = {2: (20, 3), 3: (30, 3), 5: (60, 2)}
SETS = [
    pytest.param(classes, kind, l2, intercept, id=f"K={classes}-{kind}-l2={l2:g}-{'b' if intercept else 'origin'}")
    for classes in SHAPES
    for kind in ("plain", "scales", "correlated", "offset", "outlier")
    for l2 in (0.0, 0.01)
    for intercept in (True, False)
]


@pytest.mark.parametrize(("classes", "kind", "l2", "intercept"), SETS)
def test_the_interval_contains_the_truth(classes: int, kind: str, l2: float, intercept: bool) -> None:
    problem = risk(*sample(kind, classes, *SHAPES[classes]), classes, l2, intercept=intercept)
    optimum = find_softmax_optimum(problem, np.zeros(problem.width))
    assert optimum.attained
    certificate = certify_softmax(problem, optimum)
    optimum = certificate.optimum
    exact = Truth.of(problem)
    least = exact.value(exact.minimise(optimum.theta))
    with mpmath.workdps(50):
        assert exact.value(optimum.theta.tolist()) - least <= certificate.omega
    rng = np.random.default_rng(11)
    for distance in (0.0, *DISTANCES):
        direction = rng.normal(size=problem.width)
        size = np.linalg.norm(problem.X @ problem.matrix(direction).T)
        theta = optimum.theta + distance * direction / size * math.sqrt(problem.rows)
        with mpmath.workdps(50):
            gap = exact.value(theta.tolist()) - least
        found = certificate.gap(theta)
        assert found.lower <= gap <= found.upper
        assert found.lower <= found.value <= found.upper
        if gap >= 1e-13:
            assert found.value == pytest.approx(float(gap), rel=1e-9)
            assert found.upper - found.lower <= 1e-2 * gap if gap < 1e-10 else 1e-4 * gap


@pytest.mark.parametrize("classes", SHAPES)
@pytest.mark.parametrize("l2", [0.0, 0.01])
@pytest.mark.parametrize("penalise_intercept", [True, False])
def test_omega_bounds_the_gap_of_points_around_the_optimum(
    monkeypatch: pytest.MonkeyPatch, classes: int, l2: float, penalise_intercept: bool
) -> None:
    """Also without the steps of 30 digits, which would lead back to the optimum."""
    monkeypatch.setattr("gdcli.risk.certificate.softmax.SMALL", 0)
    monkeypatch.setattr("gdcli.risk.certificate.softmax.LARGE", 0)
    X, y = sample("plain", classes, *SHAPES[classes])
    problem = risk(X, y, classes, l2, penalise_intercept=penalise_intercept)
    optimum = find_softmax_optimum(problem, np.zeros(problem.width))
    exact = Truth.of(problem)
    least = exact.value(exact.minimise(optimum.theta))
    rng = np.random.default_rng(4)
    finite = 0
    for distance in (1e-6, 1e-4, 1e-3, 1e-2, 0.1):
        theta = optimum.theta + distance * rng.normal(size=problem.width)
        omega = certify_softmax(problem, replace(optimum, theta=theta)).omega
        with mpmath.workdps(50):
            assert exact.value(theta.tolist()) - least <= omega
        finite += math.isfinite(omega)
    assert finite >= 2


@pytest.mark.parametrize("l2", [0.0, 0.02])
def test_two_classes_agree_with_the_logistic_loss(l2: float) -> None:
    """theta = (-w/2, w/2) has the margins of w; its penalty (lambda/2) 2 ||w/2||^2 is that of w with lambda/2."""
    X, y = sample("plain", 2, 40, 3)
    problem = risk(X, y, 2, l2)
    logistic = LinearRisk(problem.X, 2.0 * y - 1.0, compile_loss(LOSSES["logistic"]), problem.ridge / 2)
    one, other = establish(problem, np.zeros(8)), establish(logistic, np.zeros(4))
    assert one.optimum.risk_optimum == pytest.approx(other.optimum.risk_optimum, rel=1e-15)
    w = other.optimum.theta
    assert one.optimum.theta == pytest.approx(np.concatenate([-w, w]) / 2, rel=1e-8)
    assert one.concordance == pytest.approx(other.concordance, rel=1e-8)
    for size in (1e-7, 1e-3, 1.0, 30.0):
        v = w + size * np.random.default_rng(1).normal(size=4)
        gap, expected = one.gap(np.concatenate([-v, v]) / 2), other.gap(v)
        assert gap.value == pytest.approx(expected.value, rel=1e-8)
        assert gap.lower <= expected.upper
        assert expected.lower <= gap.upper


# Two classes on a line, tied at 0, and a third far to the right: in the limit only the tie is left.
LINE = ([[-2.0], [-1.0], [0.0], [0.0], [0.0], [1.0], [7.0], [9.0]], [0, 0, 0, 1, 1, 1, 2, 2])


@pytest.mark.parametrize("size", [0.0, 0.1, 1.0, 5.0, 40.0])
def test_quasi_separable_data_against_the_closed_form(size: float) -> None:
    problem = risk(*LINE, 3)
    certificate = establish(problem, np.zeros(6))
    assert not certificate.optimum.attained
    with mpmath.workdps(50):
        p = mpmath.mpf(2) / 3
        least = -3 * (p * mpmath.log(p) + (1 - p) * mpmath.log(1 - p)) / 8
    assert certificate.optimum.risk_optimum == pytest.approx(float(least), rel=1e-14)
    for seed in range(4):
        theta = size * np.random.default_rng(seed).normal(size=6)
        with mpmath.workdps(50):
            gap = Truth.of(problem).value(theta.tolist()) - least
        found = certificate.gap(theta)
        assert found.lower <= gap <= found.upper
        assert found.value == pytest.approx(float(gap), rel=1e-9)


@pytest.mark.parametrize("far", [10.0, 30.0, 100.0])
def test_close_to_an_infimum_the_gap_keeps_its_digits(far: float) -> None:
    problem = risk(*LINE, 3)
    certificate = establish(problem, np.zeros(6))
    # The scores 0, x and 3 x - 10, times `far`, part what can be parted; the tie's odds 1 to 2 are an intercept.
    theta = far * np.array([0.0, 0.0, 1.0, 0.0, 3.0, -10.0])
    theta[3] += math.log(2.0)
    with mpmath.workdps(50):
        p = mpmath.mpf(2) / 3
        least = -3 * (p * mpmath.log(p) + (1 - p) * mpmath.log(1 - p)) / 8
        gap = Truth.of(problem).value(theta.tolist()) - least
    found = certificate.gap(theta)
    assert 0.0 < gap < 1e-4
    assert found.lower <= gap <= found.upper
    if gap > 1e-13:
        assert found.value == pytest.approx(float(gap), rel=1e-9)


def test_separable_data_the_gap_is_the_risk_itself() -> None:
    problem = risk([[-5.0], [-4.0], [0.0], [0.5], [4.0], [6.0]], [0, 0, 1, 1, 2, 2], 3)
    certificate = establish(problem, np.zeros(6))
    assert certificate.optimum.risk_optimum == 0.0
    for size in (0.0, 1.0, 20.0, 300.0):
        theta = size * np.array([-2.0, -4.0, 0.0, 0.0, 2.0, -4.0])
        gap = Truth.of(problem).value(theta.tolist())
        found = certificate.gap(theta)
        assert found.lower <= gap <= found.upper
        assert found.value == pytest.approx(float(gap), rel=1e-13)


def test_where_rounding_drowns_the_curvature_the_interval_stays_open() -> None:
    X, y = sample("plain", 3, 30, 3)
    problem = risk(X + 1e9, y, 3)
    certificate = establish(problem, np.zeros(problem.width))
    plain = risk((X + 1e9) - 1e9, y, 3)
    least = establish(plain, np.zeros(problem.width)).optimum.risk_optimum
    gap = plain.value(np.zeros(problem.width)) - least
    found = certificate.gap(np.zeros(problem.width))
    assert found.lower <= gap * (1 + 1e-12)
    assert gap <= found.upper


def test_a_theta_beyond_the_doubles_has_no_smaller_gap() -> None:
    problem = risk(*sample("plain", 3, 30, 3), 3)
    certificate = establish(problem, np.zeros(problem.width))
    found = certificate.gap(np.full(problem.width, 1e200) * np.arange(problem.width))
    assert found.upper >= 1e190
