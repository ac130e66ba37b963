"""Every function of the language: a value in exact numbers and in mpmath, and a derivative that differences confirm."""

from __future__ import annotations

import mpmath
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from gdcli.calculus.definition import local, to_mpf
from gdcli.calculus.exact import NoValueError
from gdcli.calculus.function import Function
from gdcli.calculus.heads import HEADS
from gdcli.calculus.numeric import Numeric
from gdcli.language.functions import TABLE

OWN_SYNTAX = {"sum", "prod", "piecewise"}
EXTRA = {"dot": "dot([x, y], [y, x**2])", "sum": "sum(x^i*y, i=1..4)", "prod": "prod(x + i*y, i=1..4)"}
EXTRA |= {"piecewise": "piecewise((x**2*y, x > y), (x + y**3, True))", "root": "root(x*y, 3)", "log": "log(x, y + 2)"}
EXTRA |= {"polygamma": "polygamma(1, x*y)"}


def call(name: str) -> str:
    """The function on one argument, or on as many as it takes."""
    if name in EXTRA:
        return EXTRA[name]
    function = next(f for f in TABLE if f.name == name)
    return f"{name}(x*y)" if function.least == 1 and function.most == 1 else f"{name}(x*y, x - y)"


NAMES = [function.name for function in TABLE]


def test_every_function_has_its_numbers_and_its_smoothness() -> None:
    assert set(NAMES) == set(HEADS) | OWN_SYNTAX


COORDINATES = st.fractions(min_value="-5/2", max_value="5/2", max_denominator=64)


def central_difference(numeric: Numeric, place: dict[str, mpmath.mpf], name: str) -> mpmath.mpf | None:
    """(f(x + h) - f(x - h)) / 2h at h = 1e-30, in 100 digits: exact to 1e-55."""
    h = mpmath.mpf(10) ** -30
    ends = [numeric.at({**place, name: place[name] + side * h}) for side in (1, -1)]
    return None if None in ends else (ends[0] - ends[1]) / (2 * h)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=12, deadline=None, derandomize=True)
@given(x=COORDINATES, y=COORDINATES)
def test_the_derivative_is_what_differences_say(name: str, x: object, y: object) -> None:
    function = Function.parse(call(name), ["x", "y"])
    point = {"x": sympy.Rational(x), "y": sympy.Rational(y)}
    numeric = Numeric(function.tree)
    with mpmath.workdps(100):
        place = {key: to_mpf(number) for key, number in point.items()}
        try:
            found = local(function, point)
        except NoValueError:
            assert numeric.at(place) is None
            return
        assert abs(to_mpf(found.value) - numeric.at(place)) < mpmath.mpf(10) ** -80 * (1 + abs(numeric.at(place)))
        for variable, slope in zip("xy", found.slopes, strict=True):
            if slope.kind == "value":
                truth = central_difference(numeric, place, variable)
                assert truth is not None
                assert abs(to_mpf(slope.value) - truth) <= mpmath.mpf(10) ** -40 * (1 + abs(truth))
            else:
                assert not found.smooth


@pytest.mark.parametrize("name", NAMES)
def test_every_function_is_smooth_somewhere(name: str) -> None:
    function = Function.parse(call(name), ["x", "y"])
    places = [{"x": sympy.Rational(a), "y": sympy.Rational(b)} for a, b in (("3/4", "2/3"), ("5/2", "3/2"))]
    assert any(_smooth(function, place) for place in places)


def _smooth(function: Function, place: dict[str, sympy.Rational]) -> bool:
    try:
        return local(function, place).smooth
    except NoValueError:
        return False
