"""What is real nowhere, or at single points alone, is refused; numbers beyond the doubles are told by their size."""

from __future__ import annotations

import io

import mpmath
import pytest

import gdcli
from gdcli.cli.app import main
from gdcli.cli.terminal import Terminal
from gdcli.errors import DomainError


@pytest.mark.parametrize(
    ("formula", "cause"),
    [
        ("0^x", "0^x is 0 to a variable power"),
        ("(1-1)^(x y)", "is 0 to a variable power"),
        ("(-1)^x", "is a negative number to a variable power"),
        ("2 + (1-pi)^(x+1)", "is a negative number to a variable power"),
        ("log(x, 0)", "there is no logarithm to the base 0"),
        ("log(x, 1)", "there is no logarithm to the base 1"),
        ("log(x, -2)", "there is no logarithm to the base -2"),
    ],
)
def test_what_is_not_real_is_refused(formula: str, cause: str) -> None:
    with pytest.raises(DomainError) as caught:
        gdcli.gradient(formula)
    assert cause in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("formula", ["0^2 + x", "(-2)^3 x", "x^y", "2^-x", "(x-1)^x", "log(x, b)"])
def test_what_is_real_somewhere_is_taken(formula: str) -> None:
    assert gdcli.gradient(formula).partials


def test_eulers_constant_is_written_in_names_of_the_language() -> None:
    point = gdcli.gradient("Gamma(x)", "1").point
    assert point is not None
    slope = point.slopes[0].slope
    assert slope.exact is not None
    assert slope.value == float(-mpmath.euler)
    again = gdcli.gradient(f"x ({slope.exact.text})", "1").point
    assert again is not None
    assert again.value.value == slope.value


@pytest.mark.parametrize("name", ["x=-1, y=0", "x=-3, y=0"])
def test_the_cut_of_atan2_is_found_in_time(name: str) -> None:
    point = gdcli.gradient("atan2(y, x)", name).point
    assert point is not None
    across, along = (next(s for s in point.slopes if s.variable == v) for v in ("y", "x"))
    assert (along.kind, along.slope.value) == ("value", 0.0)
    assert (across.kind, across.slope.reason) == ("none", "no derivative: f jumps here")


def page(*args: str) -> str:
    out = io.StringIO()
    assert main(list(args), Terminal(io.BytesIO(), out, io.StringIO(), {}, 80)) == 0
    return out.getvalue()


@pytest.mark.parametrize(
    ("formula", "at", "size"),
    [
        ("exp(-1000x)", "1", "exp(-1000) (about 5.07596E-435: below the range of a double)"),
        ("exp(1000x)", "1", "exp(1000) (about 1.97007E+434: beyond the range of a double)"),
        ("sigmoid x", "-800", "sigmoid(-800) (about 3.66787E-348: below the range of a double)"),
        ("x^2", "1e300", "about 1.00000E+600: beyond the range of a double"),
        ("x + 1", "1e60", "about 1e+60 (every digit: --format json)"),
    ],
)
def test_a_number_beyond_the_doubles_is_told_by_its_size(formula: str, at: str, size: str) -> None:
    shown = page("grad", formula, "--at", at)
    assert size in " ".join(shown.split())
    assert max(map(len, shown.splitlines())) <= 80
