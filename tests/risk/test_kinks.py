"""Derivatives at kinks against 50-digit one-sided difference quotients; the subdifferential of R against scipy."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import lsq_linear

from gdcli.kernels.interpret import arrays, scalars, sides
from gdcli.kernels.source import derive
from gdcli.risk.boxed import boxed_least_squares
from gdcli.risk.kinks import kinks
from gdcli.risk.losses import LOSSES, compile_formula, compile_loss
from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.truth import establish


def relu(u):
    return max(u, mpmath.mpf(0))


# phi by hand, and its kinks as functions of y.
FORMULAS = {
    "|p - y|": (lambda p, y: abs(p - y), [lambda y: y]),
    "0.5*relu(y - p) + (1 - 0.5)*relu(p - y)": (lambda p, y: abs(p - y) / 2, [lambda y: y]),
    "0.25*relu(y - p) + (1 - 0.25)*relu(p - y)": (lambda p, y: relu(y - p) / 4 + 3 * relu(p - y) / 4, [lambda y: y]),
    "relu(1 - y*p)": (lambda p, y: relu(1 - y * p), [lambda y: 1 / y]),
    "relu(1 - y*p)^2": (lambda p, y: relu(1 - y * p) ** 2, [lambda y: 1 / y]),
    "(p - y)^2/2 if |p - y| <= 1 else |p - y| - 1/2": (
        lambda p, y: (p - y) ** 2 / 2 if abs(p - y) <= 1 else abs(p - y) - mpmath.mpf(1) / 2,
        [lambda y: y - 1, lambda y: y + 1, lambda y: y],
    ),
    "max(2*p, 3*p, 4*p)": (lambda p, y: max(2 * p, 3 * p, 4 * p), [lambda y: 0.0]),
    "min(2*p, 3*p, 4*p)": (lambda p, y: min(2 * p, 3 * p, 4 * p), [lambda y: 0.0]),
    "|p - y| + (p - y)": (lambda p, y: abs(p - y) + (p - y), [lambda y: y]),
    "3*(p - y) + |p - y|": (lambda p, y: 3 * (p - y) + abs(p - y), [lambda y: y]),
    "max(p - y, -2*(p - y))": (lambda p, y: max(p - y, -2 * (p - y)), [lambda y: y]),
    "max(p - y, 0)^2": (lambda p, y: relu(p - y) ** 2, [lambda y: y]),
    "max(0, |p - y| - 0.5)": (lambda p, y: relu(abs(p - y) - 0.5), [lambda y: y - 0.5, lambda y: y + 0.5]),
    "||p - y| - 1|": (lambda p, y: abs(abs(p - y) - 1), [lambda y: y - 1, lambda y: y, lambda y: y + 1]),
    "|p|*p": (lambda p, y: abs(p) * p, [lambda y: 0.0]),
    "(p - y)*sign(p - y)": (lambda p, y: abs(p - y), [lambda y: y]),
    "p if p > 0 else -p": (lambda p, y: abs(p), [lambda y: 0.0]),
    "p if p >= 0 else -2*p": (lambda p, y: p if p >= 0 else -2 * p, [lambda y: 0.0]),
    "5*p if p != 0 else 0": (lambda p, y: 5 * p, [lambda y: 0.0]),
    "3*p if p == 0 else |p| + p": (lambda p, y: abs(p) + p, [lambda y: 0.0]),
    "0 if p^2 <= 0 else |p| + 2*p": (lambda p, y: abs(p) + 2 * p, [lambda y: 0.0]),
    "0 if not (p^4 > 0) else p^2 - 2*|p|": (lambda p, y: p**2 - 2 * abs(p), [lambda y: 0.0]),
    "max(p^2, |p|)": (lambda p, y: max(p**2, abs(p)), [lambda y: -1.0, lambda y: 0.0, lambda y: 1.0]),
    "max(p^2, -p^2) + relu(-p)": (lambda p, y: p * p + relu(-p), [lambda y: 0.0]),
    "exp(|p - y|)": (lambda p, y: mpmath.exp(abs(p - y)), [lambda y: y]),
    "sqrt((p - y)^2) + p": (lambda p, y: abs(p - y) + p, [lambda y: y]),
    "|p - y|^1.5 + |p|": (lambda p, y: abs(p - y) ** mpmath.mpf(1.5) + abs(p), [lambda y: 0.0, lambda y: y]),
    "relu(p) - relu(p - y)": (lambda p, y: relu(p) - relu(p - y), [lambda y: 0.0, lambda y: y]),
    "-|p|": (lambda p, y: -abs(p), [lambda y: 0.0]),
    "|p*y|": (lambda p, y: abs(p * y), [lambda y: 0.0]),
}
TARGETS = [-2.0, -1.0, -0.5, 0.5, 1.0, 4.0]


def quotient(phi, p: float, y: float, towards: int) -> mpmath.mpf:
    """(phi(p + h) - phi(p))/h at |h| = 10^-40 with 120 digits."""
    with mpmath.workdps(120):
        h = towards * mpmath.mpf(10) ** -40
        return (phi(mpmath.mpf(p) + h, mpmath.mpf(y)) - phi(mpmath.mpf(p), mpmath.mpf(y))) / h


def value(function, p: float, y: float) -> float:
    """A kernel over arrays of one entry; what it computes for cases that do not apply may be undefined."""
    with np.errstate(all="ignore"):
        return float(np.broadcast_to(function(np.array([p]), np.array([y])), 1)[0])


def points(formula: str):
    """The kinks, and places beside them, for each target."""
    for y in TARGETS:
        at = [kink(y) for kink in FORMULAS[formula][1]]
        for p in [*at, *(k + s for k in at for s in (-0.3, 0.3)), -3.1, 7.3]:
            yield float(p), y


@pytest.mark.parametrize("formula", FORMULAS)
def test_one_sided_derivatives_and_the_element_of_least_norm(formula: str) -> None:
    phi, found = FORMULAS[formula][0], derive(formula, ("p", "y"), 2)
    left, right = sides(found)
    for p, y in points(formula):
        below, above = quotient(phi, p, y, -1), quotient(phi, p, y, 1)
        least = 0.0 if below * above <= 0 else min(below, above, key=abs)
        assert value(left, p, y) == pytest.approx(float(below), rel=1e-12, abs=1e-18)
        assert value(right, p, y) == pytest.approx(float(above), rel=1e-12, abs=1e-18)
        assert value(arrays(found)[1], p, y) == pytest.approx(float(least), rel=1e-12, abs=1e-18)
        assert np.isfinite(value(arrays(found)[2], p, y)) or "1.5" in formula


@pytest.mark.parametrize("formula", [f for f in FORMULAS if "1.5" not in f])
def test_floats_and_arrays_take_the_same_element(formula: str) -> None:
    found = derive(formula, ("p", "y"), 2)
    for p, y in points(formula):
        assert scalars(found)[1](p, y) == pytest.approx(value(arrays(found)[1], p, y), rel=1e-15)


@cache
def _derived(formula: str):
    return derive(formula, ("p", "y"), 2)


# Deriving a formula for the first time is slow.
@settings(deadline=None)
@given(p=st.floats(-50, 50), y=st.floats(-50, 50), formula=st.sampled_from(sorted(set(FORMULAS) - {"exp(|p - y|)"})))
def test_the_used_slope_lies_between_the_sides(p: float, y: float, formula: str) -> None:
    found = _derived(formula)
    left, right = (value(side, p, y) for side in sides(found))
    assert (
        min(left, right) - 1e-12 * abs(left) <= value(arrays(found)[1], p, y) <= max(left, right) + 1e-12 * abs(right)
    )


@pytest.mark.parametrize("name", [name for name, loss in LOSSES.items() if not loss.smooth])
def test_a_built_in_loss_with_kinks_knows_both_sides(name: str) -> None:
    assert compile_loss(LOSSES[name]).derived.kinked


@pytest.mark.parametrize("name", [name for name, loss in LOSSES.items() if loss.smooth])
def test_a_smooth_loss_pays_nothing(name: str) -> None:
    found = derive(LOSSES[name].formula, ("p", "y"), 2)
    assert not found.kinked
    assert "left" not in found.source


def test_a_slope_that_no_float_of_an_unused_branch_spoils() -> None:
    kernel = compile_formula("|p - y|^1.5 + |p|", "real", np.array([1.0, 2.0, 3.0]))
    assert kernel.first_scalar(-1.0, 1.0) == pytest.approx(-1.5 * 2**0.5 - 1)
    assert kernel.first_scalar(0.0, 1.0) == pytest.approx(-0.5)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [("|p - y| + (p - y)", 2.0), ("max(p - y, -2*(p - y))", 2.0), ("max(2*p, 3*p, 4*p)", 4.0), ("(p - y)^4", np.inf)],
)
def test_the_largest_slope_of_a_formula(formula: str, expected: float) -> None:
    assert compile_formula(formula, "real", np.arange(7.0)).loss.lipschitz == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("seed", range(60))
def test_boxed_least_squares_is_scipys(seed: int) -> None:
    rng = np.random.default_rng(seed)
    k, K = int(rng.integers(1, 7)), int(rng.integers(1, 12))
    A = rng.normal(size=(k, K))
    if seed % 3 == 0:
        A[:, -1] = A[:, 0]
    b, low = rng.normal(size=k) * 10.0 ** rng.uniform(-2, 2), -rng.uniform(0.1, 2, K)
    high = low + rng.uniform(0.1, 3, K)
    found = boxed_least_squares(A, b, low, high)
    assert np.all((low <= found) & (found <= high))
    other = lsq_linear(A, b, (low, high), method="bvls", tol=1e-14, max_iter=1000).x
    assert np.linalg.norm(A @ found - b) <= np.linalg.norm(A @ other - b) + 1e-12 * np.linalg.norm(b)


def problem(name: str, X, y, l2: float = 0.0) -> LinearRisk:
    X = np.array(X, dtype=float)
    return LinearRisk(X, np.array(y, dtype=float), compile_loss(LOSSES[name]), np.full(X.shape[1], l2))


def test_the_rows_at_a_kink_of_the_absolute_loss() -> None:
    risk = problem("absolute", [[1.0], [1.0], [1.0], [1.0], [1.0]], [0.0, 1.0, 1.0, 2.0, 5.0])
    certificate = establish(risk, np.zeros(1))
    found = kinks(risk, np.array([1.0]), certificate)
    assert found is not None
    assert (found.rows, found.left, found.right, found.used) == (2, -1.0, 1.0, (0.0, 0.0))
    # The other slopes are 1, -1, -1: their mean is -1/5, and the kinks can take it away.
    assert found.gradient_norm == pytest.approx(0.2)
    assert found.least_norm == pytest.approx(0.0, abs=1e-16)
    away = kinks(risk, np.array([2.0]), certificate)
    assert away is not None
    # 1, 1, 1, [-1, 1], -1: at least (3 - 1 - 1)/5.
    assert (away.rows, away.gradient_norm, away.least_norm) == (1, pytest.approx(0.4), pytest.approx(0.2))
    none = kinks(risk, np.array([1.5]), certificate)
    assert none is not None
    assert (none.rows, none.left, none.used) == (0, None, None)
    assert none.least_norm == none.gradient_norm


def test_a_prediction_that_rounding_moved_off_its_kink_counts() -> None:
    risk = problem("absolute", [[0.1, 0.2], [1.0, 0.0], [0.0, 1.0]], [0.3, 1.0, 1.0])
    theta = np.ones(2)
    assert risk.X[0] @ theta != 0.3
    found = kinks(risk, theta, establish(risk, np.zeros(2)))
    assert found is not None
    assert found.rows == 3
    assert found.least_norm == pytest.approx(0.0, abs=1e-16)


def test_a_smooth_loss_has_none() -> None:
    risk = problem("squared", [[1.0]], [1.0])
    assert kinks(risk, np.zeros(1), establish(risk, np.zeros(1))) is None


@pytest.mark.parametrize("name", [name for name, loss in LOSSES.items() if not loss.smooth])
@pytest.mark.parametrize("l2", [0.0, 0.1])
@pytest.mark.parametrize("seed", range(6))
def test_zero_is_a_subgradient_at_the_optimum_and_nowhere_else(make, data, name, l2, seed) -> None:
    risk = make(name, *data(name, "plain", N=40, seed=seed), l2=l2)
    certificate = establish(risk, np.zeros(risk.width))
    found = kinks(risk, certificate.optimum.theta, certificate)
    assert found is not None
    assert found.proven_zero
    assert found.rows >= 1
    assert found.least_norm is not None
    assert found.least_norm <= 1e-12 * np.abs(risk.X).max()
    moved = kinks(risk, certificate.optimum.theta + 0.3, certificate)
    assert moved is not None
    assert moved.least_norm is not None
    assert moved.least_norm > 1e-3


@pytest.mark.parametrize("l2", [0.0, 0.1])
def test_zero_is_proven_where_the_least_risk_is_zero(make, l2) -> None:
    risk = make("hinge", [[1.0], [2.0], [-1.5]], [1.0, 1.0, -1.0], l2=l2)
    found = kinks(risk, np.zeros(2), establish(risk, np.zeros(2)))
    assert found is not None
    assert found.proven_zero


def test_the_element_of_least_norm_is_scipys(make, data) -> None:
    """At a point where many rows tie the best slopes are those of a bounded least-squares problem."""
    rng = np.random.default_rng(1)
    X = rng.normal(size=(12, 3))
    theta = np.array([1.0, -2.0, 0.5])
    y = X @ theta
    y[:5] += 1.0
    risk = LinearRisk(X, y, compile_loss(LOSSES["absolute"]), np.array([0.3, 0.0, 0.1]))
    found = kinks(risk, theta, establish(risk, np.zeros(3)))
    fixed = -X[:5].sum(axis=0) / 12 + risk.penalty * theta
    alpha = lsq_linear(X[5:].T / 12, -fixed, (-1, 1), method="bvls", tol=1e-15).x
    assert found is not None
    assert found.rows == 7
    assert found.least_norm == pytest.approx(np.linalg.norm(fixed + X[5:].T @ alpha / 12), abs=1e-14)


def test_of_a_loss_not_known_to_be_convex_no_least_subgradient_is_claimed() -> None:
    y = np.array([0.0, 1.0, 2.0])
    kernel = compile_formula("min(|p - y|, 3) + (p - y)^2/50", "real", y)
    risk = LinearRisk(np.ones((3, 1)), y, kernel, np.zeros(1))
    assert not kernel.loss.convex
    found = kinks(risk, np.array([1.0]), establish(replace(risk), np.zeros(1)))
    assert found is not None
    assert (found.rows, found.left, found.right) == (1, -1.0, 1.0)
    assert found.least_norm is None
