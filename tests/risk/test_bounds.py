from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest

from gdcli.risk import bounds
from gdcli.risk.certificate.smooth import certify
from gdcli.risk.constants import Smoothness, smoothness
from gdcli.risk.losses import LOSSES
from gdcli.risk.optimum.smooth import find_optimum

SMOOTH = [name for name, loss in LOSSES.items() if math.isfinite(loss.curvature)]


@pytest.mark.parametrize("T", [1, 2, 3, 10, 100, 1000])
@pytest.mark.parametrize(("L", "D"), [(1.0, 1.0), (4.0, 0.5), (0.25, 30.0)])
def test_the_huber_function_meets_the_bound_exactly(T, L, D) -> None:
    """R(x) = L (tau |x| - tau^2/2) outside [-tau, tau], started at D: T steps of 1/L end at the bound."""
    tau = D / (2 * T + 1)
    x = D
    for _ in range(T):
        x -= tau if x >= tau else x
    assert bounds.worst_case(Smoothness(L, L, 0.0), D, 1 / L, T) == pytest.approx(L * (tau * x - tau**2 / 2), rel=1e-12)
    assert bounds.worst_case(Smoothness(L, L, 0.0), D, 1 / L, T) == pytest.approx(L * D**2 / (4 * T + 2), rel=1e-13)


@pytest.mark.parametrize("k", [0.0, 1e-300, 1e-17, 1e-12, 1e-8, 1e-3, 0.3, 0.9, 1.0])
@pytest.mark.parametrize("T", [1, 7, 1000, 10**7, 10**12, 10**18])
@pytest.mark.parametrize("h", [1e-6, 0.5, 1.0, 1.5, 1.999])
def test_worst_case_against_50_digits(k, T, h) -> None:
    with mpmath.workdps(400):
        kk, hh = mpmath.mpf(k), mpmath.mpf(h)
        if k == 0.0:
            slow = 1 / (1 + 2 * T * hh)
        elif kk * hh == 1:
            slow = mpmath.mpf(0)
        else:
            slow = kk / (kk - 1 + abs(1 - kk * hh) ** (-2 * T))
        exact = max(slow, (1 - hh) ** (2 * T)) / 2
    found = bounds.worst_case(Smoothness(1.0, 1.0, k), 1.0, h, T)
    # A power of T keeps T times the rounding of its base.
    assert abs(found - exact) <= (1e-12 + 1e-15 * T * 4) * exact + 1e-300
    assert math.isfinite(found)


@pytest.mark.parametrize("T", [1, 10, 1000])
def test_linear_rate_is_its_formula(T) -> None:
    found = bounds.linear_rate(Smoothness(4.0, 9.0, 0.5), 3.0, 0.3, T)
    assert found == pytest.approx(3.0 * max(abs(1 - 0.15), abs(1 - 1.2)) ** (2 * T), rel=1e-12)
    assert bounds.linear_rate(Smoothness(2.0, 2.0, 2.0), 3.0, 0.5, T) == 0.0


@pytest.mark.parametrize("name", SMOOTH)
@pytest.mark.parametrize("kind", ["plain", "correlated", "outlier"])
@pytest.mark.parametrize("l2", [0.0, 0.05])
@pytest.mark.parametrize("h", [0.1, 0.5, 1.0, 1.5, 1.95])
def test_no_measured_gap_of_gd_is_above_its_bound(make, data, name, kind, l2, h) -> None:
    risk = make(name, *data(name, kind, N=30), l2=l2)
    theta = np.zeros(risk.width)
    optimum = find_optimum(risk, theta)
    certificate, constants = certify(risk, optimum), smoothness(risk, np.zeros(risk.width))
    distance = float(np.linalg.norm(optimum.theta))
    gap0, eta = certificate.gap(theta).upper, h / constants.L
    for T in range(1, 301):
        theta = theta - eta * risk.gradient(theta)
        if T in (1, 2, 3, 10, 30, 100, 300):
            gap = certificate.gap(theta)
            worst = bounds.worst_case(constants, distance, eta, T)
            linear = bounds.linear_rate(constants, gap0, eta, T)
            assert gap.lower <= worst * (1 + 1e-9) + 1e-25
            assert gap.lower <= linear * (1 + 1e-9) + 1e-25
            found = bounds.gradient_descent(constants, distance, gap0, eta, T)
            assert found is not None
            assert found.value == min(worst, linear)


@pytest.mark.parametrize("T", [1, 2, 7, 1000])
@pytest.mark.parametrize(("a", "eta"), [(3.0, 1.0), (-0.5, 0.25)])
def test_the_bound_at_any_point_on_one_row_of_squared_loss(make, T, a, eta) -> None:
    """min_w (w - a)^2/2 + w^2/(2 eta T) = a^2/(2 (1 + eta T)), and R* = 0."""
    risk = make("squared", [[1.0]], [a], intercept=False)
    found = bounds.any_point(risk, 0.0, eta, T)
    assert found.value == pytest.approx(a**2 / (2 * (1 + eta * T)), rel=1e-12)


@pytest.mark.parametrize("name", list(LOSSES))
@pytest.mark.parametrize("kind", ["plain", "correlated", "outlier"])
@pytest.mark.parametrize("h", [0.1, 1.0])
def test_no_measured_gap_of_gd_is_above_the_bound_at_any_point(make, data, name, kind, h) -> None:
    risk = make(name, *data(name, kind, N=30))
    theta = np.zeros(risk.width)
    certificate, constants = certify(risk, find_optimum(risk, theta)), smoothness(risk, theta)
    eta = h / constants.L
    for T in range(1, 101):
        theta = theta - eta * risk.gradient(theta)
        if T in (1, 3, 10, 100):
            found = bounds.any_point(risk, certificate.optimum.risk_optimum, eta, T)
            assert certificate.gap(theta).lower <= found.value


@pytest.mark.parametrize("name", ["logistic", "exponential"])
def test_separable_data_have_the_bound_at_any_point(make, name) -> None:
    risk = make(name, [[1.0], [2.0], [-1.5]], [1.0, 1.0, -1.0])
    theta = np.zeros(2)
    optimum = find_optimum(risk, theta)
    assert not optimum.attained
    eta = 1.0 / smoothness(risk, theta).L
    for T in range(1, 1001):
        theta = theta - eta * risk.gradient(theta)
        if T in (1, 10, 100, 1000):
            assert risk.value(theta) <= bounds.any_point(risk, 0.0, eta, T).value < risk.value(np.zeros(2))


@pytest.mark.parametrize(("h", "distance", "T"), [(2.0, 1.0, 5), (2.5, 1.0, 5), (1.0, math.inf, 5), (1.0, 1.0, 0)])
def test_no_bound_where_its_condition_fails(h, distance, T) -> None:
    assert bounds.gradient_descent(Smoothness(1.0, 1.0, 0.0), distance, 1.0, h, T) is None


@pytest.mark.parametrize("name", [name for name in LOSSES if name not in SMOOTH])
@pytest.mark.parametrize("kind", ["plain", "correlated", "outlier"])
@pytest.mark.parametrize("l2", [0.0, 0.05])
@pytest.mark.parametrize("h", [0.5, 1.0, 1.95])
def test_without_a_largest_curvature_gd_stays_in_the_level_set_where_L_holds(make, data, name, kind, l2, h) -> None:
    risk = make(name, *data(name, kind, N=30), l2=l2)
    theta = np.zeros(risk.width)
    constants = smoothness(risk, theta)
    assert constants.local
    assert constants.L_max == math.inf
    optimum = find_optimum(risk, theta)
    certificate, distance, eta = certify(risk, optimum), float(np.linalg.norm(optimum.theta)), h / constants.L
    for t in range(1, 101):
        assert np.linalg.eigvalsh(risk.curvature(theta))[-1] <= constants.L
        slope = risk.gradient(theta)
        after = theta - h / constants.L * slope
        least_fall = h / constants.L * (1 - h / 2) * (slope @ slope)
        assert risk.value(after) <= risk.value(theta) - least_fall + 1e-14 * abs(risk.value(theta))
        theta = after
        bound = bounds.gradient_descent(constants, distance, math.nan, eta, t)
        assert (bound is None) == (h > 1.0)
        assert bound is None or certificate.gap(theta).lower <= bound.value


@pytest.mark.parametrize("name", SMOOTH)
@pytest.mark.parametrize("c", [0.05, 0.3, 0.6, 0.95])
@pytest.mark.parametrize("power", [0.0, 0.5])
def test_the_sgd_bound_is_above_the_mean_of_100_seeds(make, data, name, c, power) -> None:
    risk = make(name, *data(name, "plain", N=12))
    optimum = find_optimum(risk, np.zeros(risk.width))
    certificate, constants = certify(risk, optimum), smoothness(risk, np.zeros(risk.width))
    T, seeds = 60, 100
    etas = c / constants.L_max / (1.0 + np.arange(T)) ** power
    sizes = bounds.StepSizes.of(etas)
    distance, noise = float(np.linalg.norm(optimum.theta)), risk.gradient_noise(optimum.theta)
    b = bounds.averaging_constant(sizes, constants, distance, noise)
    weights = np.array([bounds.averaging_weight(eta, constants, b) for eta in etas])
    assert np.all(weights > 0.0)
    rng = np.random.default_rng(4)
    gaps = []
    for _ in range(seeds):
        theta, average = np.zeros(risk.width), np.zeros(risk.width)
        for eta, weight in zip(etas, weights, strict=True):
            average = average + weight * theta
            theta = theta - eta * risk.row_gradient(theta, int(rng.integers(risk.rows)))
        gaps.append(certificate.gap(average / weights.sum()).value)
    found = bounds.stochastic_gradient(sizes, constants, distance, noise, b)
    assert found is not None
    assert np.mean(gaps) <= found.value
    handbook = bounds.stochastic_gradient(sizes, constants, distance, noise, 1.0)
    assert handbook is not None
    # b = 1 is a bound only where its weights are positive, gamma_t L_max < 1/2.
    assert c >= 0.5 or found.value <= handbook.value * (1 + 1e-3)


def test_gradient_noise_is_the_mean_square_of_the_rows_gradients(make, data) -> None:
    risk = make("squared", *data("squared", "plain"), l2=0.3)
    theta = np.array([0.3, -1.0, 2.0, 0.5])
    rows = [float(np.sum(risk.row_gradient(theta, i) ** 2)) for i in range(risk.rows)]
    assert risk.gradient_noise(theta) == pytest.approx(np.mean(rows), rel=1e-14)


def test_too_large_a_step_has_no_sgd_bound() -> None:
    sizes = bounds.StepSizes.of(np.array([1.0, 2.0]))
    constants = Smoothness(1.0, 1.0, 0.0)
    assert math.isnan(bounds.averaging_constant(sizes, constants, 1.0, 1.0))
    assert bounds.stochastic_gradient(sizes, constants, 1.0, 1.0, math.nan) is None
    assert bounds.averaging_weight(2.0, constants, math.nan) == 2.0
