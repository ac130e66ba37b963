"""The constant of the averaging weights: near sums where there are many steps, and a bound that holds all the same."""

from __future__ import annotations

import math
from dataclasses import replace

import mpmath as mp
import numpy as np
import pytest

from gdcli.descent.averaging import EACH, SOME, planned, weighting
from gdcli.descent.method import find
from gdcli.descent.options import Options
from gdcli.descent.plan import prepare
from gdcli.descent.run import Run
from gdcli.descent.schedules import Schedule, schedule
from gdcli.errors import UsageError
from gdcli.risk.bounds.promise import StepSizes
from gdcli.risk.bounds.stochastic import averaging_constant
from gdcli.risk.constants import Smoothness

MANY = 2_000_000_000
LARGE = (EACH + 1, EACH + 2, 3 * EACH, MANY, 10**15)
CONSTANTS = Smoothness(4.0, 9.0, 0.0)


def sizes(formula: str, T: int, N: float = 10.0) -> Schedule:
    values = {"L": 4.0, "L_max": 9.0, "mu": 0.0, "N": N, "T": float(T), "eta0": 0.05, "D": 3.0, "G": 5.0}
    return schedule(formula, 1, values)


def counted(of: Schedule) -> tuple[Schedule, list[int]]:
    calls: list[int] = []

    def function(t: np.ndarray, *others: object) -> object:
        calls.append(len(t))
        return of.function(t, *others)

    return replace(of, function=function), calls


def powers(T: int, N: float) -> tuple[float, float]:
    """sum 0.05/sqrt(1 + t/N) and sum of the squares, t < T, by Hurwitz' zeta and the digamma function."""
    total = mp.mpf(0.05) * mp.sqrt(N) * (mp.zeta(0.5, N) - mp.zeta(0.5, N + T))
    return float(total), float(mp.mpf(0.05) ** 2 * N * (mp.digamma(N + T) - mp.digamma(N)))


def inverse(T: int, N: float) -> tuple[float, float]:
    """The same for 0.05/(1 + t)."""
    return float(0.05 * (mp.digamma(1 + T) + mp.euler)), float(mp.mpf(0.05) ** 2 * (mp.zeta(2) - mp.zeta(2, 1 + T)))


def constant(T: int, N: float) -> tuple[float, float]:
    return 0.05 * T, 0.05**2 * T


def cosine(T: int, N: float) -> tuple[float, float]:
    """sum_{t < T} cos(pi t/T) = 1, of the squares T/2."""
    return 0.025 * (T + 1), 0.025**2 * (1.5 * T + 2)


@pytest.mark.parametrize(
    ("formula", "truth", "T"),
    [
        *(("eta0/sqrt(1 + t/N)", powers, T) for T in LARGE),
        *(("inverse", inverse, T) for T in LARGE),
        *(("constant", constant, T) for T in LARGE),
        # With more steps its last ones are 0 to rounding, and refused.
        *(("cosine", cosine, T) for T in LARGE if T < 10**8),
    ],
)
def test_sums_over_many_steps_are_near(formula: str, truth, T: int) -> None:
    of, calls = counted(sizes(formula, T))
    found = planned(of, T)
    total, squares = truth(T, 10.0)
    assert found.total == pytest.approx(total, rel=1e-5)
    assert found.squares == pytest.approx(squares, rel=1e-5)
    assert found.count == T
    assert found.largest == of.etas(0, 1)[0]
    assert found.least == of.etas(T - 1, T)[0]
    assert sum(calls) <= EACH + SOME + EACH // 1000


def test_a_last_step_size_of_0_is_refused_before_the_first_step() -> None:
    with pytest.raises(UsageError, match=r"is 0\.0 at t = 1999999999$"):
        planned(sizes("cosine", MANY), MANY)


@pytest.mark.parametrize("formula", ["0.05", "eta0/sqrt(1 + t/N)", "0.01*(1 + sin(t)/2)"])
@pytest.mark.parametrize("T", [1, 4097, EACH])
def test_sums_over_few_steps_are_the_plain_ones(formula: str, T: int) -> None:
    found, etas = planned(sizes(formula, T), T), sizes(formula, T).etas(0, T)
    assert found.total == pytest.approx(math.fsum(etas), rel=1e-12)
    assert found.squares == pytest.approx(math.fsum(etas * etas), rel=1e-12)
    assert (found.least, found.largest) == (etas.min(), etas.max())
    # To the bit: block after block, as it always was.
    blocks = [np.array(etas[begin : begin + 4096]) for begin in range(0, T, 4096)]
    assert found.total == sum(float(np.sum(block)) for block in blocks)


@pytest.mark.parametrize("formula", ["eta0/sqrt(1 + t/N)", "inverse", "cosine"])
def test_near_sums_choose_nearly_the_best_constant(formula: str) -> None:
    T = 3 * EACH
    etas = sizes(formula, T).etas(0, T)
    exact = averaging_constant(StepSizes.of(etas), CONSTANTS, 3.0, 2.0)
    assert weighting(find("sgd"), sizes(formula, T), T, CONSTANTS, 3.0, 2.0) == pytest.approx(exact, rel=1e-12)


def test_a_run_of_very_many_steps_begins_at_once(problem) -> None:
    plan = prepare(problem("squared"), Options(method="sgd", steps=MANY, gap=0.0))
    of, calls = counted(plan.schedule)
    noise = (plan.sigma2 or 0.0) / plan.options.rows
    assert weighting(plan.method, of, MANY, plan.constants, plan.distance, noise) == plan.averaging.b
    assert sum(calls) < MANY / 1000


def test_the_bound_is_that_of_the_steps_taken(problem) -> None:
    """With the true sums over them, whatever the constant was chosen by."""
    plan = prepare(problem("squared"), Options(method="sgd", steps=MANY, gap=0.0))
    run = Run(plan, lambda: 0.0)
    run.go_to(1000)
    etas, b, L_max = plan.schedule.etas(0, 1000), plan.averaging.b, plan.constants.L_max
    weights = etas * (1 - (1 + 1 / b) * etas * L_max)
    assert np.all(weights > 0.0)
    value = (plan.distance**2 + (1 + b) * plan.sigma2 * np.sum(etas**2)) / (2 * np.sum(weights))
    found = next(promise for promise in run.promises() if promise.name == "averaged SGD")
    assert found.met
    assert found.value == pytest.approx(value + plan.certificate.omega, rel=1e-12)


def test_no_bound_where_a_weight_was_not_positive(problem) -> None:
    """A peak that none of the sizes looked at shows: the steps taken tell."""
    plan = prepare(problem("squared"), Options(method="sgd", steps=10, gap=0.0))
    run = Run(plan, lambda: 0.0)
    run.go_to(10)
    largest = 1.0 / ((1.0 + 1.0 / plan.averaging.b) * plan.constants.L_max)
    for peak, met in ((largest * (1 - 1e-9), True), (largest * (1 + 1e-9), False)):
        run._loop.state = run.state._replace(largest=peak)
        promise = next(promise for promise in run.promises() if promise.name == "averaged SGD")
        assert promise.met is met
        assert met or promise.why.startswith("eta L_max = ")
