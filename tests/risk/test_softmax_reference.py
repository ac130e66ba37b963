"""theta_hat of 30 digits, S against every pair of every row, and what is not proven."""

from __future__ import annotations

from itertools import combinations

import mpmath
import numpy as np
import pytest

from gdcli.risk.certificate.softmax import SoftmaxCertificate, certify_softmax
from gdcli.risk.models.softmax import SoftmaxRisk
from gdcli.risk.truth import establish
from tests.oracles.softmax import Truth, risk, sample

KINDS = ["plain", "scales", "correlated", "offset", "outlier"]


def certified(problem: SoftmaxRisk) -> SoftmaxCertificate:
    found = establish(problem, np.zeros(problem.width))
    assert isinstance(found, SoftmaxCertificate)
    return found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("l2", [0.0, 0.01])
def test_the_reference_is_the_minimiser_at_50_digits(kind: str, l2: float) -> None:
    problem = risk(*sample(kind, 3, 30, 3), 3, l2)
    found = certified(problem)
    assert found.refined is not None
    reference, proof = found.refined
    exact = Truth.of(problem)
    best = exact.minimise(found.optimum.theta)
    with mpmath.workdps(50):
        near = [mpmath.mpf(a) + mpmath.mpf(b) for a, b in zip(reference.theta.high, reference.theta.low, strict=True)]
        excess = exact.value(near) - exact.value(best)
        assert excess <= proof.omega
        assert proof.omega < 1e-30
        for k, ball in enumerate(reference.predictions):
            for i, x in enumerate(exact.X):
                z = mpmath.fdot(x, near[k * len(x) : (k + 1) * len(x)])
                assert abs(mpmath.mpf(float(ball.high[i])) + float(ball.low[i]) - z) <= float(ball.radius[i])
        least = exact.value(near)
        assert abs(mpmath.mpf(float(reference.value.high)) + float(reference.value.low) - least) <= float(
            reference.value.radius
        )
        assert found.optimum.risk_optimum == float(exact.value(found.optimum.theta.tolist()))
        assert exact.value(found.optimum.theta.tolist()) - exact.value(best) <= found.omega
        gradient, _ = exact.derivatives(near)
        for value, error, true in zip(reference.residual.value, reference.residual.error, gradient, strict=True):
            assert abs(mpmath.mpf(float(value)) - true) <= float(error)


@pytest.mark.parametrize("classes", [2, 3, 6])
@pytest.mark.parametrize("kind", ["plain", "outlier", "correlated"])
@pytest.mark.parametrize("missing", [False, True])
def test_S_is_the_greatest_of_all_pairs(classes: int, kind: str, missing: bool) -> None:
    X, y = sample(kind, classes, 60, 2)
    whole = risk(X, y, classes)
    active = np.random.default_rng(0).uniform(size=(classes, 60)) < 0.9
    active[y, np.arange(60)] = True
    problem = SoftmaxRisk(whole.X, whole.y, classes, whole.penalty, active if missing else None)
    found = certified(problem)
    assert found.optimum.space is not None
    inverse = np.linalg.pinv(problem.curvature(found.optimum.theta), rcond=1e-13)
    left = found.optimum.space.risk.active
    worst = 0.0
    for i, x in enumerate(problem.X):
        for k, other in combinations(range(classes), 2):
            if left is None or (left[k, i] and left[other, i]):
                row = np.kron(np.eye(classes)[k] - np.eye(classes)[other], x)
                worst = max(worst, float(np.sqrt(row @ inverse @ row)))
    assert found.concordance == pytest.approx(worst, rel=1e-5)


def test_coordinates_that_left_the_range_of_the_doubles_prove_nothing() -> None:
    """The row space's vector has entries of 1e-150, 1e-478 and 1e-300."""
    problem = risk([[1e150, 1e-178, 1.0]], [0], 2, intercept=False)
    found = certified(problem)
    gap = found.gap(np.array([0.0, 0.0, 0.0, -1e-149, 0.0, 0.0]))
    assert found.omega in (0.0, np.inf)
    assert gap.lower <= np.log1p(np.exp(-10.0)) <= gap.upper


def test_a_row_of_zeros_is_certified() -> None:
    found = certified(risk([[0.0]], [0], 2, intercept=False))
    assert (found.optimum.risk_optimum, found.omega) == (pytest.approx(np.log(2), rel=1e-15), 0.0)


def test_beyond_so_many_numbers_the_double_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = risk(*sample("offset", 3, 30, 3), 3)
    full = certified(problem)
    monkeypatch.setattr("gdcli.risk.certificate.softmax.LARGE", 10)
    monkeypatch.setattr("gdcli.risk.certificate.softmax.SMALL", 10)
    rough = certify_softmax(problem, full.optimum)
    assert rough.refined is None
    theta = full.optimum.theta * (1 + 1e-9)
    a, b = full.gap(theta), rough.gap(theta)
    assert b.lower <= a.lower <= a.upper <= b.upper


@pytest.mark.parametrize("far", [1.0, 1e3, 1e6])
def test_classes_that_left_a_row_stay_out_of_it_however_high_they_score(far: float) -> None:
    """Class 2 leaves the tie at 0 and the rows beside it; among those it scores as the intercept has it."""
    X = [[-2.0], [-1.0], [0.0], [0.0], [0.0], [1.0], [7.0], [9.0]]
    problem = risk(X, [0, 0, 0, 1, 1, 1, 2, 2], 3)
    theta0 = np.array([0.0, 0.0, 0.0, 0.0, 0.0, far])
    found = establish(problem, theta0)
    assert isinstance(found, SoftmaxCertificate)
    assert found.refined is not None
    assert found.optimum.space is not None
    core = found.optimum.space.risk
    reference, proof = found.refined
    assert float(reference.value.high) == pytest.approx(core.value(reference.theta.high), rel=1e-14)
    assert reference.residual.value == pytest.approx(core.gradient(reference.theta.high), abs=1e-14)
    assert proof.omega < 1e-30
    p = 2.0 / 3.0
    least = -3.0 * (p * np.log(p) + (1.0 - p) * np.log(1.0 - p)) / 8.0
    assert found.optimum.risk_optimum == pytest.approx(least, rel=1e-14)


def test_far_rows_that_leave_two_classes_have_the_infimum_of_the_rest() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(11, 3)) * 10.0 ** np.array([6, 0, 0, 0, 3, 6, 3, 0, 5, 0, 0])[:, None]
    for labels in rng.integers(3, size=(60, 11)):
        problem = risk(X, labels, 3)
        found = certified(problem)
        assert found.optimum.risk_optimum <= problem.value(np.zeros(problem.width)) * (1 + 1e-14)
