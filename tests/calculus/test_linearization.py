"""The linear part and what it leaves: the lecture's examples, and the definition of differentiability in numbers."""

from __future__ import annotations

import mpmath
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from gdcli.calculus.affine import affine
from gdcli.calculus.function import Function
from gdcli.calculus.linearization import Linearization, step_names
from gdcli.errors import DomainError

H, H1, H2, X = sympy.symbols("h h1 h2 x", real=True)


def at(formula: str, **point: str) -> Linearization:
    return Linearization.at(Function.parse(formula), {name: sympy.sympify(value) for name, value in point.items()})


def test_the_parabola_of_the_lecture() -> None:
    linear = at("x^2", x="1")
    assert (linear.value, linear.gradient) == (1, (2,))
    assert linear.remainder == H**2
    assert linear.tangent([X]) == 2 * X - 1


def test_the_two_variables_of_the_lecture() -> None:
    linear = at("x1^2*x2 + x1*x2^3", x1="1", x2="2")
    assert (linear.value, linear.gradient) == (10, (12, 13))
    truth = (1 + H1) ** 2 * (2 + H2) + (1 + H1) * (2 + H2) ** 3 - 10 - 12 * H1 - 13 * H2
    assert sympy.expand(linear.remainder - truth) == 0
    assert all(sum(powers) >= 2 for powers in sympy.Poly(linear.remainder, H1, H2).monoms())


@pytest.mark.parametrize(
    ("formula", "point", "remainder"),
    [
        ("1/x", "1", H**2 / (H + 1)),
        ("x^3", "2", H**3 + 6 * H**2),
        ("5*x - 3", "7", sympy.S.Zero),
        ("exp(x)", "0", sympy.exp(H) - H - 1),
    ],
)
def test_the_remainder_in_closed_form(formula: str, point: str, remainder: sympy.Expr) -> None:
    assert at(formula, x=point).remainder == remainder


def test_the_decay_table_holds_the_remainder() -> None:
    decay = at("x^2", x="1").decay()
    assert [float(t) for t in decay.steps] == [0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6]
    with mpmath.workdps(50):
        for t, row in zip(decay.steps, decay.ratios, strict=True):
            assert all(abs(ratio - t) < mpmath.mpf(10) ** -45 for ratio in row)


@pytest.mark.parametrize(
    ("formula", "point", "order"),
    [
        ("x^2", {"x": "1"}, 2),
        ("sin(x)", {"x": "0"}, 3),
        ("cos(x)", {"x": "0"}, 2),
        ("x^7", {"x": "0"}, 7),
        ("x*abs(x)", {"x": "0"}, 2),
        ("cbrt(x)^4", {"x": "0"}, 4 / 3),
        ("x*y", {"x": "0", "y": "0"}, 2),
        ("exp(x)*sin(y)", {"x": "1", "y": "2"}, 2),
    ],
)
def test_the_measured_order(formula: str, point: dict[str, str], order: float) -> None:
    found = at(formula, **point).decay().order
    assert found == pytest.approx(order, abs=1e-4)


def test_a_linear_function_leaves_nothing() -> None:
    decay = at("3*x - 2*y + 1", x="1", y="1/2").decay()
    assert decay.order is None
    assert all(ratio == 0 for row in decay.ratios for ratio in row)


def test_beyond_the_domain_the_table_is_empty_there() -> None:
    decay = at("sqrt(x)", x="1/1000").decay()
    assert [row[1] is None for row in decay.ratios] == [True, True, False, False, False, False]


def test_partials_alone_do_not_make_a_tangent_plane() -> None:
    linear = at("piecewise((x*y/(x^2 + y^2), x != 0 or y != 0), (0, True))", x="0", y="0")
    assert linear.gradient == (0, 0)
    assert not linear.local.smooth
    assert linear.decay().order == pytest.approx(0)


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("abs(x)", "f has no tangent here: in x no derivative: left -1, right 1"),
        ("cbrt(x)", "f has no tangent here: in x infinite: the tangent is vertical (+infinity from both sides)"),
        (
            "piecewise((x*sin(1/x), x != 0), (0, True))",
            "f has no tangent here: in x undecided: left not settled, right not settled",
        ),
        ("log(x)", "f is not defined at x = 0: log(0) is not a real number"),
    ],
)
def test_without_a_derivative_there_is_no_tangent(formula: str, message: str) -> None:
    with pytest.raises(DomainError) as caught:
        at(formula, x="0")
    assert caught.value.message == message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("variables", "names"),
    [
        (["x"], ["h"]),
        (["x1", "x2"], ["h1", "h2"]),
        (["x", "y"], ["h_x", "h_y"]),
        (["h"], ["k"]),
        (["x1", "y1"], ["h_x1", "h_y1"]),
        (["h1", "h2"], ["k1", "k2"]),
    ],
)
def test_the_step_has_a_name_of_its_own(variables: list[str], names: list[str]) -> None:
    assert step_names(variables) == names


@pytest.mark.parametrize(
    ("value", "terms", "expected"),
    [
        ("1", [("2", "x", "1")], "1 + 2*(x - 1)"),
        ("0", [("1", "x", "0")], "x"),
        ("0", [("-1", "x", "0")], "-x"),
        ("-3", [("-4", "x1", "1"), ("1", "x2", "-2")], "-3 - 4*(x1 - 1) + (x2 + 2)"),
        ("5", [("0", "x", "1")], "5"),
        ("0", [("0", "x", "1")], "0"),
        ("1/2", [("-1/4", "x", "2")], "1/2 - 1/4*(x - 2)"),
    ],
)
def test_a_tangent_is_written_with_its_steps(value: str, terms: list[tuple[str, str, str]], expected: str) -> None:
    read = [(sympy.sympify(g), sympy.Symbol(x, real=True), sympy.sympify(a)) for g, x, a in terms]
    assert affine(sympy.sympify(value), read).text == expected


RATIONALS = st.fractions(min_value=-3, max_value=3, max_denominator=20).map(lambda q: sympy.Rational(str(q)))


@settings(max_examples=40, deadline=None)
@given(RATIONALS, RATIONALS, RATIONALS, RATIONALS)
def test_value_linear_part_and_remainder_add_up(a: object, b: object, u: object, v: object) -> None:
    function = Function.parse("exp(x)*y^3 + x^2*y - cos(x*y)")
    linear = Linearization.at(function, {"x": a, "y": b})
    step = dict(zip(linear.steps, (u, v), strict=True))
    left = function.expr.subs(dict(zip(function.variables, (a + u, b + v), strict=True)))
    right = linear.tangent([a + u, b + v]) + linear.remainder.subs(step)
    assert abs((left - right).evalf(40, chop=True)) < 1e-30
