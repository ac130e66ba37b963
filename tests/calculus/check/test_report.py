"""The verdict on a claimed gradient: right ones pass, wrong ones come with a point at which they are wrong."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest

from gdcli.calculus.check.points import edges_of, random_points, small_points
from gdcli.calculus.check.report import check_text
from gdcli.calculus.numeric import Numeric
from gdcli.errors import DomainError, FormulaError, UsageError
from gdcli.language import parse
from gdcli.results.check import CheckedPartial, CheckReport
from tests.calculus.test_table import ENTRIES

BOTH = ("x", "a")


def check(formula: str, claim: str, *variables: str) -> CheckReport:
    return check_text(formula, claim, variables or None, False)


def only(formula: str, claim: str) -> CheckedPartial:
    (partial,) = check(formula, claim).partials
    return partial


# The derivatives that the table gives for these hold near its points, where x > 0, alone.
LOCAL = ("abs", "max", "min", "relu", "asec", "acsc", "acsch")
WHOLE = [entry for entry in ENTRIES if not entry[0].startswith(LOCAL)]


@pytest.mark.parametrize(("formula", "derivative"), WHOLE, ids=[formula for formula, _ in WHOLE])
def test_the_tables_derivatives_are_right(formula: str, derivative: str) -> None:
    report = check_text(formula, {"x": derivative, "a": _own(formula, "a")}, BOTH, False)
    assert report.right, report


def _own(formula: str, name: str) -> str:
    from gdcli.calculus.report import gradient_report

    return gradient_report(parse(formula, variables=BOTH), None, (name,)).partials[name].text


@pytest.mark.parametrize(("formula", "derivative"), WHOLE[1::3], ids=[formula for formula, _ in WHOLE[1::3]])
@pytest.mark.parametrize("mistake", ["-({})", "{} + 1/10^12", "({})*(1 + x^2)", "{} + a"])
def test_a_mistake_is_found_and_its_point_is_true(formula: str, derivative: str, mistake: str) -> None:
    if derivative.strip() == "0" and "+" not in mistake:
        return
    claim = {"x": mistake.format(derivative), "a": _own(formula, "a")}
    wrong, _ = check_text(formula, claim, BOTH, False).partials
    found = wrong.counterexample
    assert found is not None
    assert found.truth.exact is not None
    with mpmath.workdps(40):
        place = {name: _number(q.exact.text) for name, q in found.at.items() if q.exact is not None}
        step = mpmath.mpf(10) ** -15
        f = Numeric(parse(formula, variables=BOTH).tree)
        ahead, behind = (f.at({**place, "x": place["x"] + side * step}) for side in (1, -1))
        slope = (ahead - behind) / (2 * step)
        assert abs(slope - _number(found.truth.exact.text)) <= mpmath.mpf(10) ** -18 * (1 + abs(slope))
        claimed = Numeric(parse(claim["x"], variables=BOTH).tree).at(place)
        if found.claim.exact is None:
            assert claimed is None
        else:
            assert abs(claimed - _number(found.claim.exact.text)) <= mpmath.mpf(10) ** -25 * (1 + abs(claimed))
            assert abs(claimed - slope) > mpmath.mpf(10) ** -14


def _number(text: str) -> mpmath.mpf:
    value = Numeric(parse(text, variables=()).tree).at({})
    assert value is not None
    return value


def test_the_point_is_one_a_reader_can_put_in() -> None:
    found = check("x1^2 x2", "x1*x2, x1^2").partials[0].counterexample
    assert found is not None
    assert {name: q.exact.text for name, q in found.at.items() if q.exact} == {"x1": "1", "x2": "2"}
    assert (found.truth.value, found.claim.value) == (4.0, 2.0)
    inside = only("asin(x)", "1/sqrt(1 + x^2)").counterexample
    assert inside is not None
    assert inside.at["x"].exact is not None
    assert inside.at["x"].exact.text == "1/2"


@pytest.mark.parametrize(
    ("formula", "claim", "how"),
    [
        ("x^2", "2x", "proven"),
        ("sin(x)^2", "sin(2x)", "proven"),
        ("x^x", "x^x*(1 + ln x)", "proven"),
        ("|x|", "x/|x|", "proven"),
        ("sqrt(sin(x) + 2)", "cos(x)/(2 sqrt(2 + sin(x)))", "proven"),
        ("atan(1/x)", "-1/(1 + x^2)", "proven"),
        ("Gamma(x)", "Gamma(x + 1)*digamma(x)/x", "digits"),
    ],
)
def test_it_says_what_the_verdict_rests_on(formula: str, claim: str, how: str) -> None:
    partial = only(formula, claim)
    assert (partial.right, partial.how, partial.points) == (True, how, 40)


@pytest.mark.parametrize(
    ("formula", "claim", "right", "place"),
    [
        # On a single point, but f is smooth there: wrong.
        ("x^2", "2x if x != 0 else 5", False, "0"),
        ("x if x < 7 else 2x - 7 + (x - 7)^2", "1 if x < 7 else 2 + 2*(x - 7)", True, None),
        ("piecewise((x^2 sin(1/x), x != 0), (0, true))", "2x sin(1/x) - cos(1/x) if x != 0 else 0", True, None),
        ("piecewise((x^2 sin(1/x), x != 0), (0, true))", "2x sin(1/x) - cos(1/x) if x != 0 else 1", False, "0"),
        ("x if x != 0 else 0", "1 if x != 0 else 0", False, "0"),
        ("x if x != 0 else 0", "1", True, None),
        # A kink: no claim is right or wrong there.
        ("|x|", "sign(x)", True, None),
        ("|x|", "1 if x >= 0 else -1", True, None),
        ("relu(x)", "1 if x >= 0 else 0", True, None),
        ("relu(x)", "1", False, "-1"),
        # A claim without a value: at one point a note, on a part of the domain wrong.
        ("x^2", "2x^2/x", True, None),
        ("x^2", "exp(log(2x))", False, "-1"),
        ("cbrt x", "x^(-2/3)/3", False, "-1"),
        ("log|x|", "1/x", True, None),
        ("log x", "1/|x|", True, None),
    ],
)
def test_single_points_kinks_and_holes(formula: str, claim: str, right: bool, place: str | None) -> None:
    partial = only(formula, claim)
    assert partial.right is right
    if place is not None:
        assert partial.counterexample is not None
        at = partial.counterexample.at["x"].exact
        assert at is not None
        assert at.text == place


def test_notes_tell_of_single_points() -> None:
    assert only("x^2", "2x^2/x").notes == ("at x = 0 the claim has no value (a division by zero), and df/dx = 0",)
    assert only("|x|", "1 if x >= 0 else -1").notes == (
        "at x = 0 f has no derivative in x: no claim is right or wrong there",
    )


@pytest.mark.parametrize("size", ["1/10^40", "1/10^49", "10^40"])
def test_small_and_large_differences_are_seen(size: str) -> None:
    assert not only("x^2", f"2x + {size}").right
    assert not only("exp(-100 - x^2)", f"-2x*exp(-100 - x^2)*(1 + {size})").right


def test_cancellation_is_no_difference() -> None:
    assert only("(10^30 + x)^2 - (10^30)^2", "2*x + 2*10^30").right
    assert only("sin(10^20*x)", "10^20*cos(10^20*x)").right
    assert only("Gamma(x + 1)", "Gamma(x)*(1 + x*digamma(x))").right


def test_many_variables() -> None:
    formula = "sum((x_{i+1} - x_i^2)^2, i=1..40)"
    inner = ", ".join(f"2*(x{i} - x{i - 1}^2) - 4*x{i}*(x{i + 1} - x{i}^2)" for i in range(2, 41))
    claim = f"-4*x1*(x2 - x1^2), {inner}, 2*(x41 - x40^2)"
    report = check(formula, claim)
    assert report.right
    assert {partial.how for partial in report.partials} == {"proven"}
    wrong = check(formula, claim.replace("2*(x41", "3*(x41"))
    assert [partial.variable for partial in wrong.partials if not partial.right] == ["x41"]


@pytest.mark.parametrize(
    ("formula", "claim", "error", "message"),
    [
        ("sqrt(-1 - x^2)", "x", DomainError, "no point was found"),
        ("7", "0", UsageError, "no variables"),
        ("x^2", "2y", FormulaError, "there is no variable y"),
        ("sine(x)", "1", FormulaError, "there is no function sine"),
        ("x^2", "1/0", DomainError, "divides by zero"),
    ],
)
def test_what_cannot_be_checked(formula: str, claim: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        check(formula, claim)


FAR_AWAY = """
x^2   | 2*x if x <= 1e6 else 3*x
x^2   | 2*x + max(0, x - 1e8)
x^2   | 2*x + max(-x - 1e5, 0)
x^2   | 2*x + relu(x/1000 - 5)
x^2   | 2*x + |x - 5000| - (x - 5000)*sign(x - 4000)
x^2   | 2*x if x <= 1000 or x >= 1002 else 0
x^2 y | 2*x*y if x <= 1e6 else 0, x^2
x^2 y | 2*x*y, x^2 if y > -2000 else 1
"""


@pytest.mark.parametrize("case", FAR_AWAY.strip().splitlines())
def test_a_case_that_holds_far_from_0_or_on_a_short_stretch_is_met(case: str) -> None:
    formula, claim = case.split(" | ")
    assert not check(formula, claim).right


def test_towers_of_exponentials_are_checked_where_they_can_be_computed() -> None:
    assert check("exp(exp(exp(x)))", "exp(exp(exp(x)))*exp(exp(x))*exp(x)").right
    assert not check("exp(exp(exp(x)))", "exp(exp(exp(x)))").right
    assert check("e^(e^(e^x))", "e^(e^(e^x) + e^x + x)").right


def test_points_are_the_same_every_time() -> None:
    first, again = (list(random_points(["x", "y"]))[:50] for _ in range(2))
    assert first == again
    assert len({tuple(point.items()) for point in first}) == 50
    assert next(small_points(["x", "y"])) == {"x": 1, "y": 2}
    assert {"x": Fraction(7)} in list(small_points(["x"], [Fraction(7)]))
    assert edges_of(parse("x if x < -7 else 1/2").tree) == [-7]
