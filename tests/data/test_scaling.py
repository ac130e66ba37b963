from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gdcli.data.scaling import identity, standardise

RNG = np.random.default_rng(7)
COLUMNS = {
    "plain": RNG.normal(size=50),
    "offset 1e9": 1e9 + RNG.normal(size=50),
    "offset 1e9, small": 1e9 + 1e-3 * RNG.normal(size=50),
    "huge": 1e300 * RNG.uniform(-1, 1, size=50),
    "tiny": 1e-300 * RNG.uniform(-1, 1, size=50),
    "the whole range": np.array([-1.7e308, 1.7e308] * 25),
    "long tail": np.exp(8 * RNG.normal(size=50)),
    "indicator": (RNG.uniform(size=50) < 0.1).astype(float),
}


def exact(column: np.ndarray) -> tuple[Fraction, list[Fraction]]:
    values = [Fraction(float(v)) for v in column]
    mean = sum(values, Fraction(0)) / len(values)
    return mean, [v - mean for v in values]


def root_mean_square(values: list[Fraction]) -> mpmath.mpf:
    square = sum((v * v for v in values), Fraction(0)) / len(values)
    with mpmath.workdps(50):
        return mpmath.sqrt(mpmath.mpf(square.numerator) / square.denominator)


@pytest.mark.parametrize("name", COLUMNS)
def test_mean_and_scale_against_rational_arithmetic(name: str) -> None:
    column = COLUMNS[name]
    mean, residuals = exact(column)
    rms = root_mean_square(residuals)
    Z, scaling = standardise(column[:, None].copy(), True)
    # The mean is a double: nothing can be nearer than half a unit in its last place.
    ulp = Fraction(float(np.spacing(abs(float(mean))))) if mean else Fraction(0)
    spread = Fraction(*float(scaling.scale[0]).as_integer_ratio())
    assert abs(Fraction(float(scaling.mean[0])) - mean) <= ulp + spread / 10**15
    assert abs(float(rms / mpmath.mpf(float(scaling.scale[0])) - 1)) <= 1e-14 + float(ulp / spread) ** 2
    assert float(np.mean(Z[:, 0] ** 2)) == pytest.approx(1, rel=1e-14)
    assert abs(float(np.mean(Z[:, 0]))) <= 1e-15 + 2 * float(ulp / spread)


@pytest.mark.parametrize("name", COLUMNS)
def test_without_an_intercept_columns_are_only_scaled(name: str) -> None:
    column = COLUMNS[name]
    Z, scaling = standardise(column[:, None].copy(), False)
    rms = root_mean_square([Fraction(float(v)) for v in column])
    assert scaling.mean[0] == 0
    assert abs(float(rms / mpmath.mpf(float(scaling.scale[0])) - 1)) <= 1e-14
    np.testing.assert_allclose(Z[:, 0], column / scaling.scale[0], rtol=1e-15)


@pytest.mark.parametrize("value", [0.0, 3.0, 0.1, -1e9, 1e300])
def test_constant_columns_become_exact_zeros_with_scale_one(value: float) -> None:
    X = np.column_stack([np.full(7, value), np.arange(7.0)])
    Z, scaling = standardise(X, True)
    assert (Z[:, 0] == 0).all()
    assert scaling.scale[0] == 1
    assert scaling.mean[0] == value
    assert scaling.constant == (0,)


def test_a_zero_column_that_is_not_centred_keeps_scale_one() -> None:
    Z, scaling = standardise(np.column_stack([np.zeros(3), np.full(3, -4.0)]), False)
    assert Z.tolist() == [[0, -1]] * 3
    assert scaling.scale.tolist() == [1, 4]


@pytest.mark.parametrize("centre", [False, True])
def test_a_spread_below_the_normal_doubles_counts_as_constant(centre: bool) -> None:
    Z, scaling = standardise(np.array([[5e-324, 1.0], [1e-323, -1.0]]), centre)
    assert (Z[:, 0] == 0).all()
    assert Z[:, 1].tolist() == [1, -1]
    assert scaling.scale.tolist() == [1, 1]
    assert scaling.constant == (0,)


@given(arrays(np.float64, (4, 2), elements=st.floats(allow_nan=False, allow_infinity=False)), st.booleans())
def test_any_doubles_are_scaled_without_overflow(X: np.ndarray, centre: bool) -> None:
    Z, scaling = standardise(X, centre)
    assert np.isfinite(Z).all()
    assert np.isfinite(scaling.mean).all()
    assert (scaling.scale > 0).all()
    live = (Z != 0).any(axis=0)
    np.testing.assert_allclose(np.mean(Z[:, live] ** 2, axis=0), 1, rtol=1e-14)


def test_one_row_is_constant_in_every_column() -> None:
    Z, scaling = standardise(np.array([[1.0, 2.0]]), True)
    assert Z.tolist() == [[0, 0]]
    assert scaling.constant == (0, 1)


def test_the_input_is_left_as_it_was_and_the_result_is_in_c_order() -> None:
    X = RNG.normal(size=(5, 3))
    X.flags.writeable = False
    Z, scaling = standardise(X, True)
    assert Z.flags.c_contiguous
    np.testing.assert_allclose((X - scaling.mean) / scaling.scale, Z, rtol=1e-14, atol=1e-15)


def test_back_to_the_units_of_the_file_by_hand() -> None:
    # z = (x - 2)/sqrt(2/3) for x = 1, 2, 3; 5 + 4 z = 4/sqrt(2/3) x + 5 - 8/sqrt(2/3).
    _, scaling = standardise(np.array([[1.0], [2.0], [3.0]]), True)
    theta, intercept = scaling.to_file_units(np.array([4.0]), 5.0)
    root = (2 / 3) ** 0.5
    assert theta[0] == pytest.approx(4 / root, rel=1e-15)
    assert intercept == pytest.approx(5 - 8 / root, rel=1e-15)


def test_the_identity_changes_nothing() -> None:
    theta, intercept = identity(2).to_file_units(np.array([1.5, -2.5]), 0.1)
    assert theta.tolist() == [1.5, -2.5]
    assert intercept == 0.1
    assert identity(2).to_file_units(np.array([1.5, -2.5]), None)[1] is None


def test_the_intercept_loses_nothing_where_large_terms_cancel() -> None:
    X = np.column_stack([1e9 + np.array([-1.0, 1.0]), 1e9 + np.array([-1.0, 1.0])])
    _, scaling = standardise(X, True)
    assert scaling.to_file_units(np.array([3.0, -3.0]), 0.125)[1] == 0.125


def test_a_diverged_theta_passes_through_without_a_warning() -> None:
    _, scaling = standardise(RNG.normal(size=(5, 2)), True)
    theta, intercept = scaling.to_file_units(np.array([np.inf, np.nan]), np.inf)
    assert np.isinf(theta[0])
    assert intercept is not None
    assert np.isnan(intercept)


@given(
    arrays(np.float64, (6, 3), elements=st.integers(-(10**12), 10**12).map(lambda k: k / 10**6)),
    arrays(np.float64, 3, elements=st.floats(-10, 10)),
    st.floats(-10, 10),
)
def test_predictions_are_the_same_in_both_units(X: np.ndarray, theta: np.ndarray, intercept: float) -> None:
    Z, scaling = standardise(X, True)
    slopes, constant = scaling.to_file_units(theta, intercept)
    assert constant is not None
    size = np.abs(X) @ np.abs(slopes) + np.abs(scaling.mean) @ np.abs(slopes) + abs(intercept) + 1
    assert (np.abs(X @ slopes + constant - (Z @ theta + intercept)) <= 1e-13 * size).all()
