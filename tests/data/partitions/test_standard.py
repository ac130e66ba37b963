"""Columns standardised over parts are those of all rows at once, to what rounding leaves."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gdcli.data.partitions import standard
from gdcli.data.partitions.load import Rows
from gdcli.data.scaling import Scaling, standardise, with_ones
from tests.data.test_scaling import COLUMNS, exact, root_mean_square
from tests.oracles.here import Here


def dealt(X: np.ndarray, size: int, holders: int = 1) -> Here:
    return Here([Rows(X[a : a + size], np.zeros(len(X[a : a + size]))) for a in range(0, len(X), size)], holders)


def spread(X: np.ndarray, size: int, centre: bool, ones: bool = False, holders: int = 1) -> tuple[np.ndarray, Scaling]:
    parts = dealt(X, size, holders)
    scaling = standard.standardised(parts, centre, ones)
    return np.vstack([part.X for part in parts.parts]), scaling


@pytest.mark.parametrize("size", [1, 7, 49])
@pytest.mark.parametrize("name", COLUMNS)
def test_mean_and_scale_against_rational_arithmetic(name: str, size: int) -> None:
    column = COLUMNS[name]
    mean, residuals = exact(column)
    rms = root_mean_square(residuals)
    Z, scaling = spread(column[:, None], size, centre=True)
    # The mean is a double: nothing can be nearer than half a unit in its last place.
    ulp = Fraction(float(np.spacing(abs(float(mean))))) if mean else Fraction(0)
    scale = Fraction(float(scaling.scale[0]))
    assert abs(Fraction(float(scaling.mean[0])) - mean) <= ulp + scale / 10**15
    assert abs(float(rms / mpmath.mpf(float(scaling.scale[0])) - 1)) <= 1e-14 + float(ulp / scale) ** 2
    own = [float((Fraction(float(value)) - Fraction(float(scaling.mean[0]))) / scale) for value in column]
    np.testing.assert_allclose(Z[:, 0], own, rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("centre", [True, False])
@pytest.mark.parametrize("size", [1, 7, 49, 50])
def test_parts_are_the_whole_to_a_few_units(centre: bool, size: int) -> None:
    X = np.column_stack([*COLUMNS.values(), np.full(50, 7.0), np.zeros(50), np.full(50, 0.1)])
    whole, one = standardise(X, centre, ones=True)
    Z, scaling = spread(X, size, centre, ones=True)
    assert scaling.constant == one.constant
    assert (np.abs(scaling.mean - one.mean) <= np.spacing(np.abs(one.mean)) + 1e-15 * one.scale).all()
    np.testing.assert_allclose(scaling.scale, one.scale, rtol=4e-15)
    # One unit of the mean moves all rows alike.
    moved = np.append(np.spacing(np.abs(one.mean)) / one.scale, 0.0)
    assert (np.abs(Z - whole) <= 4e-15 * np.abs(whole) + 2 * moved + 1e-15).all()
    assert (Z[:, -1] == 1.0).all()
    if size == len(X):
        assert Z.tobytes() == whole.tobytes()


@given(
    arrays(np.float64, (6, 2), elements=st.floats(allow_nan=False, allow_infinity=False)),
    st.booleans(),
    st.integers(1, 6),
)
def test_any_doubles_are_scaled_without_overflow(X: np.ndarray, centre: bool, size: int) -> None:
    Z, scaling = spread(X, size, centre)
    _, one = standardise(X, centre)
    assert np.isfinite(Z).all()
    assert (scaling.scale > 0).all()
    assert set(np.flatnonzero((X[0] == X).all(axis=0))) <= set(scaling.constant)
    live = (Z != 0).any(axis=0)
    np.testing.assert_allclose(np.mean(Z[:, live] ** 2, axis=0), 1, rtol=1e-14)
    # A spread at the edge of the normal doubles may round to either side.
    edge = one.scale < 4 * np.finfo(np.float64).tiny
    assert set(scaling.constant) ^ set(one.constant) <= set(np.flatnonzero(edge))


@pytest.mark.parametrize("holders", [2, 3, 8])
def test_the_bits_are_the_same_for_any_number_of_holders(holders: int) -> None:
    X = np.column_stack(list(COLUMNS.values()))
    alone, scaling = spread(X, 7, centre=True)
    found, others = spread(X, 7, centre=True, holders=holders)
    assert found.tobytes() == alone.tobytes()
    assert others.mean.tobytes() == scaling.mean.tobytes()


def test_a_column_of_ones_and_nothing_else() -> None:
    X = np.arange(20.0).reshape(10, 2)
    parts = dealt(X, 4)
    standard.with_ones(parts)
    assert np.vstack([part.X for part in parts.parts]).tobytes() == with_ones(X).tobytes()
