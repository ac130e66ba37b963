from __future__ import annotations

import mpmath
import numpy as np
import pytest
from scipy.optimize import minimize
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine
from sklearn.linear_model import LogisticRegression
from statsmodels.api import OLS, Logit

from gdcli.risk.losses import LOSSES
from gdcli.risk.optimum import find_optimum
from gdcli.risk.solve import factorise

CASES = [
    pytest.param(name, kind, l2, intercept, id=f"{name}-{kind}-l2={l2:g}-{'intercept' if intercept else 'origin'}")
    for name in LOSSES
    for kind in ("plain", "scales", "correlated", "offset", "outlier")
    for l2 in (0.0, 1e-9, 0.3)
    for intercept in (True, False)
]


@pytest.mark.parametrize(("name", "kind", "l2", "intercept"), CASES)
def test_the_optimum_against_50_digit_newton(make, data, truth, name, kind, l2, intercept) -> None:
    risk = make(name, *data(name, kind), l2=l2, intercept=intercept)
    found = find_optimum(risk, np.zeros(risk.width))
    exact = truth(risk)
    best = exact.minimise(found.theta)
    assert found.attained
    assert found.rank == risk.width
    assert found.risk_optimum == pytest.approx(float(exact.value(best)), rel=1e-11)
    with mpmath.workdps(50):
        excess = exact.value(found.theta.tolist()) - exact.value(best)
        assert 0 <= excess <= 1e-11 * found.risk_optimum
    start = np.random.default_rng(0).normal(size=risk.width) / np.abs(risk.X).max(axis=0)
    assert find_optimum(risk, start).risk_optimum == pytest.approx(found.risk_optimum, rel=1e-10)


def standardised(X: np.ndarray) -> np.ndarray:
    return (X - X.mean(axis=0)) / X.std(axis=0)


def test_diabetes_against_statsmodels(make) -> None:
    X, y = load_diabetes(return_X_y=True)
    risk = make("squared", standardised(X), y)
    found = find_optimum(risk, np.zeros(risk.width))
    other = OLS(y, risk.X).fit()
    assert found.risk_optimum == pytest.approx(other.ssr / (2 * len(y)), rel=1e-12)
    assert found.theta == pytest.approx(other.params, rel=1e-9)


def test_breast_cancer_against_statsmodels(make) -> None:
    X, y = load_breast_cancer(return_X_y=True)
    risk = make("logistic", standardised(X[:, :10]), 2.0 * y - 1.0)
    found = find_optimum(risk, np.zeros(risk.width))
    other = Logit(y, risk.X).fit(disp=0, method="newton", maxiter=100)
    assert found.attained
    assert found.risk_optimum == pytest.approx(-other.llf / len(y), rel=1e-12)
    assert found.theta == pytest.approx(other.params, rel=1e-7)


def test_penalised_logistic_against_scikit_learn_and_scipy(make) -> None:
    X, y = load_wine(return_X_y=True)
    signs = np.where(y == 1, 1.0, -1.0)
    risk = make("logistic", standardised(X), signs, l2=0.01)
    found = find_optimum(risk, np.zeros(risk.width))
    model = LogisticRegression(C=1 / (0.01 * len(y)), tol=1e-13, max_iter=10_000).fit(risk.X[:, :-1], signs)
    theirs = np.append(model.coef_[0], model.intercept_)
    assert found.risk_optimum == pytest.approx(risk.value(theirs), rel=1e-10)
    assert found.risk_optimum <= risk.value(theirs) * (1 + 1e-15)
    free = minimize(risk.value, np.zeros(risk.width), jac=risk.gradient, method="BFGS", options={"gtol": 1e-9})
    assert found.risk_optimum == pytest.approx(free.fun, rel=1e-10)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("scale", [1.0, 1e-12, 1e9])
def test_rank_deficient_the_nearest_minimiser(make, data, name, scale) -> None:
    X, y = data(name, "plain")
    X = np.column_stack([X, scale * X[:, 0]])
    risk = make(name, X, y)
    start = np.array([0.5, -1.0, 2.0, 3.0, 0.25])
    found = find_optimum(risk, start)
    reference = find_optimum(make(name, X[:, :3], y), np.zeros(4))
    assert found.rank == 4
    assert found.risk_optimum == pytest.approx(reference.risk_optimum, rel=1e-11)
    # The null space of X is (scale, 0, 0, -1, 0): the nearest minimiser differs from the start by nothing along it.
    null = np.array([scale, 0.0, 0.0, -1.0, 0.0]) / np.hypot(scale, 1.0)
    assert abs(null @ (found.theta - start)) <= 1e-9 * np.linalg.norm(found.theta - start)


@pytest.mark.parametrize("shape", [(3, 7), (1, 4), (1, 1), (9, 2)])
def test_wide_data_are_fitted_exactly_by_the_shortest_move(make, shape) -> None:
    rng = np.random.default_rng(3)
    X, y = rng.normal(size=shape), rng.normal(size=shape[0])
    risk = make("squared", X, y, intercept=False)
    start = rng.normal(size=shape[1])
    found = find_optimum(risk, start)
    assert found.theta == pytest.approx(start + np.linalg.pinv(X) @ (y - X @ start), rel=1e-9)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("unit", [1e-30, 1e-17, 1e17, 1e60])
def test_the_unit_of_a_column_does_not_move_the_optimum(make, data, name, unit) -> None:
    X, y = data(name, "plain")
    plain = find_optimum(make(name, X, y), np.zeros(4))
    scaled = find_optimum(make(name, X * [1.0, unit, 1.0], y), np.zeros(4))
    assert scaled.rank == 4
    assert scaled.risk_optimum == pytest.approx(plain.risk_optimum, rel=1e-12)
    assert scaled.theta[1] * unit == pytest.approx(plain.theta[1], rel=1e-7)


def test_an_offset_of_1e9_beside_an_intercept_is_full_rank(make, data) -> None:
    X, y = data("squared", "plain")
    assert find_optimum(make("squared", X + 1e9, y), np.zeros(4)).rank == 4


@pytest.mark.parametrize("size", [1e-60, 1.0, 1e60])
def test_factorise_whitens(size) -> None:
    X = np.random.default_rng(0).normal(size=(12, 4)) * [1.0, size, 1.0, 0.0]
    found = factorise(X)
    assert found.rank == 3
    assert pytest.approx(np.eye(3), abs=1e-14) == found.U.T @ found.U
    assert X @ found.basis == pytest.approx(found.U, abs=1e-13)
    assert not found.basis[3].any()


def test_a_huge_penalty_holds_the_weights_and_leaves_the_intercept(make, data) -> None:
    X, y = data("squared", "plain")
    found = find_optimum(make("squared", X, y, l2=1e60), np.zeros(4))
    assert found.theta[-1] == pytest.approx(y.mean(), rel=1e-13)
    assert found.risk_optimum == pytest.approx(y.var() / 2, rel=1e-13)
