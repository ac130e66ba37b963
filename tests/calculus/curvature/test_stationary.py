"""Kinds of stationary points: textbook cases, each worked by hand; and the Taylor polynomial."""

from __future__ import annotations

import mpmath
import pytest

from gdcli.calculus.curvature.report import curvature_report
from gdcli.calculus.definition import to_mpf
from gdcli.calculus.interval.box import parse_box
from gdcli.calculus.numeric import Numeric
from gdcli.errors import DomainError
from gdcli.language import parse, parse_point
from gdcli.language.build import build_point
from gdcli.results.curvature import CurvaturePoint, CurvatureReport

CASES = [
    ("x^3 - 3x", "1", "strict local minimum", "positive definite"),
    ("x^3 - 3x", "-1", "strict local maximum", "negative definite"),
    ("x^3 - 3x", "0", "not stationary", "zero"),
    ("x^3", "0", "inflection", "zero"),
    ("x^4", "0", "global minimum", "zero"),
    ("x^5 - x^4", "0", "strict local maximum", "zero"),
    ("x^6*(x + 1)", "0", "strict local minimum", "zero"),
    ("x^2 + 3x*y + 5y^2", "0,0", "global minimum", "positive definite"),
    ("x*y", "0,0", "saddle", "indefinite"),
    ("x^2 - y^2", "0,0", "saddle", "indefinite"),
    ("-x^2 - y^4", "0,0", "global maximum", "negative semidefinite"),
    ("x^3 - 3x*y^2", "0,0", "saddle", "zero"),
    ("x^2 - y^4", "0,0", "saddle", "positive semidefinite"),
    ("x^2 + y^3", "0,0", "saddle", "positive semidefinite"),
    ("x^2*y^2", "0,0", "global minimum", "zero"),
    ("x^2*y^4 - x^4*y^2", "0,0", "undecided", "zero"),
    ("(y - x^2)*(y - 2x^2)", "0,0", "undecided", "positive semidefinite"),
    ("100*(y - x^2)^2 + (1 - x)^2", "1,1", "global minimum", "positive definite"),
    ("(x^2 + y - 11)^2 + (x + y^2 - 7)^2", "3,2", "global minimum", "positive definite"),
    (
        "(x1 + 10x2)^2 + 5(x3 - x4)^2 + (x2 - 2x3)^4 + 10(x1 - x4)^4",
        "0,0,0,0",
        "global minimum",
        "positive semidefinite",
    ),
    ("sin(x) + sin(y)", "pi/2,-pi/2", "saddle", "indefinite"),
    ("cos(x)*cos(y)", "0,0", "global maximum", "negative definite"),
    ("exp(x) - e*x", "1", "global minimum", "positive definite"),
    ("x*log(x)", "1/e", "global minimum", "positive definite"),
    ("x^2 + sqrt(2)*x", "-sqrt(2)/2", "global minimum", "positive definite"),
]


def report(text: str, at: str | None, variables: tuple[str, ...] | None = None) -> CurvatureReport:
    formula = parse(text, variables=variables)
    return curvature_report(formula, None if at is None else parse_point(at, formula.variables), None)


def point(text: str, at: str) -> CurvaturePoint:
    found = report(text, at).point
    assert found is not None
    return found


@pytest.mark.parametrize(("text", "at", "kind", "definiteness"), CASES)
def test_the_kind_of_a_point(text: str, at: str, kind: str, definiteness: str) -> None:
    found = point(text, at)
    assert (found.type, found.definiteness) == (kind, definiteness)
    assert found.type_reason


def test_on_a_box_the_minimum_is_the_boxs() -> None:
    formula = parse("x^4 - 3x^2 + x^2*y^2 + y^2")
    box = parse_box("x=1..2, y=-1..1", formula.variables)
    at = parse_point("sqrt(3/2), 0", formula.variables)
    found = curvature_report(formula, at, box).point
    assert found is not None
    assert found.type in ("minimum over the box", "strict local minimum")
    inside = curvature_report(parse("x^3 - 3x"), parse_point("1", ("x",)), parse_box("0..5", ("x",))).point
    assert inside is not None
    assert (inside.type, inside.type_reason) == (
        "minimum over the box",
        "f is convex on x in [0, 5]: where grad f = 0 it has its minimum",
    )


def test_a_constant_has_no_curvature() -> None:
    with pytest.raises(DomainError, match="f is a constant"):
        report("3", None)


@pytest.mark.parametrize(("text", "at"), [("|x|", "0"), ("max(x, y)", "1,1"), ("cbrt(x)", "0"), ("|x|^3", "0")])
def test_at_a_kink_there_is_no_hessian(text: str, at: str) -> None:
    found = point(text, at)
    assert found.hessian is None
    assert found.taylor is None
    assert "not smooth" in (found.reason or "")


def test_outside_the_domain_is_an_error() -> None:
    with pytest.raises(DomainError, match="f is not defined at x = -1"):
        point("log(x)", "-1")


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("x^2", "1", "1 + 2*(x - 1) + (x - 1)**2"),
        ("x^2*y", "1,-2", "-2 - 4*(x - 1) + (y + 2) - 2*(x - 1)**2 + 2*(x - 1)*(y + 2)"),
        ("exp(x)", "0", "1 + x + 1/2*x**2"),
        ("cos(x)", "0", "1 - 1/2*x**2"),
        ("x*y", "0,0", "x*y"),
        ("7 + 0*x", "3", "7"),
        ("sin(x)", "pi/4", None),
    ],
)
def test_the_taylor_polynomial_is_written_in_steps(text: str, at: str, expected: str | None) -> None:
    found = point(text, at)
    assert found.taylor is not None
    if expected is not None:
        assert found.taylor.text == expected


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("exp(x*y) + sin(x)", "1,1/2"),
        ("log(1 + x^2 + y^2)", "1,-2"),
        ("softplus(x)*y", "0,3"),
        ("x^y", "2,3"),
        ("sqrt(x)*cos(y)", "2,pi/3"),
    ],
)
def test_the_taylor_polynomial_leaves_a_remainder_of_third_order(text: str, at: str) -> None:
    found = point(text, at)
    assert found.taylor is not None
    names = ("x", "y")
    f, t2 = (Numeric(parse(source, variables=names).tree) for source in (text, found.taylor.text))
    place = build_point(parse_point(at, names))
    with mpmath.workdps(60):
        start = {v.name: to_mpf(number) for v, number in place.items()}
        errors = []
        for h in (mpmath.mpf(10) ** -8, mpmath.mpf(10) ** -10):
            moved = {"x": start["x"] + h, "y": start["y"] - h / 2}
            errors.append(abs(f.at(moved) - t2.at(moved)))
        assert errors[0] < mpmath.mpf(10) ** -22
        assert errors[1] < errors[0] / mpmath.mpf(10) ** 5
