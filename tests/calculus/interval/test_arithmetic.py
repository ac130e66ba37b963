"""Interval arithmetic against exact fractions: the truth is always inside, and what is exact stays exact."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdcli.calculus.interval import arithmetic as iv

NUMBERS = st.floats(min_value=-1e200, max_value=1e200) | st.integers(-1000, 1000).map(float)
SMALL = st.floats(min_value=-1e3, max_value=1e3) | st.integers(-9, 9).map(float)
HUGE = st.sampled_from([1e308, -1e308, 5e-324, -5e-324, 1.5e-160, math.nextafter(math.inf, 0.0)])


def interval(a: float, b: float) -> iv.Interval:
    return min(a, b), max(a, b)


def inside(value: Fraction, found: iv.Interval) -> bool:
    low, high = found
    return (low == -math.inf or Fraction(low) <= value) and (high == math.inf or value <= Fraction(high))


@given(NUMBERS | HUGE, NUMBERS | HUGE)
def test_a_sum_is_rounded_to_the_doubles_beside_it(x: float, y: float) -> None:
    truth = Fraction(x) + Fraction(y)
    low, high = iv.add((x, x), (y, y))
    assert inside(truth, (low, high))
    assert math.nextafter(low, math.inf) >= high
    if abs(truth) < 1e300 and Fraction(float(truth)) == truth:
        assert low == high == float(truth)


@given(NUMBERS | HUGE, NUMBERS | HUGE)
def test_a_product_holds_the_truth(x: float, y: float) -> None:
    truth = Fraction(x) * Fraction(y)
    low, high = iv.multiply((x, x), (y, y))
    assert inside(truth, (low, high))
    if 1e-100 < abs(x) < 1e100 and 1e-100 < abs(y) < 1e100:
        assert math.nextafter(low, math.inf) >= high
        assert (low == high) == (Fraction(x * y) == truth)


@given(SMALL, SMALL, SMALL, SMALL, st.fractions(0, 1), st.fractions(0, 1))
def test_operations_on_intervals_hold_every_pair(
    a: float, b: float, c: float, d: float, s: Fraction, t: Fraction
) -> None:
    left, right = interval(a, b), interval(c, d)
    x = Fraction(left[0]) + s * (Fraction(left[1]) - Fraction(left[0]))
    y = Fraction(right[0]) + t * (Fraction(right[1]) - Fraction(right[0]))
    assert inside(x + y, iv.add(left, right))
    assert inside(x * y, iv.multiply(left, right))
    assert inside(-x, iv.negate(left))
    assert inside(abs(x), iv.absolute(left))
    for n in (2, 3, 4, 7):
        assert inside(x**n, iv.integer_power(left, n))
    if x:
        assert inside(1 / x, iv.reciprocal(left))
        assert inside(1 / x**3, iv.integer_power(left, -3))


@given(st.floats(min_value=0, max_value=1e300) | st.integers(0, 100).map(lambda n: float(n * n)))
def test_a_square_root_squares_back_around_the_number(x: float) -> None:
    low, high = iv.square_root((x, x))
    assert 0.0 <= low <= high
    assert Fraction(low) ** 2 <= Fraction(x) <= Fraction(high) ** 2
    if x == 0.0 or x > 1e-200:
        assert (low == high) == (Fraction(math.sqrt(x)) ** 2 == Fraction(x))


@given(st.fractions(-(10**6), 10**6))
def test_a_rational_lies_between_neighbouring_doubles(value: Fraction) -> None:
    low, high = iv.around(value)
    assert inside(value, (low, high))
    assert math.nextafter(low, math.inf) >= high


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (iv.integer_power((-2.0, 3.0), 2), (0.0, 9.0)),
        (iv.integer_power((-2.0, 3.0), 3), (-8.0, 27.0)),
        (iv.integer_power(iv.WHOLE, 4), (0.0, math.inf)),
        (iv.reciprocal((0.0, 2.0)), (0.5, math.inf)),
        (iv.reciprocal((-4.0, 0.0)), (-math.inf, -0.25)),
        (iv.reciprocal((-1.0, 1.0)), iv.WHOLE),
        (iv.multiply((0.0, 0.0), iv.WHOLE), (0.0, 0.0)),
        (iv.multiply((2.0, math.inf), (-math.inf, -1.0)), (-math.inf, -2.0)),
        (iv.add((1.0, math.inf), (2.0, 3.0)), (3.0, math.inf)),
        (iv.square_root((-1.0, 4.0)), (0.0, 2.0)),
        (iv.around(Fraction(10) ** 400), (math.nextafter(math.inf, 0.0), math.inf)),
    ],
)
def test_ends_that_are_known(found: iv.Interval, expected: iv.Interval) -> None:
    assert found == expected


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: iv.reciprocal((0.0, 0.0)),
        lambda: iv.square_root((-2.0, -1.0)),
        lambda: iv.meet((2.0, 3.0), 0.0, 1.0),
    ],
)
def test_what_has_no_value_at_all_is_empty(attempt) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(iv.EmptyError):
        attempt()
