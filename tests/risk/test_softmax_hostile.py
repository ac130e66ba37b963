"""Any small data set has an infimum that no theta goes below, and an interval around each gap."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdcli.risk.models.softmax import SoftmaxRisk
from gdcli.risk.optimum.solve import factorise
from gdcli.risk.truth import establish
from tests.oracles.softmax import Truth, risk


@st.composite
def problems(draw: st.DrawFn) -> SoftmaxRisk:
    """Few rows of numbers of any size, ties and zeros among them, with or without intercept and penalty."""
    N, d, classes = draw(st.integers(1, 8)), draw(st.integers(1, 3)), draw(st.integers(2, 4))
    number = st.one_of(st.integers(-3, 3).map(float), st.floats(-1e6, 1e6, allow_subnormal=False))
    X = draw(st.lists(st.lists(number, min_size=d, max_size=d), min_size=N, max_size=N))
    y = draw(st.lists(st.integers(0, classes - 1), min_size=N, max_size=N))
    return risk(X, y, classes, draw(st.sampled_from([0.0, 1e-6, 0.1])), intercept=draw(st.booleans()))


@settings(max_examples=80, deadline=None)
@given(problem=problems(), seed=st.integers(0, 100), size=st.sampled_from([1e-6, 0.1, 1.0, 30.0]))
def test_no_theta_goes_below_the_infimum(problem: SoftmaxRisk, seed: int, size: float) -> None:
    found = establish(problem, np.zeros(problem.width))
    theta = size * np.random.default_rng(seed).normal(size=problem.width)
    value = float(Truth.of(problem).value(theta.tolist()))
    least = found.optimum.risk_optimum - min(found.omega, 1.0)
    assert 0.0 <= found.optimum.risk_optimum <= np.log(problem.classes) * (1 + 1e-14)
    assert value >= least * (1 - 1e-12)
    gap = found.gap(theta)
    assert gap.lower <= gap.value <= gap.upper
    assert gap.lower * (1 - 1e-12) <= value - least + 1e-12 * value
    assert (value - found.optimum.risk_optimum) * (1 - 1e-12) <= gap.upper + 1e-14 * value


TINY = 9.90241946e-178


@pytest.mark.parametrize("row", [[1.0, TINY, TINY], [0.0, 1.0, TINY], [1e90, TINY, 1.0]], ids=str)
@pytest.mark.parametrize("classes", [2, 4])
def test_one_row_with_columns_of_any_size_is_separable(row: list[float], classes: int) -> None:
    """The columns depend on each other, and what the null space takes off the row space is nearly all of it."""
    X = np.array([row])
    factors = factorise(X)
    assert factors.rank == 1
    assert X @ factors.basis == pytest.approx(factors.U, rel=1e-14)
    assert factors.basis[:, 0] * (X[0] @ X[0]) == pytest.approx(factors.U[0, 0] * X[0], rel=1e-14, abs=1e-15)
    found = establish(risk(X, [0], classes, intercept=False), np.zeros(3 * classes))
    assert (found.optimum.risk_optimum, found.omega) == (0.0, 0.0)


@pytest.mark.slow
@settings(max_examples=1500, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    power=st.sampled_from([2, 4, 6, 8]),
    classes=st.integers(2, 4),
    l2=st.sampled_from([0.0, 1e-6, 0.1]),
)
def test_rows_of_very_different_sizes_end_proven_or_unproven(seed: int, power: int, classes: int, l2: float) -> None:
    """Rows up to 10^power times as long as others; thetas are tried around theta_hat, where R is least."""
    rng = np.random.default_rng(seed)
    N, d = int(rng.integers(2, 14)), int(rng.integers(1, 4))
    X = rng.normal(size=(N, d)) * 10.0 ** rng.choice([0, power], size=(N, 1))
    problem = risk(X, rng.integers(classes, size=N), classes, l2)
    found = establish(problem, np.zeros(problem.width))
    exact, theta = Truth.of(problem), found.optimum.theta
    moves = [1e-9, 1e-6, 1e-3, 0.1]
    near = [theta + size * rng.normal(size=problem.width) * (np.abs(theta) + 1e-6) for size in moves]
    for other in (theta, np.zeros_like(theta), *near):
        value, gap = float(exact.value(other.tolist())), found.gap(other)
        assert value >= (found.optimum.risk_optimum - found.omega) * (1 - 1e-12)
        assert gap.lower <= (value - found.optimum.risk_optimum + found.omega) * (1 + 1e-12) + 1e-12 * value
        assert value - found.optimum.risk_optimum <= gap.upper * (1 + 1e-12) + 1e-14 * value
