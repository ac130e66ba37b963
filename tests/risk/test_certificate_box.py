"""Huber loss where the rows with |r| <= delta do not span the others: R* is proven all the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from gdcli.risk.certificate.box import box_bound
from gdcli.risk.truth import establish
from tests.oracles.polyhedral import build


@pytest.mark.parametrize(
    ("y", "optimum"),
    [([0.0, 10.0], 4.5), ([0.0, 0.0, 10.0, 10.0], 4.5), ([-3.0, 0.0, 0.0, 9.0], 2.75), ([5.0], 0.0)],
)
def test_one_number(y: list[float], optimum: float) -> None:
    certificate = establish(build("huber", np.ones((len(y), 1)), y, intercept=False), np.zeros(1))
    assert certificate.optimum.risk_optimum == pytest.approx(optimum, rel=1e-15, abs=1e-15)
    assert certificate.omega <= 1e-13


NUMBERS = st.tuples(st.integers(-2, 2), st.integers(-2, 2), st.integers(-9, 9))


@given(st.lists(NUMBERS, min_size=1, max_size=10), st.sampled_from([0.0, 0.01, 1.0]), st.sampled_from([0.5, 1.0]))
@settings(max_examples=25, deadline=None)
def test_any_small_data_is_proven(rows: list[tuple[int, int, int]], l2: float, delta: float) -> None:
    X, y = np.array([row[:2] for row in rows], dtype=float), np.array([row[2] for row in rows], dtype=float)
    name = "huber" if delta == 1.0 else f"huber({delta})"
    risk = build(name, X, y, l2)
    certificate = establish(risk, np.zeros(3))
    assert certificate.omega <= 1e-11
    other = minimize(risk.value, np.full(3, 0.5), jac=risk.gradient, method="BFGS", options={"gtol": 1e-12})
    assert other.fun >= certificate.optimum.risk_optimum - certificate.omega - 1e-14
    assert other.fun == pytest.approx(certificate.optimum.risk_optimum, rel=1e-6, abs=1e-6)


def test_other_losses_have_no_box() -> None:
    risk = build("squared", [[1.0], [2.0]], [0.0, 1.0])
    nothing = np.zeros(2)
    assert box_bound(risk, nothing, nothing, nothing, nothing) == np.inf


def test_a_point_far_from_the_optimum_is_not_proven() -> None:
    risk = build("huber", [[1.0], [2.0]], [0.0, 1.0])
    assert box_bound(risk, np.zeros(2), np.zeros(2), np.array([5.0, 5.0]), np.zeros(2)) == np.inf
