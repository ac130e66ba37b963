"""The softmax risk and its constants against 50-digit sums."""

from __future__ import annotations

import numpy as np
import pytest

from gdcli.risk.constants import smoothness
from gdcli.risk.models.softmax import SoftmaxRisk
from tests.oracles.softmax import Truth, risk, sample

THETAS = [0.0, 1.0, 20.0]


@pytest.fixture(params=[(2, 0.0), (3, 0.1), (5, 0.0)], ids=lambda case: f"K={case[0]}-l2={case[1]:g}")
def problem(request: pytest.FixtureRequest) -> SoftmaxRisk:
    classes, l2 = request.param
    return risk(*sample("plain", classes, 12, 2), classes, l2)


@pytest.mark.parametrize("size", THETAS)
def test_value_gradient_and_curvature(problem: SoftmaxRisk, size: float) -> None:
    theta = size * np.random.default_rng(1).normal(size=problem.width)
    exact = Truth.of(problem)
    gradient, curvature = exact.derivatives(theta.tolist())
    table = np.array(curvature.tolist(), dtype=float)
    value, both = problem.value_and_gradient(theta)
    assert problem.value(theta) == value == pytest.approx(float(exact.value(theta.tolist())), rel=1e-14)
    assert both == pytest.approx(np.array(gradient.tolist(), dtype=float).ravel(), rel=1e-12, abs=1e-15)
    assert np.array_equal(problem.gradient(theta), both)
    assert problem.curvature(theta) == pytest.approx(table, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("size", THETAS)
def test_rows_batches_and_noise_add_up(problem: SoftmaxRisk, size: float) -> None:
    theta = size * np.random.default_rng(2).normal(size=problem.width)
    each = np.array([problem.row_gradient(theta, i) for i in range(problem.rows)])
    assert each.mean(axis=0) == pytest.approx(problem.gradient(theta), rel=1e-12, abs=1e-15)
    rows = np.array([3, 3, 7, 0])
    assert problem.batch_gradient(theta, rows) == pytest.approx(each[rows].mean(axis=0), rel=1e-12, abs=1e-15)
    assert problem.gradient_noise(theta) == pytest.approx(np.mean(np.sum(each**2, axis=1)), rel=1e-12)


def test_a_row_forgets_the_classes_that_are_not_active() -> None:
    X, y = sample("plain", 3, 9, 2)
    whole = risk(X, y, 3)
    active = np.random.default_rng(0).uniform(size=(3, 9)) < 0.6
    active[y, np.arange(9)] = True
    part = SoftmaxRisk(whole.X, whole.y, 3, whole.penalty, active)
    theta = np.random.default_rng(1).normal(size=part.width)
    each = np.array([part.row_gradient(theta, i) for i in range(9)])
    assert each.mean(axis=0) == pytest.approx(part.gradient(theta), rel=1e-12, abs=1e-15)
    assert part.batch_gradient(theta, np.arange(9)) == pytest.approx(part.gradient(theta), rel=1e-12, abs=1e-15)
    step = 1e-6 * np.random.default_rng(2).normal(size=part.width)
    slope = (part.value(theta + step) - part.value(theta - step)) / 2
    assert slope == pytest.approx(part.gradient(theta) @ step, rel=1e-7)
    bend = part.gradient(theta + step) - part.gradient(theta - step)
    assert bend / 2 == pytest.approx(part.curvature(theta) @ step, rel=1e-5, abs=1e-12)


def test_one_vector_added_to_all_classes_changes_nothing(problem: SoftmaxRisk) -> None:
    theta, shift = np.random.default_rng(4).normal(size=(2, problem.width))
    common = np.tile(shift[: problem.X.shape[1]], problem.classes)
    free = SoftmaxRisk(problem.X, problem.y, problem.classes, 0.0 * problem.penalty)
    assert free.value(theta + common) == pytest.approx(free.value(theta), rel=1e-14)
    assert free.curvature(theta) @ common == pytest.approx(np.zeros(problem.width), abs=1e-14)


def test_tilting_adds_a_penalty_on_everything(problem: SoftmaxRisk) -> None:
    theta = np.random.default_rng(5).normal(size=problem.width)
    assert problem.tilted(0.3).value(theta) == pytest.approx(problem.value(theta) + 0.15 * theta @ theta, rel=1e-14)


def test_a_penalty_that_tells_classes_apart_is_refused() -> None:
    with pytest.raises(ValueError, match="the penalty must be the same for every class"):
        SoftmaxRisk(np.ones((2, 1)), np.array([0, 1]), 2, np.array([0.0, 1.0]))


@pytest.mark.parametrize("classes", [2, 3, 5, 20])
@pytest.mark.parametrize("l2", [0.0, 0.2])
def test_the_constants_bound_the_curvature_and_are_met(classes: int, l2: float) -> None:
    problem = risk(*sample("plain", classes, 40, 3), classes, l2, penalise_intercept=True)
    found = smoothness(problem, np.zeros(problem.width))
    rng = np.random.default_rng(0)
    for size in (0.0, 0.5, 3.0, 30.0):
        theta = size * rng.normal(size=problem.width)
        spectrum = np.linalg.eigvalsh(problem.curvature(theta))
        assert found.mu - 1e-14 <= spectrum[0]
        assert spectrum[-1] <= found.L <= found.L_max
    # With two classes the bound is met at 0, where every row has s = (1/2, 1/2).
    if classes == 2:
        assert np.linalg.eigvalsh(problem.curvature(0.0 * theta))[-1] == pytest.approx(found.L, rel=1e-9)
    longest = np.argmax(np.linalg.norm(problem.X, axis=1))
    two = np.array([0.5, 0.5, *[0.0] * (classes - 2)])
    block = np.kron(np.diag(two) - np.outer(two, two), np.outer(problem.X[longest], problem.X[longest]))
    assert np.linalg.eigvalsh(block)[-1] + l2 == pytest.approx(found.L_max, rel=1e-9)
    assert found.mu == l2
    assert not found.local


def test_the_loss_says_what_is_proven_of_it() -> None:
    loss = risk([[1.0], [2.0]], [0, 1], 2).loss
    assert (loss.name, loss.target, loss.convex, loss.smooth) == ("softmax", "classes", True, True)
    assert (loss.curvature, loss.concordance) == (0.5, 1.0)
    assert loss.lipschitz == pytest.approx(2**0.5)
