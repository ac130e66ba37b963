"""The certified gap contains the 50-digit truth, over losses, data sets and distances from the optimum."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes

from gdcli.risk.certificate.smooth import certify, omega
from gdcli.risk.certificate.taylor import NODES, WEIGHTS
from gdcli.risk.losses import LOSSES
from gdcli.risk.optimum.smooth import find_optimum

SMOOTH = [name for name, loss in LOSSES.items() if loss.smooth]
DISTANCES = [10.0**e for e in range(-9, 3)]
SETS = [
    pytest.param(name, kind, l2, intercept, id=f"{name}-{kind}-l2={l2:g}-{'intercept' if intercept else 'origin'}")
    for name in SMOOTH
    for kind in ("plain", "scales", "correlated", "offset", "outlier")
    for l2 in (0.0, 0.01)
    for intercept in (True, False)
]


@pytest.mark.parametrize(("name", "kind", "l2", "intercept"), SETS)
def test_the_interval_contains_the_truth(make, data, truth, name, kind, l2, intercept) -> None:
    risk = make(name, *data(name, kind), l2=l2, intercept=intercept)
    certificate = certify(risk, find_optimum(risk, np.zeros(risk.width)))
    optimum = certificate.optimum
    exact = truth(risk)
    best = exact.minimise(optimum.theta)
    with mpmath.workdps(50):
        least = exact.value(best)
        assert exact.value(optimum.theta.tolist()) - least <= certificate.omega
    rng = np.random.default_rng(11)
    for distance in (0.0, *DISTANCES):
        direction = rng.normal(size=risk.width)
        theta = optimum.theta + distance * direction / np.linalg.norm(risk.X @ direction) * math.sqrt(risk.rows)
        with mpmath.workdps(50):
            gap = exact.value(theta.tolist()) - least
        found = certificate.gap(theta)
        assert found.lower <= gap <= found.upper
        assert found.lower <= found.value <= found.upper
        if gap >= 1e-13:
            assert found.value == pytest.approx(float(gap), rel=1e-9)
            assert found.upper - found.lower <= 1e-9 * gap


@pytest.mark.parametrize("name", ["huber", "squared_hinge"])
@pytest.mark.parametrize("distance", [1e-3, 0.1, 3.0])
def test_rows_that_cross_a_jump_of_the_curvature_keep_the_gaps_digits(make, data, truth, name, distance) -> None:
    risk = make(name, *data(name, "plain", N=150))
    optimum = find_optimum(risk, np.zeros(risk.width))
    z = risk.X @ optimum.theta
    edge = risk.y + np.sign(z - risk.y) if name == "huber" else risk.y
    theta = optimum.theta + distance * np.array([1.0, -0.5, 0.7, 0.2])
    crossing = (z - edge) * (risk.X @ theta - edge) < 0
    assert crossing.any() or distance < 1.0
    exact = truth(risk)
    with mpmath.workdps(50):
        gap = exact.value(theta.tolist()) - exact.value(exact.minimise(optimum.theta, steps=3))
    found = certify(risk, optimum).gap(theta)
    assert found.lower <= gap <= found.upper
    assert found.value == pytest.approx(float(gap), rel=1e-9)


@pytest.mark.parametrize("decrement", [1e-20, 1e-9, 1e-5, 1e-3, 0.1, 0.5, 0.9])
@pytest.mark.parametrize("S", [0.0, 1e-6, 0.3, 1.0])
def test_omega_against_50_digits(decrement, S) -> None:
    with mpmath.workdps(100):
        nu, s = mpmath.mpf(decrement), mpmath.mpf(S)
        u = nu * s
        exact = nu**2 / 2 if S == 0 else (u + (1 - u) * mpmath.log(1 - u)) / s**2
        # Below u = 1e-4, where the formula cancels, a bound of its series stands in: never below the truth.
        assert exact * (1 - mpmath.mpf(10) ** -10) <= omega(decrement, S) <= exact * (1 + mpmath.mpf(10) ** -4)


@pytest.mark.parametrize(("decrement", "S"), [(1.0, 1.0), (2.0, 3.0), (math.inf, math.inf), (math.nan, 1.0)])
def test_omega_proves_nothing_far_out(decrement, S) -> None:
    assert omega(decrement, S) == math.inf


def test_separable_data_the_gap_is_the_risk_itself(make) -> None:
    risk = make("logistic", [[-1.0], [1.0]], [-1, 1], intercept=False)
    certificate = certify(risk, find_optimum(risk, np.zeros(1)))
    for theta in (-3.0, 0.0, 2.0, 40.0, 700.0):
        with mpmath.workdps(50):
            gap = mpmath.log1p(mpmath.exp(-mpmath.mpf(theta)))
        found = certificate.gap(np.array([theta]))
        assert found.lower <= gap <= found.upper
        assert found.value == pytest.approx(float(gap), rel=1e-14)


@pytest.mark.parametrize("theta", [[0.0, 0.0], [1.0, 0.3], [5.0, -0.5], [30.0, 0.1], [100.0, 2.0]])
@pytest.mark.parametrize("ties", [(1, 1), (1, 2), (3, 1)])
def test_quasi_separable_data_against_the_closed_form(make, truth, theta, ties) -> None:
    """Rows at 0 with a and b labels of each sign: R* = entropy of a/(a+b), in share."""
    minus, plus = ties
    X = [[-2.0], [-1.0], [1.0], [2.0]] + [[0.0]] * (minus + plus)
    y = [-1, -1, 1, 1] + [-1] * minus + [1] * plus
    risk = make("logistic", X, y)
    certificate = certify(risk, find_optimum(risk, np.zeros(2)))
    with mpmath.workdps(50):
        p = mpmath.mpf(plus) / (plus + minus)
        least = -(minus + plus) * (p * mpmath.log(p) + (1 - p) * mpmath.log(1 - p)) / len(y)
        gap = truth(risk).value([mpmath.mpf(v) for v in theta]) - least
    found = certificate.gap(np.array(theta))
    assert found.lower <= gap <= found.upper
    assert found.value == pytest.approx(float(gap), rel=1e-9)


@pytest.mark.parametrize("offset", [1e6, 1e9])
def test_where_rounding_drowns_the_curvature_the_interval_stays_open(make, data, truth, offset) -> None:
    X, y = data("logistic", "plain")
    risk = make("logistic", X + offset, y)
    certificate = certify(risk, find_optimum(risk, np.zeros(risk.width)))
    # The gradient at this optimum is rounding: shifted columns have the same infimum, found without the offset.
    plain = make("logistic", (X + offset) - offset, y)
    least = truth(plain).minimise(find_optimum(plain, np.zeros(risk.width)).theta)
    gap = risk.value(np.zeros(risk.width)) - float(truth(plain).value(least))
    found = certificate.gap(np.zeros(risk.width))
    assert found.lower <= gap * (1 + 1e-12)
    assert gap <= found.upper


def test_constant_labels_of_zero_have_a_gap_of_exactly_zero(make, data) -> None:
    X, _ = data("squared", "plain")
    risk = make("squared", X, np.zeros(len(X)))
    certificate = certify(risk, find_optimum(risk, np.zeros(risk.width)))
    assert certificate.gap(np.zeros(risk.width)).upper == 0.0


BUNDLED = [("squared", "diabetes"), ("huber", "diabetes"), ("logcosh", "diabetes"), ("poisson", "diabetes")]
BUNDLED += [(name, "breast_cancer") for name in ("logistic", "squared_hinge")]


@pytest.mark.parametrize(("name", "data_set"), BUNDLED)
def test_nine_digits_on_real_sets_from_1e_13_on(make, truth, name, data_set) -> None:
    X, y = {"diabetes": load_diabetes, "breast_cancer": load_breast_cancer}[data_set](return_X_y=True)
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    X, y = (X[::4, :6], y[::4])
    risk = make(name, X, 2.0 * y - 1.0 if data_set == "breast_cancer" else y)
    certificate = certify(risk, find_optimum(risk, np.zeros(risk.width)))
    exact = truth(risk)
    best = exact.minimise(certificate.optimum.theta, steps=2)
    direction = np.random.default_rng(2).normal(size=risk.width)
    for distance in (0.0, 1e-8, 3e-7, 1e-4, 0.1):
        theta = certificate.optimum.theta + distance * direction
        with mpmath.workdps(50):
            gap = exact.value(theta.tolist()) - exact.value(best)
        found = certificate.gap(theta)
        assert found.lower <= gap <= found.upper
        if gap >= 1e-13:
            assert found.value == pytest.approx(float(gap), rel=1e-9)


@pytest.mark.parametrize("name", SMOOTH)
def test_nine_digits_where_a_column_is_twice_another(make, data, truth, name) -> None:
    X, y = data(name, "plain")
    risk = make(name, np.column_stack([X, 2.0 * X[:, 0]]), y)
    certificate = certify(risk, find_optimum(risk, np.ones(risk.width)))
    # The same predictions with one column less: the double of a number is exact.
    reduced = truth(make(name, X, y))
    start = find_optimum(make(name, X, y), np.zeros(4)).theta
    least = reduced.value(reduced.minimise(start))
    for distance in (0.0, 1e-8, 1e-6, 1e-3, 1.0):
        theta = certificate.optimum.theta + distance * np.array([1.0, -0.5, 0.7, 0.4, 0.2])
        with mpmath.workdps(50):
            gap = truth(risk).value(theta.tolist()) - least
        found = certificate.gap(theta)
        assert found.lower <= gap <= found.upper
        if gap >= 1e-13:
            assert found.value == pytest.approx(float(gap), rel=1e-9)


def test_the_nodes_and_weights_are_those_of_gauss_and_legendre() -> None:
    with mpmath.workdps(40):
        for node, weight in zip(NODES.tolist(), WEIGHTS.tolist(), strict=True):
            root = mpmath.findroot(lambda x: mpmath.legendre(8, x), node)
            slope = mpmath.diff(lambda x: mpmath.legendre(8, x), root)
            assert node == pytest.approx(float(root), rel=4e-16)
            assert weight == pytest.approx(float(2 / ((1 - root**2) * slope**2)), rel=1e-15)
