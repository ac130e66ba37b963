"""Every bound against measured gaps, and against its formula in other arithmetic."""

from __future__ import annotations

import math
from dataclasses import replace

import mpmath
import numpy as np
import pytest

from gdcli.risk.bounds import lipschitz, smooth, stochastic
from gdcli.risk.bounds.promise import AVERAGE, LAST, Course, Promise, StepSizes
from gdcli.risk.bounds.promise import promise as promised_by
from gdcli.risk.certificate.gap import Certificate
from gdcli.risk.constants import Smoothness, smoothness
from gdcli.risk.losses import LOSSES, compile_loss, huber
from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.truth import establish

SMOOTH = [name for name, loss in LOSSES.items() if math.isfinite(loss.curvature)]
LEVEL = [name for name, loss in LOSSES.items() if loss.growth is not None]
LIPSCHITZ = [name for name, loss in LOSSES.items() if math.isfinite(loss.lipschitz)]
KINKED = [name for name, loss in LOSSES.items() if not loss.smooth]
SEEDS = 100


def known(risk: LinearRisk) -> tuple[Course, Certificate]:
    """What is known of a risk before its first step from 0."""
    theta0 = np.zeros(risk.width)
    certificate = establish(risk, theta0)
    optimum = certificate.optimum
    course = Course(
        constants=smoothness(risk, theta0),
        sizes=StepSizes(0, 0.0, 0.0, math.inf, 0.0),
        convex=True,
        distance=float(np.linalg.norm(optimum.theta)) if optimum.attained else math.inf,
        gap0=float(certificate.gap(theta0).upper),
        omega=certificate.omega,
        ridge=float(risk.penalty.max()),
        sigma2=risk.gradient_noise(optimum.theta),
    )
    return course, certificate


def after(course: Course, etas, slopes: float = math.nan) -> Course:
    return replace(course, sizes=StepSizes.of(np.asarray(etas, dtype=float), slopes))


def averages(risk: LinearRisk, etas, weights, seeds: int = SEEDS) -> np.ndarray:
    """The weighted means of the iterates of SGD from 0, one row a seed; all seeds step at once."""
    rng = np.random.default_rng(4)
    theta, total = np.zeros((seeds, risk.width)), np.zeros((seeds, risk.width))
    for eta, weight in zip(etas, weights, strict=True):
        total += weight * theta
        rows = rng.integers(risk.rows, size=seeds)
        x = risk.X[rows]
        slopes = risk.kernel.first(np.einsum("ij,ij->i", x, theta), risk.y[rows]) * np.ones(seeds)
        theta = theta - eta * (slopes[:, None] * x + risk.penalty * theta)
    return np.asarray(total / np.sum(weights))


def mean_gap(certificate: Certificate, thetas: np.ndarray) -> float:
    return float(np.mean([float(certificate.gap(theta).value) for theta in thetas]))


@pytest.mark.parametrize("T", [1, 2, 3, 10, 100, 1000])
@pytest.mark.parametrize(("L", "D"), [(1.0, 1.0), (4.0, 0.5), (0.25, 30.0)])
def test_the_huber_function_meets_the_bound_exactly(T, L, D) -> None:
    """R(x) = L (tau |x| - tau^2/2) outside [-tau, tau], started at D: T steps of 1/L end at the bound."""
    tau = D / (2 * T + 1)
    x = D
    for _ in range(T):
        x -= tau if x >= tau else x
    assert smooth.worst_case(Smoothness(L, L, 0.0), D, 1 / L, T) == pytest.approx(L * (tau * x - tau**2 / 2), rel=1e-12)
    assert smooth.worst_case(Smoothness(L, L, 0.0), D, 1 / L, T) == pytest.approx(L * D**2 / (4 * T + 2), rel=1e-13)


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
    found = smooth.worst_case(Smoothness(1.0, 1.0, k), 1.0, h, T)
    # A power of T keeps T times the rounding of its base.
    assert abs(found - exact) <= (1e-12 + 1e-15 * T * 4) * exact + 1e-300
    assert math.isfinite(found)


@pytest.mark.parametrize("T", [1, 10, 1000])
def test_linear_rate_is_its_formula(T) -> None:
    found = smooth.linear_rate(Smoothness(4.0, 9.0, 0.5), 3.0, 0.3, T)
    assert found == pytest.approx(3.0 * max(abs(1 - 0.15), abs(1 - 1.2)) ** (2 * T), rel=1e-12)
    assert smooth.linear_rate(Smoothness(2.0, 2.0, 2.0), 3.0, 0.5, T) == 0.0


@pytest.mark.parametrize("T", [1, 2, 7, 40])
def test_gradient_descent_on_the_huber_function_meets_the_bound(T) -> None:
    """The risk itself, from a distance 1 with eta = 1/L: measured and promised are the same number."""
    loss = huber(repr(1 / (2 * T + 1)))
    risk = LinearRisk(np.ones((1, 1)), np.ones(1), compile_loss(loss), np.zeros(1))
    course, certificate = known(risk)
    theta = np.zeros(1)
    for _ in range(T):
        theta = theta - risk.gradient(theta)
    found = smooth.worst_case_promise(after(replace(course, constants=Smoothness(1.0, 1.0, 0.0)), np.ones(T)))
    assert found.met
    assert float(certificate.gap(theta).value) == pytest.approx(found.value, rel=1e-9)
    assert found.value == pytest.approx(1 / (4 * T + 2), rel=1e-12)


@pytest.mark.parametrize("name", SMOOTH)
@pytest.mark.parametrize("kind", ["plain", "correlated", "outlier"])
@pytest.mark.parametrize("l2", [0.0, 0.05])
@pytest.mark.parametrize("h", [0.1, 0.5, 1.0, 1.5, 1.95])
def test_no_measured_gap_of_gd_is_above_its_bounds(make, data, name, kind, l2, h) -> None:
    risk = make(name, *data(name, kind, N=30), l2=l2)
    course, certificate = known(risk)
    theta, eta = np.zeros(risk.width), h / course.constants.L
    for T in range(1, 301):
        theta = theta - eta * risk.gradient(theta)
        if T in (1, 2, 3, 10, 30, 100, 300):
            gap = certificate.gap(theta)
            found = smooth.gradient_descent(after(course, np.full(T, eta)))
            assert [promise.met for promise in found] == [True, True, h <= 1.0]
            assert all(gap.lower <= promise.value * (1 + 1e-9) + 1e-25 for promise in found)


@pytest.mark.parametrize("T", [1, 2, 7, 1000])
@pytest.mark.parametrize(("a", "eta"), [(3.0, 0.75), (-0.5, 0.25)])
def test_the_bound_at_any_point_on_one_row_of_squared_loss(make, T, a, eta) -> None:
    """min_w (w - a)^2/2 + w^2/(2 eta T) = a^2/(2 (1 + eta T)), and R* = 0."""
    risk = make("squared", [[1.0]], [a], intercept=False)
    found = smooth.any_point(after(known(risk)[0], np.full(T, eta)), risk, 0.0)
    assert found.value == pytest.approx(a**2 / (2 * (1 + eta * T)), rel=1e-12)


@pytest.mark.parametrize("name", [*SMOOTH, *LEVEL])
@pytest.mark.parametrize("kind", ["plain", "correlated", "outlier"])
@pytest.mark.parametrize("h", [0.1, 1.0])
@pytest.mark.parametrize("falling", [False, True])
def test_no_measured_gap_of_gd_is_above_the_bounds_for_gentle_steps(make, data, name, kind, h, falling) -> None:
    risk = make(name, *data(name, kind, N=30))
    course, certificate = known(risk)
    etas = h / course.constants.L / (1.0 + np.arange(100) * falling) ** 0.3
    theta = np.zeros(risk.width)
    for T in range(1, 101):
        theta = theta - etas[T - 1] * risk.gradient(theta)
        if T in (1, 3, 10, 100):
            here = after(course, etas[:T])
            found = [smooth.any_point(here, risk, certificate.optimum.risk_optimum), smooth.level_set_promise(here)]
            assert all(promise.met for promise in found)
            assert all(certificate.gap(theta).lower <= promise.value for promise in found)
            assert found[0].value <= found[1].value * (1 + 1e-9)


@pytest.mark.parametrize("name", ["logistic", "exponential"])
def test_separable_data_have_the_bound_at_any_point(make, name) -> None:
    risk = make(name, [[1.0], [2.0], [-1.5]], [1.0, 1.0, -1.0])
    theta = np.zeros(2)
    course, certificate = known(risk)
    assert not certificate.optimum.attained
    eta = 1.0 / course.constants.L
    for T in range(1, 1001):
        theta = theta - eta * risk.gradient(theta)
        if T in (1, 10, 100, 1000):
            here = after(course, np.full(T, eta))
            assert risk.value(theta) <= smooth.any_point(here, risk, 0.0).value < risk.value(np.zeros(2))
            assert smooth.level_set_promise(here).why == "no minimiser exists"


@pytest.mark.parametrize("name", LEVEL)
@pytest.mark.parametrize("kind", ["plain", "correlated", "outlier"])
@pytest.mark.parametrize("l2", [0.0, 0.05])
@pytest.mark.parametrize("h", [0.5, 1.0, 1.95])
def test_without_a_largest_curvature_gd_stays_in_the_level_set_where_L_holds(make, data, name, kind, l2, h) -> None:
    risk = make(name, *data(name, kind, N=30), l2=l2)
    course, certificate = known(risk)
    constants, theta = course.constants, np.zeros(risk.width)
    assert constants.local
    assert constants.L_max == math.inf
    for t in range(1, 101):
        assert np.linalg.eigvalsh(risk.curvature(theta))[-1] <= constants.L
        slope = risk.gradient(theta)
        moved = theta - h / constants.L * slope
        least_fall = h / constants.L * (1 - h / 2) * (slope @ slope)
        assert risk.value(moved) <= risk.value(theta) - least_fall + 1e-14 * abs(risk.value(theta))
        theta = moved
        worst, linear, level = smooth.gradient_descent(after(course, np.full(t, h / constants.L)))
        assert worst.why == linear.why == "L holds on {R <= R(theta0)} only"
        assert level.met == (h <= 1.0)
        assert certificate.gap(theta).lower <= level.value


BASE = Course(Smoothness(1.0, 1.0, 0.0), StepSizes.of(np.ones(5)), True, 1.0, 1.0, sigma2=1.0, b=1.0)
DOUBTS = [
    ({"sizes": StepSizes(0, 0.0, 0.0, math.inf, 0.0)}, "no step has been taken"),
    ({"convex": False}, "R is not known to be convex"),
    ({"distance": math.inf}, "no minimiser exists"),
    ({"omega": math.inf}, "the minimiser is computed, not proven"),
]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        *DOUBTS,
        ({"sizes": StepSizes.of(np.full(5, 2.0))}, "eta L = 2"),
        ({"sizes": StepSizes.of(np.full(5, 2.5))}, "eta L = 2.5"),
        ({"sizes": StepSizes.of(np.array([1.0, 0.5]))}, "eta_t is not constant"),
        ({"constants": Smoothness(math.inf, math.inf, 0.0, local=True)}, "no L is known: phi'' is not proven bounded"),
        ({"constants": Smoothness(1.0, math.inf, 0.0, local=True)}, "L holds on {R <= R(theta0)} only"),
    ],
)
def test_a_bound_whose_condition_fails_says_why(changes, why) -> None:
    found = smooth.worst_case_promise(replace(BASE, **changes))
    assert (found.met, found.value, found.why, found.of) == (False, math.inf, why, LAST)


@pytest.mark.parametrize(
    ("promised", "changes", "why"),
    [
        *((stochastic.averaged_promise, changes, why) for changes, why in DOUBTS),
        *((lipschitz.stochastic_subgradient, changes, why) for changes, why in DOUBTS),
        *((lambda c: lipschitz.subgradient(c)[0], changes, why) for changes, why in DOUBTS),
        *((lambda c: lipschitz.subgradient(c)[1], changes, why) for changes, why in DOUBTS),
        *((smooth.level_set_promise, changes, why) for changes, why in DOUBTS),
        (stochastic.averaged_promise, {"uniform": False}, "rows are not drawn with replacement"),
        (lipschitz.stochastic_subgradient, {"uniform": False}, "rows are not drawn with replacement"),
        (stochastic.averaged_promise, {"b": math.nan}, "eta L_max = 1"),
        (
            stochastic.averaged_promise,
            {"constants": Smoothness(1.0, math.inf, 0.0)},
            "no L_max is known: phi'' is not proven bounded",
        ),
        (lipschitz.stochastic_subgradient, {}, "no G is known: phi' is not proven bounded"),
        (
            lipschitz.stochastic_subgradient,
            {"constants": Smoothness(1.0, 1.0, 0.0, G=1.0), "ridge": 2.0},
            "eta lambda is above 1",
        ),
        (
            lipschitz.stochastic_subgradient,
            {"constants": Smoothness(1.0, 1.0, 0.0, G=1.0), "sizes": StepSizes.of(np.array([1.0, 0.5]))},
            "the average kept has other weights than eta_t",
        ),
        (smooth.level_set_promise, {"sizes": StepSizes.of(np.full(5, 1.5))}, "eta L = 1.5"),
        (smooth.linear_promise, {"gap0": math.nan}, "no R* is known"),
        (smooth.linear_promise, {"gap0": math.inf}, "no R* is known"),
    ],
)
def test_the_other_bounds_say_why_too(promised, changes, why) -> None:
    found: Promise = promised(replace(BASE, **changes))
    assert (found.met, found.value, found.why) == (False, math.inf, why)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        *DOUBTS[:2],
        ({"omega": math.inf}, "R* is computed, not proven"),
        ({"uniform": False}, "rows are not drawn with replacement"),
        ({"constants": Smoothness(1.0, 0.5, 0.0)}, "the loss is not proven >= 0"),
        ({"constants": Smoothness(1.0, 1.0, 0.0, nonnegative=True)}, "eta L_max = 1"),
        (
            {"constants": Smoothness(1.0, math.inf, 0.0, nonnegative=True)},
            "no L_max is known: phi'' is not proven bounded",
        ),
        (
            {"constants": Smoothness(1.0, 0.5, 0.0, nonnegative=True), "sizes": StepSizes.of(np.array([1.0, 0.5]))},
            "eta_t is not constant",
        ),
        ({"constants": Smoothness(1.0, 0.5, 0.0, nonnegative=True), "origin": False}, "theta0 is not 0"),
    ],
)
def test_the_bounds_that_need_a_solve_say_why_before_it(make, changes, why) -> None:
    risk = make("squared", [[1.0]], [1.0])
    found = stochastic.nonnegative(replace(BASE, **changes), risk, 0.0)
    assert (found.met, found.value, found.why, found.of) == (False, math.inf, why, AVERAGE)
    assert smooth.any_point(replace(BASE, origin=False), risk, 0.0).why == "theta0 is not 0"
    assert smooth.any_point(replace(BASE, omega=math.inf), risk, 0.0).why == "R* is computed, not proven"


def test_what_is_missing_to_R_star_is_added_to_the_bounds_that_need_no_minimiser(make) -> None:
    risk = make("squared", [[1.0]], [1.0])
    course = replace(BASE, constants=Smoothness(1.0, 0.5, 0.0, nonnegative=True))
    for bound in (smooth.any_point, stochastic.nonnegative):
        more = bound(replace(course, omega=0.25), risk, 0.0).value - bound(course, risk, 0.0).value
        assert more == pytest.approx(0.25, rel=1e-12)


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_bound_that_no_double_holds_is_none(value: float) -> None:
    found = promised_by("some bound", "none", [], lambda: value)
    assert (found.met, found.value, found.why) == (False, math.inf, "it is no number that a double holds")


def test_the_best_constant_step_gives_D_G_over_the_root_of_T() -> None:
    D, G, T = 3.0, 7.0, 50
    course = Course(
        Smoothness(math.inf, math.inf, 0.0, G=G), StepSizes.of(np.full(T, D / (G * T**0.5)), 0.0), True, D, 1.0
    )
    expected = pytest.approx(D * G / T**0.5, rel=1e-13)
    assert lipschitz.subgradient(course)[0].value == expected
    assert lipschitz.stochastic_subgradient(course).value == expected
    assert lipschitz.subgradient(course)[1].value == pytest.approx(D * G / T**0.5 / 2, rel=1e-13)


@pytest.mark.parametrize("name", KINKED)
@pytest.mark.parametrize("kind", ["plain", "correlated", "outlier"])
@pytest.mark.parametrize("l2", [0.0, 0.05])
@pytest.mark.parametrize("T", [1, 10, 100, 400])
@pytest.mark.parametrize("falling", [False, True])
def test_no_measured_gap_of_subgradient_descent_is_above_its_bounds(make, data, name, kind, l2, T, falling) -> None:
    risk = make(name, *data(name, kind, N=30), l2=l2)
    course, certificate = known(risk)
    G = course.constants.G
    etas = course.distance / G / (np.sqrt(1.0 + np.arange(T)) if falling else np.full(T, T**0.5))
    theta, total, slopes, best = np.zeros(risk.width), np.zeros(risk.width), 0.0, math.inf
    for eta in etas:
        g = risk.gradient(theta)
        assert np.linalg.norm(g) <= G
        total, slopes, best = total + eta * theta, slopes + eta**2 * (g @ g), min(best, certificate.gap(theta).lower)
        theta = theta - eta * g
    found = lipschitz.subgradient(after(course, etas, slopes))
    for promise in found:
        assert promise.met
        assert promise.of == AVERAGE
        assert certificate.gap(total / etas.sum()).lower <= promise.value
        assert best <= promise.value
    assert found[1].value <= found[0].value * (1 + 1e-12)


def sgd_a(make, data, name, kind, c, power, l2, T) -> None:
    risk = make(name, *data(name, kind, N=12), l2=l2)
    course, certificate = known(risk)
    constants = course.constants
    etas = c / constants.L_max / (1.0 + np.arange(T)) ** power
    sizes = StepSizes.of(etas)
    b = stochastic.averaging_constant(sizes, constants, course.distance, course.sigma2)
    weights = np.array([stochastic.averaging_weight(eta, constants, b) for eta in etas])
    assert np.all(weights > 0.0)
    found = stochastic.averaged_promise(replace(course, sizes=sizes, b=b))
    assert found.met
    assert found.of == AVERAGE
    assert mean_gap(certificate, averages(risk, etas, weights)) <= found.value
    # b = 1 is a bound only where its weights are positive, gamma_t L_max < 1/2.
    handbook = stochastic.averaged(sizes, constants, course.distance, course.sigma2, 1.0)
    assert c >= 0.5 or found.value <= handbook * (1 + 1e-3) + course.omega


def sgd_b(make, data, name, kind, c, l2, T) -> None:
    risk = make(name, *data(name, kind, N=12), l2=l2)
    course, certificate = known(risk)
    etas = np.full(T, c / course.constants.L_max)
    found = stochastic.nonnegative(after(course, etas), risk, certificate.optimum.risk_optimum)
    assert found.met
    assert mean_gap(certificate, averages(risk, etas, np.ones(T))) <= found.value


def sgd_c(make, data, name, kind, scale, power, l2, T) -> None:
    risk = make(name, *data(name, kind, N=12), l2=l2)
    course, certificate = known(risk)
    etas = scale * course.distance / course.constants.G / (1.0 + np.arange(T) if power else np.full(T, T)) ** 0.5
    found = lipschitz.stochastic_subgradient(after(course, etas))
    assert found.met
    assert mean_gap(certificate, averages(risk, etas, etas)) <= found.value


@pytest.mark.parametrize("name", SMOOTH)
@pytest.mark.parametrize("c", [0.05, 0.3, 0.6, 0.95])
@pytest.mark.parametrize("power", [0.0, 0.5])
def test_the_averaged_bound_is_above_the_mean_of_100_seeds(make, data, name, c, power) -> None:
    sgd_a(make, data, name, "plain", c, power, 0.0, 60)


@pytest.mark.parametrize("name", SMOOTH)
@pytest.mark.parametrize("c", [0.05, 0.5, 0.9])
def test_the_bound_for_losses_from_0_on_is_above_the_mean_of_100_seeds(make, data, name, c) -> None:
    sgd_b(make, data, name, "plain", c, 0.0, 60)


@pytest.mark.parametrize("name", LIPSCHITZ)
@pytest.mark.parametrize("power", [0, 1])
@pytest.mark.parametrize("l2", [0.0, 0.1])
def test_the_bound_by_the_slopes_is_above_the_mean_of_100_seeds(make, data, name, power, l2) -> None:
    sgd_c(make, data, name, "plain", 1.0, power, l2, 100)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["plain", "correlated", "outlier"])
@pytest.mark.parametrize("l2", [0.0, 0.1])
@pytest.mark.parametrize("T", [5, 1000])
def test_every_sgd_bound_over_a_sweep(make, data, kind, l2, T) -> None:
    for name in SMOOTH:
        for c in (0.02, 0.4, 0.9):
            sgd_a(make, data, name, kind, c, 0.0, l2, T)
            sgd_a(make, data, name, kind, c, 0.5, l2, T)
            sgd_b(make, data, name, kind, c, l2, T)
    for name in LIPSCHITZ:
        for scale in (0.1, 1.0, 3.0):
            sgd_c(make, data, name, kind, scale, 0, l2, T)
            sgd_c(make, data, name, kind, scale, 1, l2, T)


@pytest.mark.parametrize("name", ["logistic", "squared_hinge"])
def test_sgd_on_separable_data_has_a_bound_without_a_minimiser(make, name) -> None:
    X = np.array([[1.0, 0.2], [2.0, -0.3], [-1.5, 0.4], [-0.7, -0.1]])
    risk = make(name, X, [1.0, 1.0, -1.0, -1.0])
    course, certificate = known(risk)
    for T in (10, 100, 1000):
        etas = np.full(T, 0.25 / course.constants.L_max)
        found = stochastic.nonnegative(after(course, etas), risk, 0.0)
        values = [risk.value(theta) for theta in averages(risk, etas, np.ones(T))]
        assert np.mean(values) <= found.value
    assert found.value < risk.value(np.zeros(risk.width)) / 2
    assert certificate.optimum.risk_optimum == pytest.approx(0.0, abs=1e-15)


@pytest.mark.parametrize(("a", "gamma", "T"), [(3.0, 0.25, 4), (-0.5, 0.5, 100)])
def test_the_bound_for_losses_from_0_on_on_one_row_of_squared_loss(make, a, gamma, T) -> None:
    """min_w (w - a)^2/2 + w^2/(2 gamma T) = a^2/(2 (1 + gamma T)), over 1 - gamma with L_max = 1."""
    risk = make("squared", [[1.0]], [a], intercept=False)
    found = stochastic.nonnegative(after(known(risk)[0], np.full(T, gamma)), risk, 0.0)
    assert found.value == pytest.approx(a**2 / (2 * (1 + gamma * T)) / (1 - gamma), rel=1e-10)


def test_gradient_noise_is_the_mean_square_of_the_rows_gradients(make, data) -> None:
    risk = make("squared", *data("squared", "plain"), l2=0.3)
    theta = np.array([0.3, -1.0, 2.0, 0.5])
    rows = [float(np.sum(risk.row_gradient(theta, i) ** 2)) for i in range(risk.rows)]
    assert risk.gradient_noise(theta) == pytest.approx(np.mean(rows), rel=1e-14)


def test_too_large_a_step_has_no_averaging_constant() -> None:
    sizes = StepSizes.of(np.array([1.0, 2.0]))
    constants = Smoothness(1.0, 1.0, 0.0)
    assert math.isnan(stochastic.averaging_constant(sizes, constants, 1.0, 1.0))
    assert stochastic.averaging_weight(2.0, constants, math.nan) == 2.0
