"""Other slopes beside the best: their errors against Fractions and 50 digits, their limit against the definition."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from gdcli.calculus.function import Function
from gdcli.calculus.linearization import Linearization
from gdcli.calculus.report_tangent import CAVEATS, tangent_report
from gdcli.calculus.rivals import rival
from gdcli.calculus.smallo import absorption, vanishing
from gdcli.language import parse, parse_point
from gdcli.results.tangent import TangentReport

SMALL = st.fractions(min_value=-9, max_value=9, max_denominator=7)


def report(formula: str, at: str, *slopes: str) -> TangentReport:
    read = parse(formula)
    return tangent_report(read, parse_point(at, read.variables), [parse_point(c, read.variables) for c in slopes])


def linear(formula: str, **point: Fraction) -> Linearization:
    return Linearization.at(Function.parse(formula), {name: sympy.Rational(value) for name, value in point.items()})


@given(SMALL, SMALL)
@settings(max_examples=30, deadline=None)
def test_on_the_parabola_every_error_is_a_fraction_known_by_hand(a: Fraction, c: Fraction) -> None:
    found = rival(linear("x^2", x=a), [sympy.Rational(c)])
    assert found.limit == abs(c - 2 * a)
    for k, error in enumerate(found.errors, 1):
        t = Fraction(1, 10**k)
        truth = max(abs((a + s * t) ** 2 - a**2 - c * s * t) / t for s in (1, -1))
        assert abs(error - mpmath.mpf(truth.numerator) / truth.denominator) < mpmath.mpf(10) ** -14 * (1 + error)


@given(st.tuples(SMALL, SMALL), st.tuples(SMALL, SMALL))
@settings(max_examples=20, deadline=None)
def test_the_limit_is_the_distance_to_the_gradient(at: tuple[Fraction, Fraction], c: tuple[Fraction, Fraction]) -> None:
    (x, y), apart = at, (c[0] - 2 * at[0] * at[1], c[1] - at[0] ** 2)
    found = rival(linear("x^2 y", x=x, y=y), [sympy.Rational(entry) for entry in c])
    assert found.limit**2 == apart[0] ** 2 + apart[1] ** 2
    # |r(h)| <= 30 ||h||^2 for these points, so the error at t = 10^-6 is within 3e-5 of its limit.
    assert float(found.errors[-1]) == pytest.approx(float(found.limit), abs=3e-5)


def test_the_best_slope_as_a_rival_has_limit_zero() -> None:
    found = rival(linear("sin(x)", x=Fraction(1)), [sympy.cos(1)])
    assert found.limit == 0
    assert all(abs(error) < sympy.Rational(1, 10**k) for k, error in enumerate(found.errors, 1))


def test_beyond_the_domain_there_is_no_error() -> None:
    found = rival(linear("sqrt(x)", x=Fraction(1, 1000)), [sympy.S.Zero])
    assert [error is None for error in found.errors] == [True, True, False, False, False, False]


def test_slopes_travel_in_the_report() -> None:
    (first, second) = report("x^2", "1", "1", "5/2").rivals
    assert (first.limit.value, second.limit.value) == (1, 0.5)
    assert first.errors == pytest.approx([1 + 10.0**-k for k in range(1, 7)], rel=1e-15)


@pytest.mark.parametrize(
    ("formula", "at", "answer", "reason"),
    [
        ("x^2", "1", "yes", "every piece of the formula is smooth at the point."),
        ("x |x|", "0", "yes", ""),
        ("x |x| y", "0,1", "yes", "so r(h)/||h|| -> 0."),
        ("piecewise((x y/(x^2 + y^2), x != 0 or y != 0), (0, True))", "0,0", "no", "continuous"),
        ("piecewise((x^5 y/(x^8 + y^2), x != 0 or y != 0), (0, True))", "0,0", "no", "x = t, y = t**4"),
    ],
)
def test_little_o_is_stated_only_where_it_is_proven(formula: str, at: str, answer: str, reason: str) -> None:
    found = report(formula, at)
    assert found.differentiable == answer
    assert reason in " ".join(found.reasons)
    assert found.caveat == CAVEATS.get(answer)


def test_without_a_derivative_no_limit_is_promised_to_a_rival() -> None:
    (found,) = report("piecewise((x y/(x^2 + y^2), x != 0 or y != 0), (0, True))", "0,0", "1,0").rivals
    assert (found.limit.exact, found.limit.reason) == (None, "f is not proven differentiable here")


def test_vanishing_of_a_smooth_function_needs_no_search() -> None:
    function = Function.parse("exp(x)")
    point = {"x": sympy.S.Zero}
    assert vanishing(function, point, Linearization.at(function, point).local).answer == "yes"


def test_the_constants_of_the_absorption_are_the_norms_of_the_jacobians() -> None:
    steps = absorption([[sympy.Integer(3), sympy.Integer(4)]], [[sympy.Integer(-2)]], 2)
    assert steps[1].statement.endswith("|B| = 2")
    assert "|A| = 5, C = 6" in steps[2].statement
    assert [step.law for step in steps[3:]] == [
        "o(l(h)) = o(||h||) where |l(h)| <= C ||h||",
        "o(||h||) + o(||h||) = o(||h||)",
    ]
