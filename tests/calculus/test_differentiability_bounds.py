"""The tools of the proofs: directed rounding, enclosures of derivatives, lower bounds, magnitudes."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gdcli.calculus.differentiability.enclosure import U, derivative, supremum
from gdcli.calculus.differentiability.lowest import floor_of
from gdcli.calculus.differentiability.magnitude import Magnitude
from gdcli.calculus.differentiability.model import Model, NoModelError
from gdcli.calculus.differentiability.rounding import absolute_up, decimal_up, power_up, up

RATIONAL = st.fractions(Fraction(1, 10**6), 10**6, max_denominator=10**9)
TINY = mpmath.mpf(10) ** -50


def real(number: Fraction) -> mpmath.mpf:
    return mpmath.mpf(number.numerator) / number.denominator


@given(RATIONAL)
def test_rounding_never_goes_down_and_not_far_up(number: Fraction) -> None:
    assert number <= up(number) <= number * (1 + Fraction(1, 2**60))
    assert number <= Fraction(decimal_up(number)) <= number * Fraction(1011, 1000)


def test_a_constant_is_shown_in_three_digits() -> None:
    assert [decimal_up(Fraction(text)) for text in ("0", "1", "0.17616", "2719.3", "1/3")] == [0, 1, 0.177, 2720, 0.334]


@given(RATIONAL, st.fractions(Fraction(1, 9), 5, max_denominator=9))
def test_a_power_is_rounded_up(base: Fraction, exponent: Fraction) -> None:
    with mpmath.workdps(60):
        truth = real(base) ** real(exponent)
        assert truth * (1 - TINY) <= real(power_up(base, exponent)) <= truth * mpmath.mpf("1.000001")


def test_exact_roots_stay_exact() -> None:
    assert power_up(Fraction(4, 9), Fraction(3, 2)) == Fraction(8, 27)
    assert absolute_up(sympy.Rational(-3, 7)) == Fraction(3, 7)
    assert absolute_up(sympy.pi) > sympy.pi.evalf(30)


NAMES = ["sin", "cos", "exp", "tanh", "atan", "sigmoid", "softplus", "sinh", "cosh", "asinh", "erf", "sech"]
NEAR_ONE = ["log", "tan", "cot", "csc", "coth", "sqrt", "log2", "acot"]


@pytest.mark.parametrize(("name", "centre"), [*((n, 0) for n in NAMES), *((n, 1) for n in NEAR_ONE)])
@pytest.mark.parametrize("n", [1, 3, 6])
def test_a_derivative_stays_below_its_enclosure(name: str, centre: int, n: int) -> None:
    radius = Fraction(1, 2)
    expr = derivative(name, n)
    most = real(supremum(expr, sympy.Integer(centre), radius))
    values = [
        abs(mpmath.mpf(expr.subs(U, sympy.Rational(centre) + sympy.Rational(k, 40)).evalf(30))) for k in range(-20, 21)
    ]
    assert max(values) <= most


def test_a_pole_has_no_enclosure() -> None:
    for name in ("log", "sqrt", "cot"):
        with pytest.raises(NoModelError):
            supremum(derivative(name, 1), sympy.Rational(1, 4), Fraction(1))


FORMS = [
    "x**2 + y**2",
    "x**2 + x*y + y**2",
    "x**4 + y**2",
    "x**4 - x**2*y + y**2",
    "3*x**2 - 2*x*y + y**2 + x**3",
    "x**6 + 2*y**4 + x**5*y",
    "-x**2 - y**4",
]


@pytest.mark.parametrize("form", FORMS)
def test_a_lower_bound_holds_on_a_grid(form: str) -> None:
    x, y = sympy.symbols("x y")
    poly = sympy.Poly(sympy.sympify(form), x, y)
    radius = Fraction(1, 8)
    floor = floor_of(Model(dict(poly.terms())), 2, radius)
    assert floor.positive
    assert floor.sign == (-1 if form.startswith("-") else 1)
    for i in range(-10, 11):
        for j in range(-10, 11):
            h = (Fraction(i, 10) * radius / 2, Fraction(j, 10) * radius / 2)
            least = sum(abs(a) ** int(m) for a, m in zip(h, floor.exponents, strict=True)) / floor.inverse
            assert abs(Fraction(str(poly.eval(h)))) >= least


@pytest.mark.parametrize("form", ["x**2 - y**2", "x**2 + 2*x*y + y**2", "x**2", "x**3 + y**2", "x**2 - 3*x*y + y**2"])
def test_what_vanishes_beside_the_point_has_no_lower_bound(form: str) -> None:
    poly = sympy.Poly(sympy.sympify(form), *sympy.symbols("x y"))
    try:
        floor = floor_of(Model(dict(poly.terms())), 2, Fraction(1, 8))
    except NoModelError:
        return
    assert not floor.positive


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), RATIONAL), min_size=1, max_size=4), RATIONAL)
def test_a_magnitude_is_bounded_by_its_order(terms: list[tuple[int, int, Fraction]], size: Fraction) -> None:
    assume(size < 1000)
    bound = Magnitude({})
    for a, b, c in terms:
        bound = bound + Magnitude.of((a, b), c)
    order = Fraction(bound.order)
    constant = bound.constant(order, Fraction(1))
    h = (size / 1000, size / 2000)
    value = sum(c * h[0] ** a * h[1] ** b for a, b, c in terms)
    assert real(value) <= real(constant) * mpmath.sqrt(real(h[0] ** 2 + h[1] ** 2)) ** real(order) * (
        1 + mpmath.mpf(10) ** -12
    )
