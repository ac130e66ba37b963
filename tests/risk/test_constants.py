from __future__ import annotations

from dataclasses import replace

import mpmath
import numpy as np
import pytest

from gdcli.risk.constants import certify_above, condition_number, smoothness, squared_condition
from gdcli.risk.losses import LOSSES, compile_formula
from gdcli.risk.models.linear import LinearRisk

KINDS = ["plain", "scales", "correlated", "offset", "outlier"]


def spectrum(risk) -> list[mpmath.mpf]:
    """The eigenvalues of c X^T X / N + diag(penalty) at 60 digits, ascending."""
    with mpmath.workdps(60):
        X = mpmath.matrix(risk.X.tolist())
        gram = X.T * X * mpmath.mpf(risk.kernel.loss.curvature) / risk.rows
        for j, value in enumerate(risk.penalty.tolist()):
            gram[j, j] += mpmath.mpf(value)
        return sorted(mpmath.eigsy(gram, eigvals_only=True))


@pytest.mark.parametrize("name", [name for name, loss in LOSSES.items() if loss.curvature < np.inf])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("l2", [0.0, 1e-9, 0.3, 1e6])
@pytest.mark.parametrize("intercept", [True, False])
def test_the_constants_against_60_digits(make, data, name, kind, l2, intercept) -> None:
    risk = make(name, *data(name, kind, d=2), l2=l2, intercept=intercept)
    found = smoothness(risk, np.zeros(risk.width))
    true = spectrum(risk)
    assert true[-1] <= found.L
    assert true[-1] * (1 + mpmath.mpf(10) ** -9) >= found.L
    least = true[0] if name == "squared" else mpmath.mpf(float(risk.penalty.min()))
    assert 0.0 <= found.mu <= least * (1 + mpmath.mpf(2) ** -50)
    rows = [mpmath.fdot(row, row) for row in risk.X.tolist()]
    worst = LOSSES[name].curvature * max(rows) + float(risk.penalty.max())
    assert found.L_max >= worst
    assert found.L_max <= worst * (1 + 1e-11)
    if name == "squared" and kind == "plain" and l2 < 1.0:
        assert found.mu == pytest.approx(float(true[0]), rel=1e-12)


@pytest.mark.parametrize("name", [name for name, loss in LOSSES.items() if loss.growth is not None])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("l2", [0.0, 0.3])
def test_L_on_the_level_set_of_the_start(make, data, name, kind, l2) -> None:
    risk = make(name, *data(name, kind), l2=l2)
    rng = np.random.default_rng(2)
    inside = 0
    for start in (np.zeros(risk.width), 0.1 * rng.normal(size=risk.width) / np.abs(risk.X).max(axis=0)):
        found = smoothness(risk, start)
        assert found.local
        for _ in range(200):
            theta = rng.normal(size=risk.width) * 10.0 ** rng.uniform(-3, 2) / np.abs(risk.X).max(axis=0)
            if risk.value(theta) <= risk.value(start):
                inside += 1
                assert np.linalg.eigvalsh(risk.curvature(theta))[-1] <= found.L
    assert inside > 5


@pytest.mark.parametrize("seed", range(40))
def test_mu_is_never_above_the_truth_on_nearly_dependent_columns(make, seed) -> None:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(30, 3)) + 10.0 ** rng.uniform(0, 5)
    X[:, 2] = X[:, :2] @ rng.normal(size=2) + 10.0 ** rng.uniform(-12, -2) * rng.normal(size=30)
    risk = make("squared", X, rng.normal(size=30))
    found, true = smoothness(risk, np.zeros(risk.width)), spectrum(risk)
    assert found.mu <= true[0]
    assert true[-1] <= found.L


def random_matrix(seed: int) -> np.ndarray:
    """Gram matrices of every kind: plain, of rank 1, of low rank, ill-conditioned to 1e16, of badly scaled columns."""
    rng = np.random.default_rng(seed)
    k = int(rng.integers(1, 7))
    A = rng.normal(size=(k, k)) * 10.0 ** rng.uniform(-30, 30)
    if seed % 5 == 1:
        return np.ones((k, k)) * A[0, 0] ** 2
    if seed % 5 == 2:
        A = A[:, : max(1, k - 2)]
    elif seed % 5 == 3:
        Q = np.linalg.qr(A)[0]
        return (Q * 10.0 ** rng.uniform(-16, 0, k)) @ Q.T
    elif seed % 5 == 4:
        A = (A.T * 10.0 ** rng.uniform(-8, 8, k)).T
    return A @ A.T


@pytest.mark.parametrize("seed", range(300))
def test_certify_above_is_above(seed) -> None:
    """lambda_max of the very doubles, from the lower triangle as the factorisation reads it, at 60 digits."""
    A = random_matrix(seed)
    A = np.tril(A) + np.tril(A, -1).T
    with mpmath.workdps(60):
        top = max(mpmath.eigsy(mpmath.matrix(A.tolist()), eigvals_only=True))
    tau = certify_above(A, float(np.linalg.eigvalsh(A)[-1]))
    assert top <= tau <= top * (1 + mpmath.mpf(10) ** -9)


def test_an_estimate_that_is_too_low_is_raised() -> None:
    A = np.diag([1.0, 2.0])
    assert certify_above(A, 1.0) >= 2.0


def test_condition_number() -> None:
    assert condition_number(np.diag([4.0, 2.0, 0.5])) == pytest.approx(8.0, rel=1e-15)
    assert condition_number(np.array([[1.0, 0.0]] * 3)) == np.inf


LIPSCHITZ = [name for name, loss in LOSSES.items() if loss.lipschitz < np.inf]


@pytest.mark.parametrize("name", LIPSCHITZ)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("intercept", [True, False])
def test_no_row_is_steeper_than_G(make, data, name, kind, intercept) -> None:
    risk = make(name, *data(name, kind), intercept=intercept)
    G = smoothness(risk, np.zeros(risk.width)).G
    rng = np.random.default_rng(0)
    steepest = 0.0
    for size in (0.0, 1e-3, 1.0, 1e3, 1e9):
        theta = size * rng.normal(size=risk.width) / np.abs(risk.X).max(axis=0)
        steepest = max([steepest, *(np.linalg.norm(risk.row_gradient(theta, i)) for i in range(risk.rows))])
    assert steepest <= G
    assert pytest.approx(LOSSES[name].lipschitz * max(np.linalg.norm(risk.X, axis=1)), rel=1e-9) == G


@pytest.mark.parametrize("name", LIPSCHITZ)
@pytest.mark.parametrize("l2", [0.01, 1.0, 50.0])
@pytest.mark.parametrize("free", [True, False])
@pytest.mark.parametrize("h", [0.01, 0.3, 1.0])
def test_with_a_penalty_no_row_that_a_descent_meets_is_steeper_than_G(make, data, name, l2, free, h) -> None:
    risk = make(name, *data(name, "outlier"), l2=l2, free=free)
    G = smoothness(risk, np.zeros(risk.width)).G
    rng = np.random.default_rng(1)
    theta = np.zeros(risk.width)
    for _ in range(300):
        rows = [risk.row_gradient(theta, i) for i in range(risk.rows)]
        assert max(np.linalg.norm(row) for row in rows) <= G
        theta = theta - h / l2 * rows[int(rng.integers(risk.rows))]


@pytest.mark.parametrize("name", LIPSCHITZ)
def test_a_start_too_far_out_has_no_G_under_a_penalty(make, data, name) -> None:
    risk = make(name, *data(name, "plain"), l2=1.0)
    assert np.isinf(smoothness(risk, np.full(risk.width, 1e3)).G)
    uneven = replace(risk, penalty=np.array([1.0, 2.0, 1.0, 0.0]))
    assert np.isinf(smoothness(uneven, np.zeros(risk.width)).G)


@pytest.mark.parametrize("name", LOSSES)
def test_which_losses_are_never_negative(make, data, name) -> None:
    """The log-likelihood of counts, exp(p) - y p, is the one that may be."""
    risk = make(name, *data(name, "plain"))
    assert smoothness(risk, np.zeros(risk.width)).nonnegative == (name != "poisson")


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("(p - y)^4", True),
        ("|p - y| + (p - y)", True),
        ("(p - y)^2 - 1", False),
        ("p", False),
        ("max(p - y, -2*(p - y))", True),
        ("exp(p) - p - 1", False),
    ],
)
def test_a_formula_is_called_never_negative_only_where_that_is_proven(formula, expected) -> None:
    """The last one is never negative; its least value is not at p = y, and no range shows it."""
    y = np.array([0.5, 1.0, -2.0])
    risk = LinearRisk(np.ones((3, 1)), y, compile_formula(formula, "real", y), np.zeros(1))
    assert smoothness(risk, np.zeros(1)).nonnegative == expected


def test_the_condition_of_columns_whose_length_is_no_double() -> None:
    X = np.array([[1.7e308, 0.0], [1.7e308, 1e308], [0.0, 1e308]])
    assert squared_condition(X) == pytest.approx(squared_condition(X / 1e308), rel=1e-12)
    assert squared_condition(X, ones=True) == np.inf
