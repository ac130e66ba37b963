"""The bounds of SGD on the softmax loss against the mean of 100 seeds that step at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gdcli.risk.bounds import lipschitz, smooth, stochastic
from gdcli.risk.bounds.promise import Course, StepSizes
from gdcli.risk.certificate.gap import Certificate
from gdcli.risk.constants import smoothness
from gdcli.risk.models.softmax import SoftmaxRisk
from gdcli.risk.truth import establish
from tests.oracles.softmax import risk, sample

SEEDS = 100
KINDS = ["plain", "correlated", "outlier"]
SHAPES = {2: 20, 3: 30, 5: 60}


def known(problem: SoftmaxRisk) -> tuple[Course, Certificate]:
    """What is known of a risk before its first step from 0."""
    theta0 = np.zeros(problem.width)
    certificate = establish(problem, theta0)
    optimum = certificate.optimum
    course = Course(
        constants=smoothness(problem, theta0),
        sizes=StepSizes(0, 0.0, 0.0, np.inf, 0.0),
        convex=True,
        distance=float(np.linalg.norm(optimum.theta)) if optimum.attained else np.inf,
        gap0=float(certificate.gap(theta0).upper),
        omega=certificate.omega,
        ridge=float(problem.penalty.max()),
        sigma2=problem.gradient_noise(optimum.theta),
    )
    return course, certificate


def averages(problem: SoftmaxRisk, etas: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The weighted means of the iterates of SGD from 0, one row a seed."""
    rng = np.random.default_rng(4)
    theta = np.zeros((SEEDS, problem.classes, problem.X.shape[1]))
    total, everyone = np.zeros_like(theta), np.arange(SEEDS)
    for eta, weight in zip(etas, weights, strict=True):
        total += weight * theta
        rows = rng.integers(problem.rows, size=SEEDS)
        x = problem.X[rows]
        scores = np.einsum("skj,sj->sk", theta, x)
        slopes = np.exp(scores - scores.max(axis=1, keepdims=True))
        slopes /= slopes.sum(axis=1, keepdims=True)
        slopes[everyone, problem.y[rows]] -= 1.0
        theta = theta - eta * (slopes[:, :, None] * x[:, None, :] + problem.ridge * theta)
    return np.asarray(total.reshape(SEEDS, -1) / np.sum(weights))


def mean_gap(certificate: Certificate, thetas: np.ndarray) -> float:
    return float(np.mean([certificate.gap(theta).value for theta in thetas]))


def check(kind: str, classes: int, c: float, power: float, l2: float, T: int) -> None:
    """Steps of c/L_max (1 + t)^-power, and each bound that has something to say of them."""
    problem = risk(*sample(kind, classes, SHAPES[classes], 2), classes, l2)
    course, certificate = known(problem)
    constants = course.constants
    etas = c / constants.L_max / (1.0 + np.arange(T)) ** power
    course = replace(course, sizes=StepSizes.of(etas))
    b = stochastic.averaging_constant(course.sizes, constants, course.distance, course.sigma2)
    weights = np.array([stochastic.averaging_weight(eta, constants, b) for eta in etas])
    promises = [(stochastic.averaged_promise(replace(course, b=b)), weights)]
    if l2 == 0.0:
        promises.append((lipschitz.stochastic_subgradient(course), etas))
    if power == 0.0:
        promises.append((stochastic.nonnegative(course, problem, certificate.optimum.risk_optimum), etas))
    for found, weighed in promises:
        assert found.met
        assert mean_gap(certificate, averages(problem, etas, weighed)) <= found.value


@pytest.mark.parametrize("classes", SHAPES)
@pytest.mark.parametrize(("c", "power"), [(0.05, 0.0), (0.5, 0.0), (0.9, 0.5)])
def test_sgd_bounds_are_above_the_mean_of_100_seeds(classes: int, c: float, power: float) -> None:
    check("plain", classes, c, power, 0.0, 60)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("classes", SHAPES)
@pytest.mark.parametrize("l2", [0.0, 0.1])
@pytest.mark.parametrize("T", [5, 1000])
def test_every_sgd_bound_over_a_sweep(kind: str, classes: int, l2: float, T: int) -> None:
    for c in (0.02, 0.4, 0.9):
        check(kind, classes, c, 0.0, l2, T)
        check(kind, classes, c, 0.5, l2, T)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("classes", SHAPES)
@pytest.mark.parametrize("l2", [0.0, 0.05])
@pytest.mark.parametrize("h", [0.1, 1.0, 1.95])
def test_no_measured_gap_of_gd_is_above_its_bounds(kind: str, classes: int, l2: float, h: float) -> None:
    problem = risk(*sample(kind, classes, SHAPES[classes], 2), classes, l2)
    course, certificate = known(problem)
    theta, eta = np.zeros(problem.width), h / course.constants.L
    for T in range(1, 101):
        theta = theta - eta * problem.gradient(theta)
        if T in (1, 3, 10, 30, 100):
            gap = certificate.gap(theta)
            found = smooth.gradient_descent(replace(course, sizes=StepSizes.of(np.full(T, eta))))
            assert [promise.met for promise in found] == [True, True, h <= 1.0]
            assert all(gap.lower <= promise.value * (1 + 1e-9) + 1e-25 for promise in found)


def test_the_steps_are_those_of_the_rows_gradients() -> None:
    problem = risk(*sample("plain", 3, 30, 2), 3, 0.1)
    etas, rng = np.full(7, 0.05), np.random.default_rng(4)
    theta, total = np.zeros(problem.width), np.zeros(problem.width)
    for eta in etas:
        total += theta
        theta = theta - eta * problem.row_gradient(theta, int(rng.integers(problem.rows, size=SEEDS)[0]))
    assert averages(problem, etas, np.ones(7))[0] == pytest.approx(total / 7, rel=1e-12, abs=1e-15)
