"""The pages of the calculus: whole, within the width, and to the letter for the lecture's examples."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gdcli.calculus.report import gradient_report
from gdcli.calculus.report_tangent import tangent_report
from gdcli.language import parse, parse_point
from gdcli.render import Look, latex, text
from gdcli.render.text.calculus import equation, number
from gdcli.results.common import Quantity, Written

LOOK = Look(width=80)


def grad_page(formula: str, at: str | None = None, look: Look = LOOK) -> str:
    read = parse(formula)
    return text.result(gradient_report(read, parse_point(at, read.variables) if at else None, None), look)


def tangent_page(formula: str, at: str) -> str:
    read = parse(formula)
    return text.result(tangent_report(read, parse_point(at, read.variables)), LOOK)


def test_the_page_of_the_lectures_gradient() -> None:
    assert grad_page("x1^2 x2 + x1 x2^3", "1,-2") == (
        """\
f(x1, x2) = x1**2*x2 + x1*x2**3

  df/dx1 = 2*x1*x2 + x2**3
  df/dx2 = x1**2 + 3*x1*x2**2

grad f = [ 2*x1*x2 + x2**3    ]
         [ x1**2 + 3*x1*x2**2 ]

at x1 = 1, x2 = -2:
  f = -10
  df/dx1 = -12
  df/dx2 = 13
  grad f = [ -12 ]
           [  13 ]
  steepest ascent along (-0.67828, 0.734803), slope |grad f| = sqrt(313) ~
      17.691806013

rules: sum, constant multiple, power, identity
"""
    )


def test_the_page_of_the_lectures_tangent() -> None:
    assert tangent_page("x^2", "1") == (
        """\
f(x) = x**2

tangent at x = 1
  f = 1
  df/dx = 2
  T(x) = 1 + 2*(x - 1)

remainder: f(x0 + h) = f(x0) + f'(x0) h + r(h)
  r(h) = h**2

  |r(h)|/|h| along
      |h|         h > 0         h < 0
    1e-01    1.0000e-01    1.0000e-01
    1e-02    1.0000e-02    1.0000e-02
    1e-03    1.0000e-03    1.0000e-03
    1e-04    1.0000e-04    1.0000e-04
    1e-05    1.0000e-05    1.0000e-05
    1e-06    1.0000e-06    1.0000e-06

r(h) = o(|h|), proven: every piece of the formula is smooth at the point.
measured: |r(h)| ~ |h|^2.00

No other slope does as well: for slope c, error/|h| -> |c - 2|, which is 0 only
    for c = 2.
"""
    )


@pytest.mark.parametrize(
    ("formula", "at", "line"),
    [
        ("|x|", "0", "  df/dx: no derivative: left -1, right 1"),
        ("x^2 + y^2", "0,0", "  grad f = 0: a stationary point, no direction is steeper than another"),
        ("7", None, "f is a constant: it has no partial derivatives"),
        ("x/2", "1", "  f = 1/2 = 0.5"),
        ("x/3", "1", "  f = 1/3 ~ 0.333333333333"),
    ],
)
def test_a_line_of_the_page(formula: str, at: str | None, line: str) -> None:
    assert line in grad_page(formula, at).splitlines()


def test_sampled_evidence_promises_nothing() -> None:
    page = tangent_page("piecewise((x^5 y/(x^8 + y^2), x != 0 or y != 0), (0, True))", "0,0")
    assert "o(||h||)" not in page
    assert "in these directions" in page
    assert "f is not differentiable at this point" in page
    assert "x = t, y = t**4" in page
    assert "No other slope" not in page


def test_a_linear_function_is_its_own_tangent() -> None:
    page = tangent_page("3x - 2y + 1", "1,1/2")
    assert "r = 0: f is its own tangent." in page


def test_a_long_formula_is_folded_and_whole() -> None:
    formula = "sum((x_{i+1} - x_i^2)^2, i=1..30)"
    page = grad_page(formula)
    assert max(map(len, page.splitlines())) <= 80
    assert "f(x1, ..., x31) = " in page
    assert "the 31 partials above as a column" in page
    for name, partial in gradient_report(parse(formula), None, None).partials.items():
        assert f"df/d{name}={partial.text}".replace(" ", "") in page.replace("\n", "").replace(" ", "")


TERMS = st.lists(st.from_regex(r"[a-z][0-9](\*\*[2-9])?(\*[a-z]{1,30})*", fullmatch=True), min_size=1, max_size=30)


# Drawing thirty terms from a regular expression is slow on a busy machine, and is not what is tested.
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(TERMS, st.sampled_from([" + ", " - ", "*"]), st.integers(60, 120))
def test_folding_loses_nothing_and_keeps_the_width(terms: list[str], joint: str, width: int) -> None:
    formula = joint.join(terms)
    lines = equation("df/dx1", formula, Look(width=width), indent=2)
    assert max(map(len, lines)) <= width
    assert "".join(lines).replace(" ", "") == f"df/dx1={formula}".replace(" ", "")


@pytest.mark.parametrize(
    ("exact", "value", "reason", "shown"),
    [
        ("2", 2.0, None, "2"),
        ("3/4", 0.75, None, "3/4 = 0.75"),
        ("sqrt(2)", 2**0.5, None, "sqrt(2) ~ 1.41421356237"),
        (None, None, "infinite", "infinite"),
        ("10**400", None, "beyond the range of a double", "10**400 (beyond the range of a double)"),
    ],
)
def test_a_number_is_shown_exactly_and_in_decimals(
    exact: str | None, value: float | None, reason: str | None, shown: str
) -> None:
    assert number(Quantity(None if exact is None else Written(exact, exact), value, reason)) == shown


def test_latex_is_one_align_environment() -> None:
    read = parse("x1^2 x2")
    page = latex.result(gradient_report(read, parse_point("1,pi", read.variables), None), LOOK)
    lines = page.splitlines()
    assert (lines[0], lines[-1]) == (r"\begin{align*}", r"\end{align*}")
    assert all(line.endswith(r" \\") for line in lines[1:-2])
    assert r"  \frac{\partial f}{\partial x_{1}} &= 2 x_{1} x_{2} \\" in lines
    assert r"\begin{pmatrix} 2 \pi \\ 1 \end{pmatrix}" in page


def test_latex_of_a_tangent_keeps_the_step_together() -> None:
    read = parse("x^2")
    page = latex.result(tangent_report(read, parse_point("1", read.variables)), LOOK)
    assert r"T\left(x\right) &= 1 + 2 \left(x - 1\right) \\" in page
    assert r"r\left(h\right) &= h^{2}" in page


def test_latex_says_a_missing_slope_in_words() -> None:
    read = parse("|x|")
    page = latex.result(gradient_report(read, parse_point("0", read.variables), None), LOOK)
    assert r"\text{no derivative: left -1, right 1}" in page


def test_colour_is_only_where_it_is_asked_for() -> None:
    assert "\x1b[" not in grad_page("|x|", "0")
    assert "\x1b[" in grad_page("|x|", "0", Look(colour=True))
