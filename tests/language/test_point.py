"""Points by name and by order, and everything that can be wrong with them."""

from __future__ import annotations

import pytest
import sympy

from gdcli.errors import DomainError, FormulaError
from gdcli.language import parse_point
from gdcli.language.build import build_point, symbol


@pytest.mark.parametrize(
    "text",
    [
        "x1=1, x2=-2",
        "x2 = -2, x1 = 1",
        "1,-2",
        "(1, -2)",
        "[1, -2]",
        " 1 , -2 ",
        "x_1=1,x[2]=-2",
        "(1), (-2)",
        "max(1,0), -2",
    ],
)
def test_point(text: str) -> None:
    assert build_point(parse_point(text, ["x1", "x2"])) == {symbol("x1"): 1, symbol("x2"): -2}


def test_coordinates_are_exact_formulas() -> None:
    point = build_point(parse_point("0.1, pi/4, sqrt 2", ["a", "b", "c"]))
    assert list(point.values()) == [sympy.Rational(1, 10), sympy.pi / 4, sympy.sqrt(2)]
    assert list(parse_point("y=0, x=1", ["x", "y"])) == ["x", "y"]
    assert parse_point("x = 1/2", ["x"])["x"].source == "1/2"


@pytest.mark.parametrize(
    ("text", "marked", "cause"),
    [
        ("1", "1", "1 coordinate for 2 variables (x, y)"),
        ("1,2,3", "1,2,3", "3 coordinates for 2 variables (x, y)"),
        ("x=1", "x=1", "no value for y"),
        ("x=1, x=2", "2", "x is given twice"),
        ("x=1, z=2", "2", "there is no variable z"),
        ("x=1, 2", "2", "a coordinate without its name"),
        ("1, y", "y", "y is a variable"),
        ("x=1, y=y", "y", "y is a variable"),
        ("1,,2", ",", "a coordinate is missing"),
        ("", "", "a coordinate is missing"),
        ("x=, y=1", "=", "the value of x is missing"),
        ("2=1, y=1", "2=", "is not the name"),
        ("x=1, y=(2", "(", "never closed"),
        ("x=1, y=2+", "", "ends too early"),
        ("1, 2 > 1", "2 > 1", "condition stands"),
        ("1; 2", ";", "';'"),
    ],
)
def test_errors(text: str, marked: str, cause: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse_point(text, ["x", "y"])
    error = caught.value
    assert error.source == text
    assert text[error.start : error.end] == marked
    assert cause in error.message
    assert error.hint


@pytest.mark.parametrize("text", ["1/0", "log 0", "sqrt(-1)"])
def test_not_a_real_number(text: str) -> None:
    with pytest.raises(DomainError):
        build_point(parse_point(text, ["x"]))
