"""Separable, quasi-separable and barely overlapping data, judged by linear programs and by hand."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import linprog
from sklearn.datasets import load_breast_cancer

from gdcli.risk.certificate.smooth import certify
from gdcli.risk.losses import compile_formula
from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.optimum.separation import falls_without_end
from gdcli.risk.optimum.smooth import find_optimum

LINE = [[-2.0], [-1.0], [1.0], [2.0]]
# name: rows, labels, intercept, which rows are separated, and the infimum in closed form.
BY_HAND = {
    "a line, parted at 0": (LINE, [-1, -1, 1, 1], True, [1, 1, 1, 1], 0.0),
    "a line through the origin": (LINE, [-1, -1, 1, 1], False, [1, 1, 1, 1], 0.0),
    "touching at 0, both labels there": (
        [*LINE, [0.0], [0.0]],
        [-1, -1, 1, 1, -1, 1],
        True,
        [1, 1, 1, 1, 0, 0],
        np.log(2) / 3,
    ),
    "a tie with weights 1 and 2 at 0": (
        [*LINE, [0.0], [0.0], [0.0]],
        [-1, -1, 1, 1, -1, 1, 1],
        True,
        [1, 1, 1, 1, 0, 0, 0],
        (2 * np.log(1.5) + np.log(3)) / 7,
    ),
    "a zero row through the origin": ([*LINE, [0.0]], [-1, -1, 1, 1, 1], False, [1, 1, 1, 1, 0], np.log(2) / 5),
    "all rows zero but one": ([[0.0], [0.0], [3.0]], [1, -1, -1], False, [0, 0, 1], 2 * np.log(2) / 3),
    "one class only": ([[1.0], [2.0], [5.0]], [1, 1, 1], True, [1, 1, 1], 0.0),
    "one class, through the origin, both sides": ([[1.0], [-1.0]], [1, 1], False, [0, 0], np.log(2)),
    "an indicator that knows its rows": (
        [[1.0, 0.0], [1.0, 0.0], [-1.0, 0.0], [1.0, 1.0], [-1.0, 1.0]],
        [1, -1, -1, 1, 1],
        True,
        # Rows without the indicator: at x = 1 one of each label, at x = -1 a negative only, which x parts too.
        [0, 0, 1, 1, 1],
        2 * np.log(2) / 5,
    ),
    "thirds": ([[1 / 3], [2 / 3], [1.0], [4 / 3]], [-1, -1, 1, 1], True, [1, 1, 1, 1], 0.0),
    "overlap": ([[-2.0], [0.5], [-0.5], [2.0]], [-1, -1, 1, 1], True, [0, 0, 0, 0], None),
}


@pytest.mark.parametrize("case", BY_HAND)
def test_by_hand(make, case) -> None:
    X, y, intercept, separated, infimum = BY_HAND[case]
    found = find_optimum(make("logistic", X, y, intercept=intercept), np.zeros(1 + intercept + len(X[0]) - 1))
    assert found.separated.astype(int).tolist() == separated
    assert found.attained == (not any(separated))
    if infimum is not None:
        assert found.risk_optimum == pytest.approx(infimum, rel=1e-12, abs=1e-300)
    if all(separated):
        assert found.core is None
        assert found.reason.startswith("separable")
    elif any(separated):
        assert found.reason.startswith("quasi-separable")


def separable_rows(X: np.ndarray, y: np.ndarray) -> list[bool]:
    """Row by row: is there a d with y_i x_i . d >= 0 for all i and >= 1 for this one? A linear program each."""
    Z = y[:, None] * X
    zero = np.zeros(X.shape[1])
    bounds = [(None, None)] * X.shape[1]
    answers = []
    for i in range(len(y)):
        least = np.zeros(len(y))
        least[i] = 1.0
        answers.append(linprog(zero, A_ub=-Z, b_ub=-least, bounds=bounds, method="highs").status == 0)
    return answers


@pytest.mark.parametrize("seed", range(60))
def test_rows_against_linear_programs(make, seed) -> None:
    """Small integers, so that ties and exact overlaps are common and nothing hangs on rounding."""
    rng = np.random.default_rng(seed)
    N, d = int(rng.integers(3, 14)), int(rng.integers(1, 4))
    X = rng.integers(-2, 3, size=(N, d)).astype(float)
    y = np.where(rng.uniform(size=N) < 0.5, -1.0, 1.0)
    if seed % 3:
        noisy = X @ rng.normal(size=d) + (seed % 3 - 1) * rng.normal(size=N)
        y = np.where(noisy >= 0, 1.0, -1.0)
    risk = make("logistic", X, y)
    found = find_optimum(risk, np.zeros(d + 1))
    assert found.separated.tolist() == separable_rows(risk.X, y)


@pytest.mark.parametrize("unit", [1e-12, 1.0, 1e12])
@pytest.mark.parametrize("overlap", [1e-3, 1e-6, 1e-9, 1e-11])
def test_barely_overlapping_data_are_never_called_separable(make, overlap, unit) -> None:
    X = np.array([[-2.0], [-1.0], [overlap], [-overlap], [1.0], [2.0]]) * unit
    y = [-1, -1, -1, 1, 1, 1]
    found = find_optimum(make("logistic", X, y), np.zeros(2))
    assert found.attained
    # By symmetry the best intercept is 0, and the optimum is close to that of the tie: the two inner rows at log 2.
    assert found.risk_optimum == pytest.approx(np.log(2) / 3, rel=0.02)


@pytest.mark.parametrize("gap", [1e-3, 1e-6, 1e-9])
def test_a_narrow_gap_is_found(make, gap) -> None:
    X = np.array([[-2.0], [-1.0], [-gap], [gap], [1.0], [2.0]])
    found = find_optimum(make("logistic", X, [-1, -1, -1, 1, 1, 1]), np.zeros(2))
    assert found.separated.all()
    assert found.risk_optimum == 0.0


def test_an_offset_that_drowns_the_data_proves_nothing(make) -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40, 3))
    y = np.where(rng.uniform(size=40) < 0.5, -1.0, 1.0)
    assert not all(separable_rows(np.column_stack([X, np.ones(40)]), y))
    assert find_optimum(make("logistic", X + 1e9, y, intercept=False), np.zeros(3)).attained


@pytest.mark.parametrize(("columns", "separable"), [(10, False), (20, False), (30, True)])
def test_breast_cancer(make, columns, separable) -> None:
    X, y = load_breast_cancer(return_X_y=True)
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    found = find_optimum(make("logistic", X[:, :columns], 2.0 * y - 1.0), np.zeros(columns + 1))
    assert found.separated.all() == separable
    assert found.attained == (not separable)


def test_a_penalty_makes_separable_data_attained(make) -> None:
    found = find_optimum(make("logistic", LINE, [-1, -1, 1, 1], l2=0.1), np.zeros(2))
    assert found.attained
    assert found.risk_optimum > 0.0


@pytest.mark.parametrize("name", ["logistic", "exponential"])
def test_labels_of_one_class_beside_a_penalty_are_told_apart_by_the_free_intercept(make, name) -> None:
    risk = make(name, LINE, [1, 1, 1, 1], l2=0.1)
    found = find_optimum(risk, np.zeros(2))
    assert found.separated.all()
    assert found.risk_optimum == 0.0
    far = np.array([0.0, 60.0])
    assert 0.0 < certify(risk, found).gap(far).value <= 1e-25
    assert find_optimum(make(name, LINE, [1, 1, 1, 1], l2=0.1, free=False), np.zeros(2)).attained


FALLING = ["log(1 + exp(-y p))", "exp(-y p)", "softplus(-y p)", "exp(-3 y p)", "log(1 + exp(-y p))^2", "exp(-50 y p)"]


@pytest.mark.parametrize("formula", FALLING)
def test_a_formula_that_falls_to_its_infimum_on_separable_data(formula) -> None:
    y = np.array([-1.0, -1.0, 1.0, 1.0])
    X = np.column_stack([np.array(LINE), np.ones(4)])
    risk = LinearRisk(X, y, compile_formula(formula, "real", y), np.zeros(2))
    found = find_optimum(risk, np.zeros(2))
    certificate = certify(risk, found)
    assert not found.attained
    assert found.reason.startswith("separable: every loss falls for ever as theta grows, and R came within")
    assert found.risk_optimum == 0.0
    gap = certificate.gap(np.zeros(2))
    assert gap.lower <= risk.value(np.zeros(2)) <= gap.upper < 2.0


@pytest.mark.parametrize("formula", ["log(1 + exp(-y p))", "exp(-y p)"])
def test_of_quasi_separable_data_under_a_formula_nothing_is_claimed(formula) -> None:
    y = np.array([-1.0, -1.0, 1.0, 1.0, -1.0, 1.0])
    X = np.column_stack([[-2.0, -1.0, 1.0, 2.0, 0.0, 0.0], np.ones(6)])
    risk = LinearRisk(X, y, compile_formula(formula, "real", y), np.zeros(2))
    certificate = certify(risk, find_optimum(risk, np.zeros(2)))
    assert certificate.omega == np.inf
    assert certificate.gap(np.zeros(2)).upper == np.inf


def test_a_formula_that_attains_its_least_value_is_proven_by_it() -> None:
    y = np.array([-1.0, -1.0, 1.0, 1.0])
    X = np.column_stack([np.array(LINE), np.ones(4)])
    risk = LinearRisk(X, y, compile_formula("relu(1 - y p)^2", "real", y), np.zeros(2))
    certificate = certify(risk, find_optimum(risk, np.zeros(2)))
    assert certificate.optimum.attained
    assert certificate.optimum.risk_optimum == 0.0
    assert certificate.omega <= 1e-29


@pytest.mark.parametrize("formula", ["(1 - y p)^2", "(1 - y p)^2 + (1 - y p)^4"])
def test_a_least_value_that_rounding_alone_reaches_is_proven_to_rounding(formula) -> None:
    """theta_hat is a double, so R there is no exact 0; and the least value is said to be attained, not approached."""
    y = np.array([1.0, 1.0, -1.0])
    X = np.array([[0.1, 1.0], [0.1, 1.0], [0.7, 1.0]])
    risk = LinearRisk(X, y, compile_formula(formula, "real", y), np.zeros(2))
    certificate = certify(risk, find_optimum(risk, np.zeros(2)))
    assert certificate.optimum.attained
    assert 0.0 <= certificate.optimum.risk_optimum <= 1e-25
    rows = [[Fraction(v) for v in row] for row in X.tolist()]
    theta = [Fraction(v) for v in certificate.optimum.theta.tolist()]
    misses = [1 - int(t) * sum(a * b for a, b in zip(row, theta, strict=True)) for row, t in zip(rows, y, strict=True)]
    powers = (2, 4) if "4" in formula else (2,)
    assert sum(abs(miss) ** n for miss in misses for n in powers) / 3 <= certificate.omega <= 1e-25


def test_a_least_value_that_outward_rounding_takes_below_0_is_0() -> None:
    risk = LinearRisk(
        np.ones((1, 1)), np.array([2.0]), compile_formula("|p - y|^3", "real", np.array([2.0])), np.zeros(1)
    )
    found = find_optimum(risk, np.zeros(1))
    assert found.attained
    assert found.risk_optimum >= 0.0


def test_slopes_too_small_for_a_double_are_no_less_a_separation() -> None:
    """Two steps of Newton lead out to p = 2000, where the slopes are 0 in doubles."""
    y = np.array([1.0, -1.0, 1.0, -1.0, -1.0])
    X = np.column_stack([[1.1, -1.9, 0.45, 0.15, 0.18], np.ones(5)])
    risk = LinearRisk(X, y, compile_formula("log(1 + exp(-y p))", "real", y), np.zeros(2))
    assert falls_without_end(risk, np.array([2000.0, -600.0]))
    assert not falls_without_end(risk, np.array([2000.0, -200.0]))


def test_slopes_that_turn_are_no_separation() -> None:
    """exp(-y p) + 1e-40 p^2 has a minimum, however far out it lies and however small the risk is before it."""
    y = np.array([-1.0, -1.0, 1.0, 1.0])
    X = np.column_stack([np.array(LINE), np.ones(4)])
    risk = LinearRisk(X, y, compile_formula("exp(-y p) + 1e-40 p^2", "real", y), np.zeros(2))
    assert not falls_without_end(risk, np.array([50.0, 0.0]))
    assert find_optimum(risk, np.zeros(2)).attained
