"""Reverse accumulation: the lecture's partials to the letter, agreement with forward derivatives, and its cost."""

from __future__ import annotations

import sys

import mpmath
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from gdcli.calculus.definition import to_mpf
from gdcli.calculus.function import Function
from gdcli.calculus.gradient import Count, gradient, raw_partials

X, Y, Z = sympy.symbols("x y z", real=True)


def partials(text: str) -> tuple[sympy.Expr, ...]:
    function = Function.parse(text)
    return gradient(function.expr, function.variables)


def test_the_lectures_example() -> None:
    x1, x2 = sympy.symbols("x1 x2", real=True)
    assert partials("x1^2*x2 + x1*x2^3") == (2 * x1 * x2 + x2**3, x1**2 + 3 * x1 * x2**2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x/(1 + x**2)", (1 - X**2) / (1 + X**2) ** 2),
        ("(x**2 + 1)**10", 20 * X * (X**2 + 1) ** 9),
        ("exp(-x**2/2)", -X * sympy.exp(-(X**2) / 2)),
        ("x**3 - 3*x", 3 * X**2 - 3),
        ("3", None),
    ],
)
def test_the_form_is_the_one_a_person_would_write(text: str, expected: sympy.Expr | None) -> None:
    assert partials(text) == (() if expected is None else (expected,))


def test_a_variable_that_is_absent_has_partial_zero() -> None:
    assert gradient(X**2, (X, Y)) == (2 * X, 0)


def test_a_tie_of_max_belongs_to_no_branch() -> None:
    (in_x, in_y) = gradient(sympy.Max(X**2, Y), (X, Y))
    assert in_x.subs({X: 2, Y: 1}) == 4
    assert in_y.subs({X: 2, Y: 1}) == 0
    assert in_x.subs({X: 2, Y: 4}) is sympy.nan


def rosenbrock(n: int) -> tuple[sympy.Expr, tuple[sympy.Symbol, ...]]:
    x = sympy.symbols(f"x1:{n + 1}", real=True)
    return sympy.Add(*(100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2 for i in range(n - 1))), x


def cost(n: int) -> Count:
    count = Count()
    raw_partials(*rosenbrock(n), count)
    return count


def test_the_number_of_local_derivatives_grows_like_the_formula() -> None:
    small, large = cost(50), cost(400)
    assert large.edges <= 8.2 * small.edges
    assert large.nodes <= 8.2 * small.nodes
    assert large.edges <= 11 * 400


def test_a_shared_piece_is_visited_once() -> None:
    count = Count()
    raw_partials(sympy.sin(X * Y) + sympy.cos(X * Y) + sympy.exp(X * Y), (X, Y), count)
    assert (count.nodes, count.edges) == (5, 8)


def test_a_product_of_n_factors_costs_n_local_derivatives() -> None:
    x = sympy.symbols("x1:41", real=True)
    count = Count()
    found = raw_partials(sympy.Mul(*x), x, count)
    assert count.edges == 40
    assert found[7] == sympy.Mul(*(v for v in x if v is not x[7]))


def test_depth_costs_no_stack() -> None:
    expr = X
    for _ in range(150):
        expr = sympy.sin(expr)
    before = sys.getrecursionlimit()
    (slope,) = raw_partials(expr, (X,))
    assert len(slope.args) == 150
    assert sys.getrecursionlimit() == before


def test_branches_are_derived_inside() -> None:
    inside = sympy.Or(sympy.Ne(X, 0), sympy.Ne(Y, 0))
    f = sympy.Piecewise((X**3 / (X**2 + Y**2), inside), (0, True))
    (in_x, _) = gradient(f, (X, Y))
    assert in_x.subs({X: 1, Y: 1}) == 1
    assert sympy.simplify(in_x.args[0][0] - sympy.diff(X**3 / (X**2 + Y**2), X)) == 0


LEAVES = st.sampled_from([X, Y, Z, sympy.Integer(2), sympy.Rational(1, 3), sympy.Integer(-1)])
UNARY = st.sampled_from([sympy.sin, sympy.cos, sympy.exp, sympy.atan, sympy.tanh, lambda u: sympy.log(1 + u**2)])


def grow(inner: st.SearchStrategy[sympy.Expr]) -> st.SearchStrategy[sympy.Expr]:
    return st.one_of(
        st.builds(lambda f, u: f(u), UNARY, inner),
        st.builds(lambda *u: sympy.Add(*u), inner, inner, inner),
        st.builds(lambda *u: sympy.Mul(*u), inner, inner, inner),
        st.builds(lambda u, n: u**n, inner, st.integers(2, 4)),
        st.builds(lambda u, v: u / (1 + v**2), inner, inner),
        st.builds(lambda u, v: (1 + u**2) ** sympy.atan(v), inner, inner),
    )


EXPRESSIONS = st.recursive(LEAVES, grow, max_leaves=8)


@settings(max_examples=120, deadline=None)
@given(EXPRESSIONS)
def test_it_agrees_with_one_forward_derivative_for_each_variable(expr: sympy.Expr) -> None:
    place = {X: sympy.Rational(3, 7), Y: sympy.Rational(-5, 9), Z: sympy.Rational(1, 11)}
    with mpmath.workdps(40):
        for variable, found in zip((X, Y, Z), gradient(expr, (X, Y, Z)), strict=True):
            truth = to_mpf(expr.diff(variable).subs(place))
            assert abs(to_mpf(found.subs(place)) - truth) <= mpmath.mpf(10) ** -25 * (1 + abs(truth))
