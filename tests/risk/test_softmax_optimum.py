"""R* of the softmax loss against scikit-learn, statsmodels, linear programs and closed forms."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from sklearn.datasets import load_iris, load_wine
from sklearn.linear_model import LogisticRegression

from gdcli.data import problems
from gdcli.risk.losses import LOSSES, compile_loss
from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.models.softmax import SoftmaxRisk
from gdcli.risk.optimum.smooth import find_optimum
from gdcli.risk.optimum.softmax import SoftmaxOptimum, find_softmax_optimum
from gdcli.risk.truth import establish
from tests.oracles.softmax import Truth, risk, sample, separable_pairs


def find(problem: SoftmaxRisk) -> SoftmaxOptimum:
    return find_softmax_optimum(problem, np.zeros(problem.width))


def standardised(X: np.ndarray) -> np.ndarray:
    return (X - X.mean(axis=0)) / X.std(axis=0)


def drawn(classes: int, N: int, d: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Labels drawn from a softmax model, far from separable."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(N, d))
    scores = X @ rng.normal(size=(d, classes)) / 2.0 + rng.gumbel(size=(N, classes))
    return X, scores.argmax(axis=1)


@pytest.mark.parametrize(("classes", "l2"), [(2, 0.0), (3, 0.0), (5, 0.0), (3, 0.01), (5, 0.3), (20, 0.05)])
@pytest.mark.parametrize("solver", ["newton-cg", "lbfgs"])
def test_scikit_learn_is_no_lower_and_close(classes: int, l2: float, solver: str) -> None:
    X, y = drawn(classes, 400, 4)
    problem = risk(X, y, classes, l2)
    C = 1.0 / (len(X) * l2) if l2 else np.inf
    fit = LogisticRegression(C=C, solver=solver, tol=1e-12, max_iter=10_000).fit(X, y)
    theta = np.column_stack([fit.coef_, fit.intercept_])
    if classes == 2:
        theta = np.vstack([-theta, theta]) / 2.0
    found = establish(problem, np.zeros(problem.width))
    assert found.optimum.attained
    assert found.omega < 1e-20
    value = problem.value(theta.ravel())
    assert found.optimum.risk_optimum <= value * (1 + 1e-15)
    assert value == pytest.approx(found.optimum.risk_optimum, rel=1e-10)
    assert found.optimum.theta.reshape(classes, -1)[:, :-1] == pytest.approx(theta[:, :-1], abs=1e-4)


@pytest.mark.parametrize("classes", [3, 5])
def test_statsmodels_agrees(classes: int) -> None:
    X, y = drawn(classes, 300, 3, seed=2)
    found = find(risk(X, y, classes))
    fit = sm.MNLogit(y, np.column_stack([X, np.ones(len(X))])).fit(method="newton", disp=0, tol=1e-14, maxiter=100)
    assert found.risk_optimum == pytest.approx(-fit.llf / len(X), rel=1e-13)
    theta = found.theta.reshape(classes, -1)
    assert theta[1:] - theta[0] == pytest.approx(np.asarray(fit.params).T, rel=1e-9, abs=1e-11)


@pytest.mark.parametrize("kind", ["plain", "scales", "correlated", "offset", "outlier"])
@pytest.mark.parametrize("l2", [0.0, 0.01])
def test_the_minimum_at_50_digits(kind: str, l2: float) -> None:
    problem = risk(*sample(kind, 3, 30, 3), 3, l2)
    found = find(problem)
    exact = Truth.of(problem)
    assert found.risk_optimum == pytest.approx(float(exact.value(exact.minimise(found.theta))), rel=1e-14)


@pytest.mark.parametrize("l2", [0.0, 0.1])
@pytest.mark.parametrize("penalise_intercept", [False, True])
@pytest.mark.parametrize("repeated", [False, True])
def test_the_minimiser_nearest_theta0_is_taken(l2: float, penalise_intercept: bool, repeated: bool) -> None:
    X, y = sample("plain", 3, 30, 2)
    X = np.column_stack([X, X[:, 0] + 2.0 * X[:, 1]]) if repeated else X
    problem = risk(X, y, 3, l2, penalise_intercept=penalise_intercept)
    theta0 = np.random.default_rng(0).normal(size=problem.width)
    found, other = find_softmax_optimum(problem, theta0), find(problem)
    assert found.risk_optimum == pytest.approx(other.risk_optimum, rel=1e-14)
    assert problem.gradient(found.theta) == pytest.approx(np.zeros(problem.width), abs=1e-14)
    # Directions in which R does not change at all: theta - theta0 has no part in them.
    curvature = problem.curvature(found.theta)
    values, vectors = np.linalg.eigh(curvature)
    flat = vectors[:, values < 1e-12]
    assert flat.shape[1] == problem.width - found.rank
    assert flat.T @ (found.theta - theta0) == pytest.approx(np.zeros(flat.shape[1]), abs=1e-12)


def test_versicolor_and_virginica_are_what_three_irises_come_down_to() -> None:
    X, y = load_iris(return_X_y=True)
    found = find(risk(standardised(X), y, 3))
    assert not found.attained
    assert found.separated.tolist() == (y == 0).tolist()
    assert found.risk_optimum == pytest.approx(problems.card("iris").risk_optimum * 100 / 150, rel=1e-12)
    assert found.reason == (
        "quasi-separable: 50 of 150 rows can be told apart from every other class, 100 more from some"
    )


def test_three_wines_are_separable() -> None:
    X, y = load_wine(return_X_y=True)
    found = find(risk(standardised(X), y, 3))
    assert (found.risk_optimum, found.attained, found.separated.all()) == (0.0, False, True)
    assert found.reason.startswith("separable: linear scores tell the class of all 178 rows")
    penalised = find(risk(standardised(X), y, 3, l2=0.005))
    assert penalised.attained
    assert penalised.risk_optimum > 0.01


@pytest.mark.parametrize("seed", range(40))
def test_pairs_against_linear_programs(seed: int) -> None:
    """Small integers, so that ties and exact overlaps are common and nothing hangs on rounding."""
    rng = np.random.default_rng(seed)
    classes, N, d = int(rng.integers(2, 5)), int(rng.integers(4, 12)), int(rng.integers(1, 3))
    X = rng.integers(-2, 3, size=(N, d)).astype(float)
    y = rng.integers(classes, size=N)
    if seed % 3:
        y = (X @ rng.normal(size=(d, classes)) + (seed % 3 - 1) * rng.normal(size=(N, classes))).argmax(axis=1)
    problem = risk(X, y, classes)
    found = find(problem)
    expected = separable_pairs(problem.X, y, classes)
    others = np.arange(classes)[:, None] != y
    if found.space is None:
        assert (expected == others).all()
    else:
        active = np.ones_like(others) if found.space.risk.active is None else found.space.risk.active
        assert (~active == expected).all()
    assert found.separated.tolist() == (expected == others).all(axis=0).tolist()
    assert found.attained == (not expected.any())


def test_rows_of_zeros_through_the_origin_hold_nothing_still() -> None:
    """Their losses are log K whatever theta is; every other pair is separated."""
    X = [[0.0, 0.0], [3.0, 1.0], [-1.0, 2.0], [0.0, -2.0], [1.0 / 3.0, 0.2], [0.0, 0.0]]
    found = find(risk(X, [0, 0, 1, 2, 0, 1], 3, intercept=False))
    assert found.separated.tolist() == [False, True, True, True, True, False]
    assert found.risk_optimum == pytest.approx(np.log(3) / 3, rel=1e-15)


@pytest.mark.parametrize("l2", [0.0, 0.05])
def test_a_class_without_rows_is_left_behind(l2: float) -> None:
    X, y = sample("plain", 3, 30, 2)
    problem, whole = risk(X, np.where(y == 2, 3, y), 4, l2), risk(X, y, 3, l2)
    found, other = find(problem), find(whole)
    # An intercept without a penalty takes the empty class out of every row.
    assert not found.attained
    assert not found.separated.any()
    assert found.reason == "quasi-separable: 30 of 30 rows can be told apart from some of the other classes"
    assert found.risk_optimum == pytest.approx(other.risk_optimum, rel=1e-13)
    assert find(risk(X, np.where(y == 2, 3, y), 4, 0.05, penalise_intercept=True)).attained


@pytest.mark.parametrize("unit", [1e-12, 1.0, 1e12])
@pytest.mark.parametrize("overlap", [1e-3, 1e-6, 1e-9, 1e-11])
def test_barely_overlapping_classes_are_never_called_separable(overlap: float, unit: float) -> None:
    """Classes 0 and 1 overlap a little at 0, 1 and 2 at 10: neither part is ever told apart."""
    at = [-2.0, -1.0, overlap, -overlap, 1.0, 5.0, 9.0, 10.0 + overlap, 10.0 - overlap, 11.0, 12.0]
    y = [0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2]
    found = find(risk(np.array(at)[:, None] * unit, y, 3))
    assert not found.separated[[2, 3, 7, 8]].any()
    assert found.risk_optimum == pytest.approx(4 * np.log(2) / 11, rel=0.02)


@pytest.mark.parametrize("gap", [1e-3, 1e-6, 1e-9])
def test_a_narrow_gap_is_found(gap: float) -> None:
    X = np.array([[-2.0], [-gap], [gap], [1.0], [2.0 - gap], [2.0 + gap], [3.0]])
    found = find(risk(X, [0, 0, 1, 1, 1, 2, 2], 3))
    assert found.separated.all()


def test_two_classes_are_separated_as_the_logistic_loss_has_it() -> None:
    X = [[-2.0], [-1.0], [1.0], [2.0], [0.0], [0.0], [0.0]]
    y = np.array([0, 0, 1, 1, 0, 1, 1])
    problem = risk(X, y, 2)
    logistic = LinearRisk(problem.X, 2.0 * y - 1.0, compile_loss(LOSSES["logistic"]), problem.ridge)
    found, other = find(problem), find_optimum(logistic, np.zeros(2))
    assert found.separated.tolist() == other.separated.tolist()
    assert found.risk_optimum == pytest.approx(other.risk_optimum, rel=1e-14)


def test_duplicates_weigh_as_often_as_they_stand_there() -> None:
    X, y = sample("plain", 3, 30, 2)
    once, thrice = find(risk(X, y, 3)), find(risk(np.tile(X, (3, 1)), np.tile(y, 3), 3))
    assert thrice.risk_optimum == pytest.approx(once.risk_optimum, rel=1e-14)
    assert thrice.theta == pytest.approx(once.theta, rel=1e-9)


def test_constant_columns_lower_the_rank_only() -> None:
    X, y = sample("plain", 3, 30, 2)
    wide = np.column_stack([X, np.full(30, 7.0), np.zeros(30)])
    found, other = find(risk(wide, y, 3)), find(risk(X, y, 3))
    assert (found.rank, other.rank) == (6, 6)
    assert found.risk_optimum == pytest.approx(other.risk_optimum, rel=1e-14)
    assert found.theta.reshape(3, -1)[:, 3] == pytest.approx(np.zeros(3), abs=0.0)


@pytest.mark.parametrize("unit", [1e-60, 1e-8, 1e8, 1e60])
def test_units_do_not_matter(unit: float) -> None:
    X, y = sample("plain", 3, 30, 2)
    found = establish(risk(X * [unit, 1.0], y, 3), np.zeros(9))
    assert found.optimum.risk_optimum == pytest.approx(find(risk(X, y, 3)).risk_optimum, rel=1e-13)
    assert found.omega < 1e-25


def test_fewer_rows_than_columns_are_separable_and_a_penalty_helps() -> None:
    X, y = sample("plain", 3, 6, 12)
    assert find(risk(X, y, 3)).separated.all()
    problem = risk(X, y, 3, l2=0.1)
    found = establish(problem, np.zeros(problem.width))
    exact = Truth.of(problem)
    assert found.optimum.attained
    least = exact.value(exact.minimise(found.optimum.theta))
    assert found.optimum.risk_optimum == pytest.approx(float(least), rel=1e-14)


def test_twenty_classes() -> None:
    problem = risk(*drawn(20, 2000, 3), 20)
    found = establish(problem, np.zeros(problem.width))
    assert found.optimum.attained
    assert found.omega < 1e-20
    assert np.abs(problem.gradient(found.optimum.theta)).max() < 1e-15
