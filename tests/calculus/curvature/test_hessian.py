"""Hessians of the test functions of the literature against central differences in 50 digits and more.

More, Garbow and Hillstrom, "Testing unconstrained optimization software", ACM TOMS 7 (1981): Rosenbrock (1), Beale (5),
Powell singular (13), Wood (14), Brown badly scaled (4), helical valley (7); Himmelblau, "Applied Nonlinear
Programming" (1972); Booth, Matyas, three-hump camel, McCormick: Jamil and Yang, arXiv 1308.4008 (2013).
"""

from __future__ import annotations

import mpmath
import pytest
import sympy

from gdcli.calculus.curvature.hessian import Hessian
from gdcli.calculus.definition import to_mpf
from gdcli.calculus.function import Function
from gdcli.calculus.numeric import Numeric

BEALE = "(3/2 - x + x*y)^2 + (9/4 - x + x*y^2)^2 + (21/8 - x + x*y^3)^2"
WOOD = "100*(x2 - x1^2)^2 + (1 - x1)^2 + 90*(x4 - x3^2)^2 + (1 - x3)^2 + 10*(x2 + x4 - 2)^2 + (x2 - x4)^2/10"
FUNCTIONS = {
    "Rosenbrock": ("100*(x2 - x1^2)^2 + (1 - x1)^2", "1,1", 0),
    "Beale": (BEALE, "3,1/2", 0),
    "Himmelblau": ("(x^2 + y - 11)^2 + (x + y^2 - 7)^2", "3,2", 0),
    "Powell": ("(x1 + 10x2)^2 + 5(x3 - x4)^2 + (x2 - 2x3)^4 + 10(x1 - x4)^4", "0,0,0,0", 0),
    "Wood": (WOOD, "1,1,1,1", 0),
    "Booth": ("(x + 2y - 7)^2 + (2x + y - 5)^2", "1,3", 0),
    "Matyas": ("0.26(x^2 + y^2) - 0.48x y", "0,0", 0),
    "Brown": ("(x - 10^6)^2 + (y - 2*10^-6)^2 + (x*y - 2)^2", "1000000,1/500000", 0),
    "camel": ("2x^2 - 1.05x^4 + x^6/6 + x y + y^2", "0,0", 0),
    "McCormick": ("sin(x + y) + (x - y)^2 - 1.5x + 2.5y + 1", "-pi/3 + 1/2,-pi/3 - 1/2", None),
    "logistic": ("softplus(-x) + softplus(2x - y) + (x^2 + y^2)/10", None, None),
    "logsumexp": ("logsumexp(x, 2y, x - y)", None, None),
    "helical": ("100*((z - 5/pi*atan2(y, x))^2 + (sqrt(x^2 + y^2) - 1)^2) + z^2", "1,0,0", 0),
}
H = mpmath.mpf(10) ** -30


def second_difference(numeric: Numeric, place: dict[str, mpmath.mpf], a: str, b: str) -> mpmath.mpf:
    """d2f/da db by four values at distance 1e-30: exact to 1e-50 in 150 digits."""
    total = mpmath.mpf(0)
    for s in (1, -1):
        for t in (1, -1):
            moved = dict(place)
            moved[a] += s * H
            moved[b] += t * H
            total += s * t * numeric.at(moved)
    return total / (4 * H * H)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_hessian_is_what_differences_say(name: str) -> None:
    function = Function.parse(FUNCTIONS[name][0])
    hessian = Hessian.of(function)
    numeric = Numeric(function.tree)
    values = [sympy.Rational(7, 8), sympy.Rational(-3, 5), sympy.Rational(5, 4), sympy.Rational(-1, 3)]
    point = dict(zip(function.variables, values, strict=False))
    matrix = hessian.at(point)
    with mpmath.workdps(150):
        place = {v.name: to_mpf(number) for v, number in point.items()}
        for i, a in enumerate(function.variables):
            for j, b in enumerate(function.variables):
                truth = second_difference(numeric, place, a.name, b.name)
                assert abs(to_mpf(matrix[i][j]) - truth) <= mpmath.mpf(10) ** -40 * (1 + abs(truth))


@pytest.mark.parametrize("name", [name for name, (_, minimum, _) in FUNCTIONS.items() if minimum])
def test_the_gradient_vanishes_at_the_minimum_of_the_literature(name: str) -> None:
    from gdcli.language import parse_point
    from gdcli.language.build import build_point

    text, minimum, value = FUNCTIONS[name]
    function = Function.parse(text)
    place = build_point(parse_point(minimum or "", [v.name for v in function.variables]))
    for slope in Hessian.of(function).gradient:
        assert sympy.simplify(slope.xreplace(place)) == 0
    if value is not None:
        assert sympy.simplify(function.expr.xreplace(place)) == value


def test_only_entries_that_are_not_zero_are_kept() -> None:
    hessian = Hessian.of(Function.parse("sum((1 - x_i)^2 + 100*(x_{i+1} - x_i^2)^2, i=1..49)"))
    assert len(hessian.entries) == 50 + 49
    assert not hessian.constant
    assert Hessian.of(Function.parse("x^2 + 3x*y")).constant
