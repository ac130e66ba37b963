"""Partials at kinks, edges and removable points: worked by hand from the limit of the difference quotient."""

from __future__ import annotations

import pytest
import sympy

from gdcli.calculus.definition import Side, Slope, local
from gdcli.calculus.exact import NoValueError, sign_of
from gdcli.calculus.function import Function
from gdcli.language import parse_point
from gdcli.language.build import build_point

ORIGIN = "piecewise(({}, x != 0 or y != 0), (0, True))"
AT_ZERO = "piecewise(({}, x != 0), ({}, True))"


def slopes(formula: str, at: str) -> tuple[Slope, ...]:
    function = Function.parse(formula)
    names = tuple(v.name for v in function.variables)
    point = {v.name: number for v, number in build_point(parse_point(at, names)).items()}
    return local(function, point).slopes


VALUES = [
    ("x**3", "0", ["0"]),
    ("x*abs(x)", "0", ["0"]),
    ("abs(x)**3", "0", ["0"]),
    ("abs(x)", "-2", ["-1"]),
    ("sin(abs(x))**2", "0", ["0"]),
    ("2**x", "0", ["log(2)"]),
    ("x**x", "1", ["1"]),
    ("x**x", "2", ["4 + 4*log(2)"]),
    ("cbrt(x)**3", "0", ["1"]),
    ("cbrt(x)**4", "0", ["0"]),
    ("cbrt(x)", "-8", ["1/12"]),
    ("max(x, 0)", "3", ["1"]),
    ("max(x**2, -x**2)", "0", ["0"]),
    ("relu(x)**2", "0", ["0"]),
    ("softplus(x)", "0", ["1/2"]),
    ("sign(x)*x**2", "0", ["0"]),
    (AT_ZERO.format("sin(x)/x", "1"), "0", ["0"]),
    (AT_ZERO.format("(exp(x) - 1)/x", "1"), "0", ["1/2"]),
    (AT_ZERO.format("(1 - cos(x))/x", "0"), "0", ["1/2"]),
    (AT_ZERO.format("x**2*sin(1/x)", "0"), "0", ["0"]),
    (AT_ZERO.format("exp(-1/x**2)", "0"), "0", ["0"]),
    ("x**2 if x > 0 else x**3", "0", ["0"]),
    ("sin(x) if x > 0 else x", "0", ["1"]),
    ("x**2 if x > 1 else 2*x - 1", "1", ["2"]),
    ("abs(cos(x))", "0", ["0"]),
    (ORIGIN.format("x**3/(x**2 + y**2)"), "0,0", ["1", "0"]),
    (ORIGIN.format("x*y/(x**2 + y**2)"), "0,0", ["0", "0"]),
    (ORIGIN.format("(x**3 - y**3)/(x**2 + y**2)"), "0,0", ["1", "-1"]),
    (ORIGIN.format("x**5*y/(x**8 + y**2)"), "0,0", ["0", "0"]),
    ("abs(x*y)", "0,0", ["0", "0"]),
    ("sqrt(abs(x*y))", "0,0", ["0", "0"]),
    ("cbrt(x*y)", "0,0", ["0", "0"]),
    ("x*abs(y)", "0,0", ["0", "0"]),
    ("max(x, y)", "1,0", ["1", "0"]),
    ("atan2(y, x)", "1,1", ["-1/2", "1/2"]),
    ("norm(x, y)", "3,4", ["3/5", "4/5"]),
    ("x**y", "0,2", ["0", "0"]),
]


@pytest.mark.parametrize(("formula", "at", "expected"), VALUES, ids=[f"{f} at {p}" for f, p, _ in VALUES])
def test_the_partial_at_the_point(formula: str, at: str, expected: list[str]) -> None:
    for slope, truth in zip(slopes(formula, at), expected, strict=True):
        assert slope.kind == "value"
        assert sign_of(slope.value - sympy.sympify(truth)) == 0


OO = sympy.oo
NONE = [
    ("abs(x)", "0", -1, 1),
    ("abs(sin(x))", "pi", -1, 1),
    ("abs(exp(x) - 1)", "0", -1, 1),
    ("sqrt(x**2)", "0", -1, 1),
    ("max(x, 0)", "0", 0, 1),
    ("relu(x)", "0", 0, 1),
    ("max(2*x, 3*x, 4*x)", "0", 2, 4),
    ("min(x, x**2)", "1", 2, 1),
    ("abs(x - 1) + abs(x - 2)", "1", -2, 0),
    ("x**2 if x > 0 else x", "0", 1, 0),
    ("sigmoid(abs(x))", "0", "-1/4", "1/4"),
    ("abs(x)*exp(x)", "0", -1, 1),
    ("sqrt(abs(x))", "0", -OO, OO),
    ("acos(cos(x))", "0", -1, 1),
    ("asin(sin(x))", "pi/2", 1, -1),
    ("log(1 + abs(x))", "0", -1, 1),
    ("norm(x, x)", "0", "-sqrt(2)", "sqrt(2)"),
    (AT_ZERO.format("x/(1 + exp(1/x))", "0"), "0", 1, 0),
    (AT_ZERO.format("abs(x)*log(abs(x))", "0"), "0", OO, -OO),
]


@pytest.mark.parametrize(("formula", "at", "left", "right"), NONE, ids=[f"{f} at {p}" for f, p, *_ in NONE])
def test_two_one_sided_slopes_that_differ(formula: str, at: str, left: object, right: object) -> None:
    (slope,) = slopes(formula, at)
    assert slope.kind == "none"
    for side, truth in ((slope.left, left), (slope.right, right)):
        assert side is not None
        assert side.value is not None
        assert sympy.simplify(side.value - sympy.sympify(truth)) in (0, sympy.nan)
        assert (side.value == truth) or side.kind == "value"


EDGES = [
    ("sqrt(x)", "0", "undefined", OO),
    ("x**(3/2)", "0", "undefined", 0),
    ("sqrt(x)**2", "0", "undefined", 1),
    ("acosh(x)", "1", "undefined", OO),
    ("x**(1/3)", "0", "undefined", OO),
    ("x*sqrt(x)", "0", "undefined", 0),
]


@pytest.mark.parametrize(("formula", "at", "left", "right"), EDGES, ids=[f for f, *_ in EDGES])
def test_an_edge_of_the_domain_has_one_side(formula: str, at: str, left: str, right: object) -> None:
    (slope,) = slopes(formula, at)
    assert slope.kind == "none"
    assert slope.left == Side("undefined")
    assert slope.right is not None
    assert slope.right.value == right


@pytest.mark.parametrize("formula", ["cbrt(x)", "root(x, 5)", "sign(x)*sqrt(abs(x))"])
def test_a_vertical_tangent_is_infinite(formula: str) -> None:
    (slope,) = slopes(formula, "0")
    assert (slope.kind, slope.value) == ("infinite", OO)


@pytest.mark.parametrize("formula", ["sign(x)", "1 if x >= 0 else 0", "piecewise((1, x == 0), (2, True))"])
def test_a_jump_is_not_a_vertical_tangent(formula: str) -> None:
    (slope,) = slopes(formula, "0")
    assert slope.kind == "none"
    assert slope.left is not None
    assert slope.right is not None
    assert slope.left.jump or slope.right.jump


@pytest.mark.parametrize("formula", [AT_ZERO.format("x*sin(1/x)", "0"), AT_ZERO.format("abs(x*sin(1/x))", "0")])
def test_what_oscillates_is_never_given_a_number(formula: str) -> None:
    (slope,) = slopes(formula, "0")
    assert slope.kind == "undecided"
    assert slope.value is None


NOWHERE = [
    ("1/x", "0", "f is not defined at x = 0: a division by zero"),
    ("x/x", "0", "f is not defined at x = 0: a division by zero"),
    ("x^2/x", "0", "f is not defined at x = 0: a division by zero"),
    ("x**(-2)", "0", "f is not defined at x = 0: a division by zero"),
    ("x**x", "0", "f is not defined at x = 0: 0^0"),
    ("log(x)", "0", "f is not defined at x = 0: log(0) is not a real number"),
    ("log(x)", "-1", "f is not defined at x = -1: log(-1) is not a real number"),
    ("exp(log(x))", "-1", "f is not defined at x = -1: log(-1) is not a real number"),
    ("sqrt(x)**2", "-1", "f is not defined at x = -1: sqrt(-1) is not a real number"),
    ("x**(1/2)", "-4", "f is not defined at x = -4: (-4)^(1/2) is not real"),
    ("asin(x)", "2", "f is not defined at x = 2: asin(2) is not a real number"),
    ("tan(x)", "pi/2", "f is not defined at x = pi/2: tan(pi/2) is not a real number"),
    ("atan2(y, x)", "0,0", "f is not defined at x = 0, y = 0: atan2(0, 0) is not a real number"),
    ("piecewise((x, x > 1))", "0", "f is not defined at x = 0: no branch of the piecewise holds"),
]


@pytest.mark.parametrize(("formula", "at", "message"), NOWHERE, ids=[f"{f} at {p}" for f, p, _ in NOWHERE])
def test_where_f_is_not_defined_it_says_why(formula: str, at: str, message: str) -> None:
    with pytest.raises(NoValueError) as caught:
        slopes(formula, at)
    assert caught.value.message == message
    assert caught.value.hint == "choose a point inside the domain of f"


@pytest.mark.parametrize(
    ("formula", "point", "smooth"),
    [
        (ORIGIN.format("x**3/(x**2 + y**2)"), {"x": 1, "y": 0}, True),
        (ORIGIN.format("x**3/(x**2 + y**2)"), {"x": 0, "y": 0}, False),
        ("piecewise((x, x > 0 and y > 0), (x**2, True))", {"x": -1, "y": 0}, True),
        ("piecewise((x, x > 0 and y > 0), (x**2, True))", {"x": 1, "y": 0}, False),
        ("abs(x*y)", {"x": 1, "y": 1}, True),
        ("abs(x*y)", {"x": 1, "y": 0}, False),
    ],
)
def test_a_boundary_that_decides_nothing_is_no_boundary(formula: str, point: dict[str, int], smooth: bool) -> None:
    place = {name: sympy.Integer(value) for name, value in point.items()}
    assert local(Function.parse(formula), place).smooth is smooth


def test_signs_are_proven_or_not_given() -> None:
    assert sign_of(sympy.sqrt(2) * sympy.sqrt(3) - sympy.sqrt(6)) == 0
    assert sign_of(sympy.sqrt(5 + 2 * sympy.sqrt(6)) - sympy.sqrt(2) - sympy.sqrt(3)) == 0
    assert sign_of(sympy.pi - sympy.Rational(22, 7)) == -1
    assert sign_of(sympy.exp(sympy.pi) - sympy.pi - 20) == -1
