"""The sampler: independent, uniform, with replacement, held by the exact expectation of SGD's gap (THEORY 4)."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

from gdcli.data.sampling import draw
from gdcli.descent.options import Options
from gdcli.descent.plan import prepare
from gdcli.descent.run import Run
from gdcli.errors import UsageError

ETA, STEPS, SEEDS = "0.08", 12, 3000


def expected_gap(risk, theta_star: np.ndarray, eta: float, steps: int, batch: int) -> float:
    """E (R(theta_T) - R*) = tr(H E[delta delta^T])/2 for the squared loss, by the closed recursion on M and m.

    delta' = delta - eta (A_i delta - r_i x_i) with A_i = x_i x_i^T, r_i the residual at theta*; a batch averages
    independent draws, so its second moment is 1/b of the row's plus 1 - 1/b of the mean's square.
    """
    X, k = risk.X, risk.width
    r = risk.y - X @ theta_star
    H = X.T @ X / risk.rows
    delta = -theta_star
    m, M = delta.copy(), np.outer(delta, delta)
    for _ in range(steps):
        spread = np.zeros((k, k))
        for x, residual in zip(X, r, strict=True):
            # g g^T with g = x (x . delta) - residual x
            spread += np.outer(x, x) * (x @ M @ x - 2 * residual * (x @ m) + residual**2) / risk.rows
        second = spread / batch + (1 - 1 / batch) * H @ M @ H
        M = M - eta * (H @ M + M @ H) + eta**2 * second
        m = m - eta * H @ m
    return float(np.trace(H @ M) / 2)


def z_score(plan, batch: int, sampling: str) -> float:
    gaps = []
    for seed in range(SEEDS):
        theta = plan.theta0
        for rows in islice((rows for block in draw(sampling, plan.risk.rows, batch, seed) for rows in block), STEPS):
            theta = theta - float(ETA) * plan.risk.batch_gradient(theta, rows)
        d = theta - plan.certificate.optimum.theta
        gaps.append(0.5 * float(np.mean((plan.risk.X @ d) ** 2)))
    exact = expected_gap(plan.risk, plan.certificate.optimum.theta, float(ETA), STEPS, batch)
    return (np.mean(gaps) - exact) / (np.std(gaps, ddof=1) / SEEDS**0.5)


@pytest.fixture
def plan(problem):
    return prepare(problem(N=12, d=2), Options(method="sgd", eta=ETA, steps=STEPS))


@pytest.mark.parametrize("batch", [1, 3])
def test_uniform_draws_have_the_exact_expectation(plan, batch) -> None:
    assert abs(z_score(plan, batch, "uniform")) < 4.0


def test_draws_without_replacement_would_be_caught(plan) -> None:
    assert abs(z_score(plan, 1, "shuffle")) > 20.0


def test_the_run_takes_these_very_steps(problem) -> None:
    for seed in range(20):
        plan = prepare(problem(N=12, d=2), Options(method="sgd", eta=ETA, steps=STEPS, seed=seed))
        run, alone = Run(plan, lambda: 0.0), Run(replace(plan, engine=replace(plan.engine, loop=None)), lambda: 0.0)
        list(run)
        list(alone)
        theta = plan.theta0
        for rows in islice((rows for block in draw("uniform", 12, 1, seed) for rows in block), STEPS):
            theta = theta - float(ETA) * plan.risk.row_gradient(theta, int(rows[0]))
        assert np.array_equal(theta, alone.theta)
        # The loop adds up x . theta in another order.
        assert run.theta == pytest.approx(theta, rel=1e-14)


def flat(sampling: str, rows: int, batch: int, count: int, seed: int = 3) -> np.ndarray:
    return np.concatenate([block.ravel() for block in islice(draw(sampling, rows, batch, seed), count)])


@pytest.mark.parametrize("batch", [1, 4, 7])
def test_uniform_draws_are_uniform_and_independent(batch) -> None:
    rows = 7
    drawn = flat("uniform", rows, batch, 12)
    counts = np.bincount(drawn, minlength=rows)
    assert counts.shape == (rows,)
    # Chi-squared with 6 and 48 degrees of freedom; the limits are far beyond the 0.9999 quantiles.
    assert np.sum((counts - len(drawn) / rows) ** 2) / (len(drawn) / rows) < 30.0
    pairs = np.bincount(drawn[:-1] * rows + drawn[1:], minlength=rows**2)
    assert np.sum((pairs - len(drawn) / rows**2) ** 2) / (len(drawn) / rows**2) < 100.0


@pytest.mark.parametrize(("rows", "batch"), [(10, 1), (10, 2), (10, 3), (10, 10), (1, 1), (7, 5), (13, 4)])
def test_shuffle_takes_every_row_once_an_epoch(rows, batch) -> None:
    drawn = flat("shuffle", rows, batch, 40)
    epochs = len(drawn) // rows
    assert epochs >= 20
    for epoch in range(epochs):
        assert sorted(drawn[epoch * rows : (epoch + 1) * rows].tolist()) == list(range(rows))


@pytest.mark.parametrize("sampling", ["uniform", "shuffle"])
@pytest.mark.parametrize("batch", [1, 3])
def test_a_seed_fixes_the_draws(sampling, batch) -> None:
    first, again = flat(sampling, 50, batch, 3), flat(sampling, 50, batch, 3)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, flat(sampling, 50, batch, 3, seed=4))
    block = next(draw(sampling, 50, batch, 0))
    assert block.shape[1] == batch
    assert block.dtype == np.intp


@pytest.mark.parametrize(("rows", "batch"), [(10, 1), (10, 3), (1, 1), (5000, 1), (5000, 4999), (7, 5)])
def test_order_takes_the_rows_as_they_stand(rows, batch) -> None:
    drawn = flat("order", rows, batch, 4)
    assert np.array_equal(drawn, np.resize(np.arange(rows), len(drawn)))


def test_an_unknown_sampling_is_named() -> None:
    with pytest.raises(UsageError, match="unknown sampling 'sobol'") as caught:
        draw("sobol", 5, 1, 0)
    assert caught.value.hint == "the samplings are uniform, shuffle, order"
