from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdcli.data.numbers import missing, number, numbers, numeric, oddity


@pytest.mark.parametrize("cell", ["1", "-1", "+1", "1.", ".5", "1e5", "1E-5", "-0.0", "007", "1e-400", " 2.5 "])
def test_plain_decimals_are_read_as_python_reads_them(cell: str) -> None:
    assert number(cell) == float(cell)
    assert oddity(cell) is None
    assert numbers([cell]) == np.array([float(cell)])


@pytest.mark.parametrize(
    ("cell", "looks"),
    [
        ("inf", "an infinity"),
        ("-Infinity", "an infinity"),
        ("1_0", "underscores"),
        ("1_000.5", "underscores"),
        ("1e400", "beyond the largest double"),
        ("-1e309", "beyond the largest double"),
        ("１２", "digits other than 0 to 9"),
        ("٣٫١", None),
        ("٣١", "digits other than 0 to 9"),
        ("$1,000", "money"),
        ("€5", "money"),
        ("5 €", "money"),
        ("5%", "a percentage"),
        ("5.5 %", "a percentage"),
        ("2020-01-31", "a date"),
        ("31.12.2020", "a date"),
        ("1/31/20", "a date"),
        ("2020-01-31T12:00:00Z", "a date"),
        ("12:30", "a time of day"),
        ("1,5", "a decimal or thousands comma"),
        ("-0,25", "a decimal or thousands comma"),
        ("1,000,000", "grouped digits"),
        ("1.000.000", "grouped digits"),
        ("1 000", "grouped digits"),
        ("1'000.5", "grouped digits"),
        ("0x1F", "hexadecimal"),
        ("1.0D+05", "Fortran"),
        ("\u22125", "typographic minus"),
        ("(5)", "parentheses"),
        ("1/2", "a fraction"),
        ("red", None),
        ("10-20", None),
        ("4wd", None),
        ("1st", None),
        ("", None),
        ("-", None),
    ],
)
def test_what_is_meant_as_a_number_is_named(cell: str, looks: str | None) -> None:
    found = oddity(cell)
    assert number(cell) is None
    assert numeric(cell) == (looks is not None)
    assert (found is None) if looks is None else (found is not None and looks in found.looks and found.remedy)


@pytest.mark.parametrize("cell", ["", "NA", "na", "N/A", "#N/A", "NaN", "nan", "null", "NULL", "?", "-", "."])
def test_marks_of_missing_values(cell: str) -> None:
    assert missing(cell)
    assert number(cell) is None


@given(st.text(max_size=12))
def test_the_fast_way_and_the_slow_way_agree(cell: str) -> None:
    fast = numbers([cell])
    if fast is not None:
        assert number(cell) == fast[0]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_double_comes_back(value: float) -> None:
    assert number(repr(value)) == value
