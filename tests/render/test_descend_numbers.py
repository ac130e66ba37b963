"""The numbers and lists on the page of a run: as many digits as are true, rounded outwards, nothing cut in silence."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from gdcli.render import Look
from gdcli.render.text.descend.layout import items
from gdcli.render.text.descend.numbers import gap, gap_in_full, interval, known_to


@pytest.mark.parametrize("value", [1.0, 0.0014297356404891822, 3.3e-13, 7.77e9, 9.87654321])
@pytest.mark.parametrize("width", [1e-15, 1e-12, 3e-9, 1e-4, 0.3])
def test_the_printed_gap_has_the_digits_that_are_true(value: float, width: float) -> None:
    """Its last digit is worth at least the interval's width and, up to 13 digits, at most ten times that."""
    lower, upper = value * (1 - width / 2), value * (1 + width / 2)
    shown = gap_in_full(value, lower, upper)
    mantissa, _, exponent = shown.partition("e")
    unit = Fraction(10) ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
    assert abs(Fraction(shown) - Fraction(value)) <= unit / 2
    true = Fraction(upper) - Fraction(lower)
    assert unit >= true * Fraction(9, 10) or len(mantissa.replace(".", "").lstrip("0")) == 2
    assert unit <= 10 * true or len(mantissa.replace(".", "").lstrip("0")) >= 13
    low, high = map(Fraction, interval(value, lower, upper)[1:-1].split(", "))
    assert low <= Fraction(lower) <= Fraction(upper) <= high


@pytest.mark.parametrize(
    ("ends", "shown"),
    [
        ((1.234e-16, 0.0, 3.01e-16), "< 3.1e-16"),
        ((0.0, 0.0, 1.99e-31), "< 2.0e-31"),
        ((123.456, 0.0, math.inf), "~ 1.2e+02"),
        ((math.inf, math.inf, math.inf), "inf"),
        ((0.5, 0.45, 0.55), "0.5"),
        ((1234.5678, 1234.5, 1234.6), "1235"),
    ],
)
def test_a_gap_in_the_table_shows_what_is_known(ends: tuple[float, float, float], shown: str) -> None:
    assert gap(*ends) == shown


@pytest.mark.parametrize(
    ("value", "error", "shown"), [(1429.84817379337, 1e-22, "1429.84817379"), (0.123456789, 1e-5, "0.12346")]
)
def test_the_optimum_has_the_digits_that_are_proven(value: float, error: float, shown: str) -> None:
    assert known_to(value, error) == shown


def test_what_is_not_proven_has_six_digits() -> None:
    assert known_to(74.72341234, math.inf) == "74.7234"


def test_a_list_too_long_says_how_much_is_left() -> None:
    pieces = [f"x{j} 1" for j in range(100)]
    assert items("theta", pieces, Look(40), 2) == [
        "theta       x0 1   x1 1   x2 1   x3 1",
        "            x4 1   ... 95 more with -v",
    ]
    assert items("theta", pieces[:3], Look(40), 2) == ["theta       x0 1   x1 1   x2 1"]
