"""Directions: the lecture's example by hand, mpmath differences, the cosine law, and points without a gradient."""

from __future__ import annotations

import math
import pickle
from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from gdcli.calculus.function import Function
from gdcli.calculus.steepest.cosine import ANGLES, orthogonal
from gdcli.calculus.steepest.directional import along_ray, normalised, on_ray
from gdcli.calculus.steepest.report import steepest_report
from gdcli.errors import DomainError, UsageError
from gdcli.language import parse, parse_point
from gdcli.results.common import Quantity
from gdcli.results.steepest import DirectionReport, SteepestReport

MIXED = "piecewise((x^2 y/(x^2 + y^2), x != 0 or y != 0), (0, True))"
PARABOLA = "piecewise((x^2 y/(x^4 + y^2), x != 0 or y != 0), (0, True))"


def report(formula: str, at: str, *along: str) -> SteepestReport:
    read = parse(formula)
    return steepest_report(read, parse_point(at, read.variables), [parse_point(d, read.variables) for d in along])


def exact(quantity: Quantity) -> str:
    return "" if quantity.exact is None else quantity.exact.text


def test_the_lectures_gradient_direction() -> None:
    """f = x1^2 x2 at (1, -2): grad f = (-4, 1), |grad f| = sqrt 17; along (3, 4)/5 the slope is (-12 + 4)/5."""
    found = report("x1^2 x2", "1,-2", "3,4")
    assert found.ascent is not None
    assert [u.value for u in found.ascent.unit] == pytest.approx([-4 / math.sqrt(17), 1 / math.sqrt(17)], rel=1e-15)
    assert (exact(found.ascent.slope), exact(found.ascent.opposite)) == ("sqrt(17)", "-sqrt(17)")
    assert found.descent is not None
    assert [u.value for u in found.descent] == pytest.approx([4 / math.sqrt(17), -1 / math.sqrt(17)], rel=1e-15)
    (d,) = found.along
    assert ([exact(u) for u in d.unit], exact(d.length), exact(d.slope)) == (["3/5", "4/5"], "5", "-8/5")
    assert d.angle is not None
    assert d.angle.value == pytest.approx(math.degrees(math.acos(-8 / 5 / math.sqrt(17))), rel=1e-14)
    assert pickle.loads(pickle.dumps(found)) == found


SMOOTH = [
    ("x1^2 x2", "1,-2"),
    ("exp(x)*sin(y) + z^2", "1/3,2,-1"),
    ("sum(x_i^2, i=1..5)", "1,2,3,4,5"),
    ("log(1 + x^2)", "3"),
    ("atan2(y, x)", "3,4"),
    ("|x| + y^3", "-2,1"),
]


@pytest.mark.parametrize(("formula", "at"), SMOOTH)
def test_the_table_is_the_cosine_law_and_what_is_measured_follows_it(formula: str, at: str) -> None:
    found = report(formula, at)
    assert found.point.norm is not None
    norm = found.point.norm.value
    assert norm is not None
    for row in found.table:
        assert row.slope.value == pytest.approx(norm * math.cos(math.radians(row.degrees)), abs=1e-14 * norm)
        errors = [abs(m - row.slope.value) for m in row.measured if m is not None and row.slope.value is not None]
        assert errors[0] < 0.1 * (1 + norm)
        assert errors[2] < 1e-5 * (1 + norm)
    degrees = [row.degrees for row in found.table]
    assert degrees == ([0, 180] if len(found.variables) == 1 else list(ANGLES))


def test_measured_changes_by_hand_in_rational_arithmetic() -> None:
    """f = x^2 + x y at (3, 1), d = (3, 4)/5: a change is a fraction."""
    (d,) = report("x^2 + x y", "3,1", "3,4").along
    for eps, change in zip((Fraction(1, 10**k) for k in (2, 4, 6)), d.measured, strict=True):
        x, y = 3 + eps * Fraction(3, 5), 1 + eps * Fraction(4, 5)
        assert change == float((x**2 + x * y - 12) / eps)


SMALL = st.fractions(min_value=-5, max_value=5, max_denominator=4)


@given(st.tuples(SMALL, SMALL), st.tuples(SMALL, SMALL))
@settings(max_examples=20, deadline=None)
def test_along_any_direction_the_slope_is_the_scalar_product(
    at: tuple[Fraction, Fraction], d: tuple[Fraction, Fraction]
) -> None:
    if d == (0, 0):
        return
    (x, y), (a, b) = at, d
    (found,) = report("x^2 y + y", f"({x}),({y})", f"({a}),({b})").along
    scalar = 2 * x * y * a + (x**2 + 1) * b
    assert found.slope.value == pytest.approx(float(scalar) / math.hypot(a, b), rel=1e-13, abs=1e-15)


@given(st.lists(st.integers(-6, 6), min_size=2, max_size=5).filter(any))
@settings(max_examples=40, deadline=None)
def test_the_level_direction_is_orthogonal_and_of_length_one(entries: list[int]) -> None:
    unit, _ = normalised([sympy.Integer(entry) for entry in entries])
    side = orthogonal(unit)
    assert side is not None
    assert sympy.simplify(sum(u * w for u, w in zip(unit, side, strict=True))) == 0
    assert sympy.simplify(sum(w**2 for w in side)) == 1


def test_a_stationary_point_has_no_steepest_direction() -> None:
    found = report("x^2 - y^2", "0,0", "1,1")
    assert (found.stationary, found.ascent, found.descent, found.level, found.table) == (True, None, None, None, ())
    assert [exact(d.slope) for d in found.along] == ["0"]
    assert found.along[0].angle is None


def sides(direction: DirectionReport) -> tuple[str, str]:
    return (
        exact(direction.slope) or str(direction.slope.reason),
        exact(direction.opposite) or str(direction.opposite.reason),
    )


@pytest.mark.parametrize(
    ("formula", "at", "axes", "along", "slopes"),
    [
        # |h| goes up both ways.
        ("|x|", "0", [("1", "1")], "-2", ("1", "1")),
        ("|x| + y", "0,0", [("1", "1"), ("1", "-1")], "1,1", ("sqrt(2)", "0")),
        ("max(x, 2*y)", "0,0", [("1", "0"), ("2", "0")], "3,4", ("8/5", "-3/5")),
        ("norm(x, y)", "0,0", [("1", "1"), ("1", "1")], "3,4", ("1", "1")),
        ("cbrt(x)", "0", [("+infinity", "-infinity")], "1", ("+infinity", "-infinity")),
        ("sqrt(x)", "0", [("+infinity", "f not defined")], "-1", ("f not defined", "+infinity")),
        # x^2 y/(x^2 + y^2) is homogeneous of degree 1: along (a, b)/|d| its derivative is its own value there.
        (MIXED, "0,0", [("0", "0"), ("0", "0")], "3,4", ("36/125", "-36/125")),
        # x^2 y/(x^4 + y^2) along (a, b) with b != 0 has the derivative a^2/b; it is not even continuous.
        (PARABOLA, "0,0", [("0", "0"), ("0", "0")], "3,4", ("9/20", "-9/20")),
    ],
)
def test_without_a_derivative_the_one_sided_slopes_are_told(
    formula: str, at: str, axes: list[tuple[str, str]], along: str, slopes: tuple[str, str]
) -> None:
    found = report(formula, at, along)
    assert found.differentiable == "no"
    assert found.reasons
    assert (found.ascent, found.descent, found.level, found.table) == (None, None, None, ())
    assert (found.point.steepest, found.point.norm) == (None, None)
    assert [sides(axis) for axis in found.axes] == axes
    assert sides(found.along[0]) == slopes


def test_a_proven_derivative_at_a_kink_gives_directions() -> None:
    found = report("x |x| + 2*y", "0,0")
    assert (found.differentiable, found.axes) == ("yes", ())
    assert found.ascent is not None
    assert [exact(u) for u in found.ascent.unit] == ["0", "1"]


def test_the_ray_is_a_function_of_one_variable_even_where_t_is_taken() -> None:
    function = Function.parse("t^2 + 3*s")
    point = {"s": sympy.Integer(1), "t": sympy.Integer(2)}
    unit = (sympy.Rational(3, 5), sympy.Rational(4, 5))
    ray = on_ray(function, point, unit)
    t = sympy.Symbol("t", real=True)
    assert sympy.expand(ray.expr - ((2 + 4 * t / 5) ** 2 + 3 * (1 + 3 * t / 5))) == 0
    found = along_ray(function, point, sympy.Integer(7), unit)
    assert (found.forward.value, found.backward.value) == (5, -5)


def test_beyond_the_domain_nothing_is_measured() -> None:
    found = report("sqrt(x)", "0.001")
    assert found.table[1].measured[0] is None
    assert found.table[1].measured[2] is not None


@pytest.mark.parametrize(
    ("formula", "at", "along", "message", "kind"),
    [
        ("x^2 + y", "1,2", "0,0", "--along: the zero vector has no direction", UsageError),
        ("x^2 + y", "1,2", "0, sqrt(2)^2 - 2", "--along: the zero vector has no direction", UsageError),
        ("log(x)", "0", "1", "f is not defined at x = 0: log(0) is not a real number", DomainError),
    ],
)
def test_bad_input(formula: str, at: str, along: str, message: str, kind: type[DomainError | UsageError]) -> None:
    with pytest.raises(kind) as caught:
        report(formula, at, along)
    assert caught.value.message == message
    assert caught.value.hint


def test_a_constant_has_no_direction() -> None:
    with pytest.raises(DomainError, match="there is no direction to go in"):
        steepest_report(parse("7"), {})


def test_an_oscillating_quotient_is_told() -> None:
    found = report("piecewise((x sin(1/x), x != 0), (0, True))", "0")
    assert found.reasons[-1].startswith("df/dx: no derivative: the quotient -> 0 where 1/t = 2*pi*n")
    assert [sides(axis) for axis in found.axes] == [("not settled", "not settled")]


def test_the_steepest_slope_is_written_as_the_norm() -> None:
    found = report("exp(x) + sin(y)", "1,2")
    assert found.ascent is not None
    assert exact(found.ascent.slope) == "sqrt(exp(2) + cos(2)**2)"
