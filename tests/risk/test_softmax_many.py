"""Softmax of many directions or rows: conjugate gradients and warm starts end where the Hessian itself leads."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from gdcli.risk.models.softmax import SoftmaxRisk
from gdcli.risk.optimum.newton import minimise
from gdcli.risk.optimum.softmax import find_softmax_optimum
from gdcli.risk.optimum.softmax_space import contrasts
from gdcli.risk.optimum.truncated import MOST_STEPS, approach
from gdcli.risk.truth import establish
from tests.oracles.softmax import risk

KINDS = ["plain", "scales", "rare", "outlier", "dependent"]


def drawn(kind: str, classes: int, N: int, d: int, l2: float = 0.0) -> SoftmaxRisk:
    """Labels drawn from a softmax model: columns of any scale, a class of a few rows, a far row, a column twice."""
    rng = np.random.default_rng(3)
    X = rng.normal(size=(N, d))
    scores = X @ rng.normal(size=(d, classes)) / d + rng.gumbel(size=(N, classes))
    scores[:, 0] -= 3.0 * (kind == "rare")
    X[0] *= 1e4 if kind == "outlier" else 1.0
    X = X * 10.0 ** np.linspace(-6, 6, d) if kind == "scales" else X
    X = np.column_stack([X, X[:, 0]]) if kind == "dependent" else X
    return risk(X, scores.argmax(axis=1), classes, l2)


def never(*_: object) -> bool:
    return False


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("l2", [0.0, 1e-3])
def test_conjugate_gradients_end_where_the_hessian_leads(kind: str, l2: float) -> None:
    problem = drawn(kind, 6, 1500, 11, l2)
    space = contrasts(problem, np.zeros(problem.width))
    found, settled = approach(space, never)
    assert settled == (kind != "outlier")
    exact = minimise(replace(space, start=found.u), never)
    if settled:
        assert problem.value(space.theta(exact.u)) == pytest.approx(problem.value(space.theta(found.u)), rel=1e-14)
    certificate = establish(problem, np.zeros(problem.width))
    # Beside a penalty the rounding of columns of 1e6 weighs on what those of 1e-6 can prove.
    assert certificate.omega < (1e-12 if kind == "scales" and l2 else 1e-18)
    assert certificate.optimum.risk_optimum <= problem.value(space.theta(exact.u)) * (1 + 1e-15)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("l2", [0.0, 0.1])
def test_products_are_those_of_the_hessian(kind: str, l2: float) -> None:
    problem = drawn(kind, 4, 300, 4, l2)
    space = contrasts(problem, np.zeros(problem.width))
    rng = np.random.default_rng(0)
    u, v, w = rng.normal(size=(3, len(space.start)))
    H = space.hessian(u)
    assert space.curving(u)(v) == pytest.approx(H @ v, rel=1e-10, abs=1e-13 * np.abs(H).max())
    condition = space.conditioning(u)
    assert v @ condition(w) == pytest.approx(w @ condition(v), rel=1e-10)
    assert v @ condition(v) > 0.0
    assert space.gradient(u) == pytest.approx(space.basis().T @ problem.gradient(space.theta(u)), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("l2", [0.0, 0.01])
def test_a_theta_has_its_coordinates(l2: float) -> None:
    problem = drawn("plain", 5, 200, 3, l2)
    theta0 = np.random.default_rng(2).normal(size=problem.width)
    space = contrasts(problem, theta0)
    u = np.random.default_rng(1).normal(size=len(space.start))
    assert space.coordinates(space.theta(u)) == pytest.approx(u, rel=1e-10, abs=1e-12)
    assert problem.value(space.theta(space.start)) <= np.log(5) * (1 + 1e-14) or l2 > 0.0


def test_where_nothing_is_attained_conjugate_gradients_say_so() -> None:
    """Class 0 alone where the first column is 1: its rows' losses fall for ever."""
    problem = drawn("plain", 6, 1500, 11)
    X = problem.X.copy()
    X[:, 0] = problem.y == 0
    space = contrasts(replace(problem, X=X), np.zeros(problem.width))
    result, settled = approach(space, never)
    assert (settled, result.stopped) == (False, False)
    assert result.steps <= MOST_STEPS
    found = find_softmax_optimum(space.risk, np.zeros(problem.width))
    assert found.separated.tolist() == (problem.y == 0).tolist()
    rest = risk(X[problem.y > 0, 1:-1], problem.y[problem.y > 0] - 1, 5)
    expected = find_softmax_optimum(rest, np.zeros(rest.width)).risk_optimum * rest.rows / problem.rows
    assert found.risk_optimum == pytest.approx(expected, rel=1e-12)


def test_many_rows_begin_where_some_of_them_end() -> None:
    problem = drawn("plain", 3, 40_000, 4)
    found = establish(problem, np.zeros(problem.width))
    cold = contrasts(problem, np.zeros(problem.width))
    result = minimise(cold, never)
    assert found.optimum.risk_optimum == pytest.approx(problem.value(cold.theta(result.u)), rel=1e-14)
    assert found.optimum.theta == pytest.approx(cold.theta(result.u), rel=1e-7, abs=1e-9)
    assert found.omega < 1e-20
    assert int(found.optimum.method.split()[2]) < result.steps


@pytest.mark.parametrize("classes", [8, 20])
def test_scikit_learn_is_no_lower(classes: int) -> None:
    problem = drawn("plain", classes, 3000, 12, 0.01)
    fit = LogisticRegression(C=1 / (3000 * 0.01), solver="newton-cg", tol=1e-10).fit(problem.X[:, :-1], problem.y)
    value = problem.value(np.column_stack([fit.coef_, fit.intercept_]).ravel())
    found = establish(problem, np.zeros(problem.width))
    assert found.optimum.risk_optimum <= value * (1 + 1e-15)
    assert value == pytest.approx(found.optimum.risk_optimum, rel=1e-12)
