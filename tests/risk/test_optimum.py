from __future__ import annotations

import mpmath
import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import gammaln
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC
from statsmodels.api import GLM, OLS, Logit, families

from gdcli.risk.certificate.smooth import certify
from gdcli.risk.losses import LOSSES
from gdcli.risk.optimum.smooth import find_optimum
from gdcli.risk.optimum.solve import factorise

SMOOTH = [name for name, loss in LOSSES.items() if loss.smooth]
CASES = [
    pytest.param(name, kind, l2, intercept, id=f"{name}-{kind}-l2={l2:g}-{'intercept' if intercept else 'origin'}")
    for name in SMOOTH
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


def test_counts_against_statsmodels(make) -> None:
    X, y = load_diabetes(return_X_y=True)
    risk = make("poisson", standardised(X), y)
    found = find_optimum(risk, np.zeros(risk.width))
    other = GLM(y, risk.X, family=families.Poisson()).fit(tol=1e-14, maxiter=100)
    assert found.risk_optimum == pytest.approx(-(other.llf + gammaln(y + 1).sum()) / len(y), rel=1e-12)
    assert found.theta == pytest.approx(other.params, rel=1e-9)


@pytest.mark.parametrize("l2", [0.01, 1.0])
def test_huber_against_scipy(make, l2) -> None:
    X, y = load_diabetes(return_X_y=True)
    risk = make("huber", standardised(X), y / 50, l2=l2)
    found = find_optimum(risk, np.zeros(risk.width))
    other = minimize(risk.value, found.theta, jac=risk.gradient, method="L-BFGS-B", options={"ftol": 0, "gtol": 1e-12})
    assert found.risk_optimum == pytest.approx(other.fun, rel=1e-12)
    assert found.risk_optimum <= other.fun * (1 + 1e-15)


def test_squared_hinge_against_scikit_learn(make) -> None:
    X, y = load_breast_cancer(return_X_y=True)
    risk = make("squared_hinge", standardised(X[:, :10]), 2.0 * y - 1.0, l2=0.01, intercept=False)
    found = find_optimum(risk, np.zeros(risk.width))
    other = LinearSVC(C=1 / (0.02 * len(y)) * 2, loss="squared_hinge", fit_intercept=False, tol=1e-12, max_iter=10**6)
    theirs = other.fit(risk.X, y).coef_[0]
    assert found.risk_optimum == pytest.approx(risk.value(theirs), rel=1e-10)
    assert found.risk_optimum <= risk.value(theirs) * (1 + 1e-15)


@pytest.mark.parametrize("name", ["huber", "logcosh"])
@pytest.mark.parametrize("unit", [1.0, 0.02, 100.0])
def test_targets_far_beyond_the_bend_of_a_robust_loss(make, name, unit) -> None:
    """Nearly the least absolute deviations: Newton from 0 would see no curvature at all."""
    X, y = load_diabetes(return_X_y=True)
    risk = make(name, standardised(X), y * unit)
    found = find_optimum(risk, np.zeros(risk.width))
    assert np.linalg.norm(risk.gradient(found.theta)) <= 1e-12
    assert certify(risk, found).omega <= 1e-18 * found.risk_optimum


@pytest.mark.parametrize("name", ["squared_hinge", "exponential"])
def test_separable_data(make, name) -> None:
    """Squared hinge attains 0 where every margin is 1; the exponential loss only tends to 0."""
    risk = make(name, [[-2.0], [-1.0], [1.0], [3.0]], [-1, -1, 1, 1])
    found = find_optimum(risk, np.zeros(2))
    assert found.risk_optimum == 0.0
    assert found.attained == (name == "squared_hinge")
    certificate = certify(risk, found)
    assert certificate.omega == 0.0
    gap = certificate.gap(np.array([0.5, 0.1]))
    assert gap.lower <= risk.value(np.array([0.5, 0.1])) <= gap.upper
    if found.attained:
        assert np.all(risk.y * (risk.X @ found.theta) >= 1.0)


def test_squared_hinge_is_proven_where_its_minimiser_is_not_unique(make) -> None:
    """One row on the wrong side: the rows with a slope do not span the columns."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(30, 6))
    y = np.sign(X[:, 0])
    X = np.vstack([X, [[-3.0, 0, 0, 0, 0, 0], [3.0, 0, 0, 0, 0, 0]]])
    risk = make("squared_hinge", X, [*y, 1.0, 1.0])
    found = find_optimum(risk, np.zeros(7))
    proven = certify(risk, found)
    assert proven.omega <= 1e-18
    assert found.risk_optimum == pytest.approx(
        minimize(risk.value, np.zeros(7), jac=risk.gradient, options={"gtol": 1e-11}).fun, rel=1e-9, abs=1e-18
    )


@pytest.mark.parametrize(
    ("y", "separated", "infimum"),
    [
        # An indicator whose rows count nothing: their loss exp(p) falls to 0, the others' mean is fitted.
        ([2.0, 4.0, 0.0, 0.0], [0, 0, 1, 1], 2 * (3 - 3 * np.log(3)) / 4),
        ([0.0, 0.0, 0.0, 0.0], [1, 1, 1, 1], 0.0),
        ([2.0, 4.0, 0.0, 1.0], [0, 0, 0, 0], (2 * (3 - 3 * np.log(3)) + 2 * (0.5 - 0.5 * np.log(0.5))) / 4),
    ],
)
def test_counts_of_zero_that_can_be_told_apart(make, y, separated, infimum) -> None:
    found = find_optimum(make("poisson", [[0.0], [0.0], [1.0], [1.0]], y), np.zeros(2))
    assert found.separated.astype(int).tolist() == separated
    assert found.attained == (not any(separated))
    assert found.risk_optimum == pytest.approx(infimum, rel=1e-12, abs=1e-300)


@pytest.mark.parametrize("size", [1.0, 1e3, 1e9])
def test_counts_of_any_size(make, size) -> None:
    rng = np.random.default_rng(1)
    X = rng.normal(size=(60, 2))
    y = np.round(size * np.exp(X @ [0.5, -1.0]) * rng.uniform(0.5, 2, size=60))
    risk = make("poisson", X, y)
    found = find_optimum(risk, np.zeros(3))
    assert certify(risk, found).omega <= 1e-14 * abs(found.risk_optimum)


@pytest.mark.parametrize("name", SMOOTH)
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


@pytest.mark.parametrize("name", SMOOTH)
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
