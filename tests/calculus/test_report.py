"""Reports: plain Python that crosses a process border, with the numbers of the calculus."""

from __future__ import annotations

import math
import pickle

import pytest

from gdcli.calculus.report import gradient_report
from gdcli.calculus.report_tangent import CAVEATS, tangent_report
from gdcli.errors import DomainError
from gdcli.language import parse, parse_point
from gdcli.language.functions import TABLE
from gdcli.results.grad import GradientReport
from gdcli.results.tangent import TangentReport


def grad(formula: str, at: str | None = None, wrt: tuple[str, ...] | None = None) -> GradientReport:
    read = parse(formula)
    return gradient_report(read, None if at is None else parse_point(at, read.variables), wrt)


def tangent(formula: str, at: str) -> TangentReport:
    read = parse(formula)
    return tangent_report(read, parse_point(at, read.variables))


def test_the_lectures_gradient() -> None:
    report = grad("x1^2 x2 + x1 x2^3", "1,-2")
    assert {name: partial.text for name, partial in report.partials.items()} == {
        "x1": "2*x1*x2 + x2**3",
        "x2": "x1**2 + 3*x1*x2**2",
    }
    assert report.point is not None
    assert report.point.value.value == -10
    assert [s.slope.value for s in report.point.slopes] == [-12, 13]
    assert report.point.steepest == pytest.approx((-12 / math.sqrt(313), 13 / math.sqrt(313)), rel=1e-15)
    assert report.point.norm is not None
    assert report.point.norm.exact is not None
    assert report.point.norm.exact.text == "sqrt(313)"


@pytest.mark.parametrize("at", [None, "1,2"])
def test_a_report_crosses_the_pipe(at: str | None) -> None:
    report = grad("x*y + |x|", at)
    assert pickle.loads(pickle.dumps(report)) == report


def test_only_the_partials_asked_for() -> None:
    report = grad("a x^2 + b", "a=1, b=2, x=3", ("x",))
    assert list(report.partials) == ["x"]
    assert report.point is not None
    assert list(report.point.at) == ["a", "b", "x"]
    assert [s.slope.value for s in report.point.slopes] == [6]


def test_a_kink_carries_both_sides() -> None:
    report = grad("|x|", "0")
    assert report.point is not None
    (slope,) = report.point.slopes
    assert (slope.kind, slope.slope.value, slope.slope.reason) == ("none", None, "no derivative: left -1, right 1")
    assert slope.left is not None
    assert slope.right is not None
    assert (slope.left.value, slope.right.value) == (-1, 1)
    assert (report.point.steepest, report.point.norm) == (None, None)


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("sign(x)", "no derivative: f jumps here"),
        ("cbrt(x)", "infinite: the tangent is vertical (+infinity from both sides)"),
        ("sqrt(x)", "no derivative: left f not defined, right +infinity"),
        ("sqrt(|x|)", "no derivative: left -infinity, right +infinity"),
        ("piecewise((x*sin(1/x), x != 0), (0, True))", "undecided: left not settled, right not settled"),
    ],
)
def test_every_missing_slope_says_why(formula: str, reason: str) -> None:
    report = grad(formula, "0")
    assert report.point is not None
    assert report.point.slopes[0].slope.reason == reason


def test_a_stationary_point_has_no_steepest_direction() -> None:
    report = grad("x^2 + y^2", "0,0")
    assert report.point is not None
    assert report.point.steepest is None
    assert report.point.norm is not None
    assert report.point.norm.value == 0


def test_a_number_beyond_a_double_stays_exact() -> None:
    report = grad("x^400", "10")
    assert report.point is not None
    assert report.point.value.value is None
    assert report.point.value.reason == "about 1.00000E+400: beyond the range of a double"
    assert report.point.value.exact is not None
    assert report.point.value.exact.text == "1" + "0" * 400


def test_the_lectures_tangent() -> None:
    report = tangent("x^2", "1")
    assert (report.tangent.text, report.remainder.text) == ("1 + 2*(x - 1)", "h**2")
    assert [row.ratios[0] for row in report.decay] == [row.h for row in report.decay]
    assert report.order == pytest.approx(2)
    assert (report.smooth, report.caveat) == (True, None)


def test_partials_without_smoothness_are_a_caveat_and_no_promise() -> None:
    report = tangent("piecewise((x y/(x^2 + y^2), x != 0 or y != 0), (0, True))", "0,0")
    assert report.caveat == CAVEATS["no"]
    assert report.order == pytest.approx(0)


def test_a_constant_has_no_tangent() -> None:
    with pytest.raises(DomainError, match="f is a constant: there is nothing to approximate"):
        tangent_report(parse("7"), {})


def test_deep_formulas_need_no_help_from_the_caller() -> None:
    report = grad("sin(" * 60 + "x" + ")" * 60, "0")
    assert report.point is not None
    assert report.point.slopes[0].slope.value == 1


def test_json_has_the_keys_of_the_interface() -> None:
    document = grad("x^2 y", "1,2").as_json()
    assert document["at"] == {"x": 1.0, "y": 2.0}
    assert document["value"] == 2.0
    assert document["gradient"] == {"x": 4.0, "y": 1.0}
    assert document["exact"] == {"at": {"x": "1", "y": "2"}, "value": "2", "gradient": {"x": "4", "y": "1"}}
    assert document["partials"] == {"x": "2*x*y", "y": "x**2"}


@pytest.mark.parametrize(
    "name", [f.name for f in TABLE if f.name not in {"sum", "prod", "piecewise", "root", "polygamma"}]
)
def test_every_function_and_its_powers_can_be_reported(name: str) -> None:
    function = next(f for f in TABLE if f.name == name)
    inner = f"{name}(x, 3)" if function.least == 2 else f"{name}(x)"
    for formula in (inner, f"({inner})^2", f"1/({inner})", f"({inner})^(-3)*exp({inner})"):
        report = grad(formula)
        assert report.partials["x"].text
        assert report.partials["x"].latex
        assert set(parse(report.partials["x"].text).variables) <= {"x"}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        # 1 - tanh(u)^2 = 4/(e^u + e^-u)^2, at 60 digits by mpmath; the last is 4e-8685, nearer to 0 than any double.
        ("1 - tanh(100)^2", 5.5355861069469501e-87),
        ("1 - tanh(300)^2", 1.0601586212017243e-260),
        ("1 - tanh(9999)^2", 0.0),
    ],
)
def test_no_digit_of_a_double_is_left_over_from_cancellation(formula: str, value: float) -> None:
    report = grad(f"x*({formula})", "1")
    assert report.point is not None
    assert report.point.value.value == value
