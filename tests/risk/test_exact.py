"""Products to 100 bits against rational arithmetic."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdcli.kernels.ball import Ball
from gdcli.risk.certificate.exact import BLOCK, mean, product, transposed

SHAPES = [(1, 1), (7, 3), (40, 60), (BLOCK + 3, 2)]


def rational(high: float, low: float = 0.0) -> Fraction:
    return Fraction(float(high)) + Fraction(float(low))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("spread", [0, 9, 30])
def test_products_hold_the_rational_sum(shape: tuple[int, int], spread: int) -> None:
    rng = np.random.default_rng(shape[0] + spread)
    N, k = shape
    units = 10.0 ** rng.uniform(-spread, spread, size=k)
    X = rng.normal(size=shape) * units
    v = Ball(rng.normal(size=k) / units, rng.normal(size=k) / units * 1e-17)
    found = product(X, v)
    for i in range(0, N, max(1, N // 40)):
        terms = [rational(a) * rational(b, c) for a, b, c in zip(X[i], v.high, v.low, strict=True)]
        assert abs(rational(found.high[i], found.low[i]) - sum(terms)) <= Fraction(float(found.radius[i]))
        assert found.radius[i] <= 1e-26 * k * np.max(np.abs(X).max(axis=0) * np.abs(v.high))
    s = Ball(rng.normal(size=N), rng.normal(size=N) * 1e-17)
    across = transposed(X, s)
    for j in range(0, k, max(1, k // 5)):
        terms = [rational(a) * rational(b, c) for a, b, c in zip(X[:, j], s.high, s.low, strict=True)]
        assert abs(rational(across.high[j], across.low[j]) - sum(terms)) <= Fraction(float(across.radius[j]))
        assert across.radius[j] <= 1e-25 * N * np.abs(X).max()


@settings(deadline=None)
@given(values=st.lists(st.floats(-1e9, 1e9, allow_nan=False, allow_subnormal=False), min_size=1, max_size=33))
def test_means_hold_the_rational_mean(values: list[float]) -> None:
    found = mean(Ball(np.array(values)))
    exact = sum(map(Fraction, values)) / len(values)
    assert abs(rational(found.high, found.low) - exact) <= Fraction(float(found.radius))
    assert found.radius <= 1e-27 * max(1.0, *map(abs, values)) * len(values)


def test_cancellation_leaves_the_digits() -> None:
    """1e16 + 1 - 1e16 in a row, and in a column."""
    X = np.array([[1e16, 1.0, -1e16]])
    assert float(product(X, Ball(np.ones(3))).high[0]) == 1.0
    assert float(transposed(X.T, Ball(np.ones(3))).high[0]) == 1.0
