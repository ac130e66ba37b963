from __future__ import annotations

import mpmath
import numpy as np
import pytest

from gdcli.risk.constants import certify_above, condition_number, smoothness
from gdcli.risk.losses import LOSSES

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


@pytest.mark.parametrize("seed", range(60))
def test_certify_above_is_above(seed) -> None:
    rng = np.random.default_rng(seed)
    k = int(rng.integers(1, 7))
    A = rng.normal(size=(k, k)) * 10.0 ** rng.uniform(-30, 30)
    A = A @ A.T if seed % 2 else np.ones((k, k)) * A[0, 0] ** 2
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
