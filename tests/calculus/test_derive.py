"""The derivative from its definition: right where symbolic limits go wrong, and every printed quotient a true one."""

from __future__ import annotations

from dataclasses import replace

import mpmath
import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gdcli.calculus.agreement import DisagreementError
from gdcli.calculus.definition import Local, Slope, to_mpf
from gdcli.calculus.difference import at_point, general
from gdcli.calculus.difference.report import derive_report
from gdcli.calculus.difference.sides import BY_CANCELLING, BY_CLASSICS, LETTERS, free_letters
from gdcli.calculus.exact import NoValueError
from gdcli.calculus.numeric import Numeric
from gdcli.errors import DomainError, UsageError
from gdcli.language import parse, parse_point
from gdcli.language.build import build
from gdcli.language.functions import TABLE
from gdcli.language.series import expand
from gdcli.results.derive import Derivation, DeriveReport


def derive(formula: str, at: str | None = None, wrt: list[str] | None = None) -> DeriveReport:
    read = parse(formula)
    return derive_report(read, None if at is None else parse_point(at, read.variables), wrt)


def number(written: str) -> mpmath.mpf:
    return to_mpf(build(parse(written, variables=())))


AT_ZERO = "piecewise(({}, x != 0), ({}, true))"
VALUES = [
    ("x^2", "3", "6"),
    ("x^3 - 2x", "-1/2", "-5/4"),
    ("x^100", "0", "0"),
    ("x^100", "1", "100"),
    ("(x^2 + 1)^20", "1", "20*2*2^19"),
    ("1/x", "2", "-1/4"),
    ("(2x + 1)/(x + 3)", "2", "1/5"),
    ("sqrt(x)", "4", "1/4"),
    ("cbrt(x)", "-8", "1/12"),
    ("x^(5/3)", "8", "20/3"),
    ("root(x, 5)", "1", "1/5"),
    ("x^x", "1", "1"),
    ("x^x", "2", "4 + 4*log(2)"),
    ("2^x", "0", "log(2)"),
    ("2^x", "3", "8*log(2)"),
    ("x^pi", "1", "pi"),
    ("e^x", "0", "1"),
    ("exp(-x^2)", "1", "-2/e"),
    ("log(x)", "1", "1"),
    ("log(x, 2)", "4", "1/(4*log(2))"),
    ("sin(x)", "0", "1"),
    ("sin(x)", "pi/2", "0"),
    ("cos(3x)", "pi/6", "-3"),
    ("tan(x)", "pi/4", "2"),
    ("sinh(x)", "0", "1"),
    ("tanh(2x)", "0", "2"),
    ("atan(x)", "1", "1/2"),
    ("asin(x)", "1/2", "2/sqrt(3)"),
    ("acosh(x)", "2", "1/sqrt(3)"),
    ("x*sin(x)", "pi", "-pi"),
    ("sigmoid(x)", "0", "1/4"),
    ("softplus(x)", "0", "1/2"),
    ("logsumexp(x, 2x)", "0", "3/2"),
    ("erf(x)", "0", "2/sqrt(pi)"),
    ("x*|x|", "0", "0"),
    ("|x|^3", "0", "0"),
    ("|x|", "-2", "-1"),
    ("max(x, 0)", "3", "1"),
    ("relu(x)^2", "0", "0"),
    ("x^2 if x >= 1 else 2x - 1", "1", "2"),
    ("sign(x)*x^2", "0", "0"),
    (AT_ZERO.format("x^2*sin(1/x)", "0"), "0", "0"),
    (AT_ZERO.format("sin(x)/x", "1"), "0", "0"),
    (AT_ZERO.format("(exp(x) - 1)/x", "1"), "0", "1/2"),
    (AT_ZERO.format("exp(-1/x^2)", "0"), "0", "0"),
    ("piecewise((0, x < 1), (1, x < 2), (2, true))", "3/2", "0"),
]


@pytest.mark.parametrize(("formula", "at", "truth"), VALUES, ids=[f"{f} at {p}" for f, p, _ in VALUES])
def test_the_limit_is_the_derivative(formula: str, at: str, truth: str) -> None:
    (found,) = derive(formula, at).derivations
    assert found.kind == "value"
    assert found.slope.exact is not None
    with mpmath.workdps(60):
        for side in (found.slope, found.left, found.right):
            assert side.exact is not None
            assert abs(number(side.exact.text) - number(truth)) < mpmath.mpf(10) ** -50
    check_quotients(found, formula)


NONE = [
    ("|x|", "0", "none", "-1", "1"),
    ("max(x, 0)", "0", "none", "0", "1"),
    ("max(2x, 3x, 4x)", "0", "none", "2", "4"),
    ("relu(x)", "0", "none", "0", "1"),
    ("|sin(x)|", "pi", "none", "-1", "1"),
    ("x^(1/3)", "0", "none", "f not defined", "+infinity"),
    ("x^(3/2)", "0", "none", "f not defined", "0"),
    ("sqrt(x)", "0", "none", "f not defined", "+infinity"),
    ("cbrt(x)", "0", "infinite", "+infinity", "+infinity"),
    ("sqrt(|x|)", "0", "none", "-infinity", "+infinity"),
    ("sign(x)", "0", "none", "+infinity", "+infinity"),
    ("piecewise((0, x < 1), (1, x < 2), (2, true))", "1", "none", "+infinity", "0"),
    ("piecewise((x^x, x > 0), (1, true))", "0", "none", "0", "-infinity"),
    (AT_ZERO.format("x/(1 + exp(1/x))", "0"), "0", "none", "1", "0"),
    (AT_ZERO.format("x*sin(1/x)", "0"), "0", "undecided", "not settled", "not settled"),
]


@pytest.mark.parametrize(("formula", "at", "kind", "left", "right"), NONE, ids=[f"{f} at {p}" for f, p, *_ in NONE])
def test_both_sides_are_told_where_they_do_not_agree(formula: str, at: str, kind: str, left: str, right: str) -> None:
    report = derive(formula, at)
    (found,) = report.derivations
    assert found.kind == kind
    for side, truth in ((found.left, left), (found.right, right)):
        assert (side.exact.text if side.exact is not None else side.reason) == truth
    assert found.slope.exact is None
    assert found.slope.reason
    assert report.point is not None
    assert report.point.slopes[0].kind == kind
    assert [quotient.side for quotient in found.quotients] == ["right", "left"]
    check_quotients(found, formula)


GENERAL = [
    *("x^2", "x^3 - x", "1/x", "x/(x^2 + 1)", "sqrt(x)", "1/sqrt(x)", "cbrt(x)", "x^(3/2)", "x^pi", "x^50", "x^-3"),
    *("sin(x)", "cos(x)", "sin(3x + 1)", "sin(x^2)", "sin(x)^2", "x*sin(x)", "sin(x)/x", "tan(x)", "cot(x)", "sec(x)"),
    *("csc(x)", "sinh(x)", "cosh(2x)", "tanh(x)", "coth(x)", "sech(x)", "csch(x)", "asin(x)", "acos(x)", "atan(x)"),
    *("asinh(x)", "acosh(x)", "atanh(x)", "exp(x)", "exp(-x^2)", "2^x", "a^x", "x^a", "x^x", "log(x)", "log(x)/x"),
    *("log(x + sqrt(x^2 + 1))", "sigmoid(x)", "softplus(2x)", "logsumexp(x, a)", "exp(sin(x))", "a*x^2 + b*x + c"),
    *("sqrt(a^2 - x^2)", "norm(x, a)", "dot([x, a], [a, x])", "sum(x^i/i, i=1..4)", "root(x^2 + 1, 4)", "5*x", "h*x"),
]


@pytest.mark.parametrize("formula", GENERAL)
def test_a_general_point_by_cancelling_and_classic_limits(formula: str) -> None:
    report = derive(formula, None, ["x"])
    (found,) = report.derivations
    assert found.slope.exact is not None
    assert found.slope.exact.text == report.partials["x"].text
    assert found.quotients[0].how in (BY_CANCELLING, BY_CLASSICS)
    assert "equal" in found.check
    assert found.table == ()
    check_quotients(found, formula, {"x": "5/16"})


def check_quotients(found: Derivation, formula: str, place: dict[str, str] | None = None) -> None:
    """Every printed line, read back from its text, has the value it claims at small h."""
    read = parse(formula)
    others = {name: mpmath.mpf(9 + k) / 7 for k, name in enumerate(read.variables)}
    others |= {name: mpmath.mpf(5) / 16 for name in place or {}}
    h = found.h.text
    for quotient in found.quotients:
        for size in (mpmath.mpf(1) / 4096, -mpmath.mpf(1) / 9001):
            if quotient.quotient is None or {"right": size < 0, "left": size > 0}.get(quotient.side, False):
                continue
            with mpmath.workdps(60):
                end, start = (value(text.text, {**others, h: size}) for text in (found.moved, found.start))
                if place is not None and (end is None or start is None):
                    continue
                assert end is not None
                assert start is not None
                point = {**others, h: size}
                point |= {letter: value(k.text, point) for letter, k in quotient.increments.items()}
                assert near(value(quotient.quotient.text, point), (end - start) / size)
                assert quotient.moved is None or near(value(quotient.moved.text, point), end)
                assert quotient.difference is None or near(value(quotient.difference.text, point), end - start)
        for known in (quotient.quotient, quotient.moved, *(limit.quotient for limit in quotient.limits)):
            assert known is None or known.latex.count("{") == known.latex.count("}")
            assert known is None or known.text.isascii()
            assert known is None or known.latex.isascii()


def value(written: str, point: dict[str, mpmath.mpf]) -> mpmath.mpf | None:
    return Numeric(expand(parse(written, variables=tuple(point)).tree, written)).at(point)


def near(one: mpmath.mpf | None, other: mpmath.mpf) -> bool:
    assert one is not None
    return bool(abs(one - other) <= mpmath.mpf(10) ** -45 * (1 + abs(other)))


CLASSIC = [
    ("sin(x)", {"sin(h)/h": "1", "(cos(h) - 1)/h": "0"}),
    ("exp(x)", {"(exp(h) - 1)/h": "1"}),
    ("2^x", {"(2**h - 1)/h": "log(2)"}),
    ("log(x)", {"log(k + 1)/k": "1"}),
    ("atan(x)", {"atan(k)/k": "1"}),
    ("sinh(x)", {"sinh(h)/h": "1", "(cosh(h) - 1)/h": "0"}),
    ("x^pi", {"((k + 1)**pi - 1)/k": "pi"}),
    ("sqrt(x)", {}),
]


@pytest.mark.parametrize(("formula", "limits"), CLASSIC, ids=[f for f, _ in CLASSIC])
def test_the_classic_limits_are_named(formula: str, limits: dict[str, str]) -> None:
    (found,) = derive(formula).derivations
    assert {known.quotient.text: known.limit.text for known in found.quotients[0].limits} == limits
    for quotient, limit in limits.items():
        letter = "k" if "k" in quotient else "h"
        with mpmath.workdps(60):
            last = value(quotient, {letter: mpmath.mpf(10) ** -25})
            assert last is not None
            assert abs(last - number(limit)) < mpmath.mpf(10) ** -22


def test_the_lines_of_a_polynomial() -> None:
    (found,) = derive("x^2", "3").derivations
    (quotient,) = found.quotients
    lines = (found.place_moved, found.moved, quotient.moved, quotient.difference, quotient.quotient)
    shown = [line.text for line in lines if line is not None]
    assert shown == ["3 + h", "(3 + h)**2", "h**2 + 6*h + 9", "h**2 + 6*h", "h + 6"]
    assert quotient.how == BY_CANCELLING
    assert [row.h for row in found.table] == [10.0**-k for k in range(1, 7)]
    assert [(round(row.right, 9), round(row.left, 9)) for row in found.table[:2]] == [(6.1, 5.9), (6.01, 5.99)]  # type: ignore[arg-type]


def test_one_partial_at_a_time_along_its_axis() -> None:
    first, second = derive("x1^2 x2", "1,-2").derivations
    assert (first.place.text, first.place_moved.text, second.place_moved.text) == ("1, -2", "1 + h, -2", "1, -2 + h")
    assert (first.slope.value, second.slope.value) == (-4, 1)
    assert second.quotients[0].quotient is not None
    assert second.quotients[0].quotient.text == "1"


def test_h_is_named_so_that_no_variable_bears_its_name() -> None:
    (found, _) = derive("h^2*k", "1,1").derivations
    assert found.h.text == "l"
    assert free_letters(["x"]) == LETTERS
    assert free_letters(LETTERS) == tuple(f"{letter}_0" for letter in LETTERS)


@pytest.mark.parametrize("formula", ["|x|", "max(x, 1)", "x if x > 0 else 2x", "erf(x)", "Gamma(x)", "sign(x)"])
def test_a_formula_beyond_the_identities_asks_for_a_point(formula: str) -> None:
    with pytest.raises(UsageError, match="no identity known here cancels the difference quotient in x") as caught:
        derive(formula)
    assert caught.value.hint == "give a point: --at x=1"


def test_a_constant_has_nothing_to_derive() -> None:
    with pytest.raises(DomainError, match="f is a constant"):
        derive("7")


def test_where_f_is_not_defined_there_is_no_quotient() -> None:
    with pytest.raises(NoValueError, match="f is not defined at x = 0"):
        derive("1/x", "0")


def test_a_variable_that_f_does_not_hold() -> None:
    read = parse("y^2*|y|", variables=["x", "y"])
    report = derive_report(read, parse_point("0,0", read.variables), ["x"])
    assert report.derivations[0].slope.value == 0


@pytest.mark.parametrize(("formula", "at"), [("x^2", "1"), ("x*|x|", "0"), ("erf(x)", "1")])
def test_a_gradient_that_the_definition_denies_is_our_mistake(formula: str, at: str) -> None:
    from gdcli.calculus.definition import local
    from gdcli.calculus.function import Function

    function = Function.parse(formula)
    place = {"x": sympy.Rational(at)}
    truth = local(function, place)
    (slope,) = truth.slopes
    wrong = replace(truth, slopes=(replace(slope, value=slope.value + sympy.Rational(1, 10**9)),))
    with pytest.raises(DisagreementError, match="the definition gives"):
        at_point.approached(function, place, wrong, function.variables)


def test_a_general_partial_that_the_definition_denies_is_our_mistake() -> None:
    from gdcli.calculus.function import Function

    function = Function.parse("x^2")
    (x,) = function.variables
    with pytest.raises(DisagreementError):
        general.derivation(function, x, 2 * x + sympy.Rational(1, 10**9))


def call(name: str) -> str:
    own = {"sum": "sum(x^i, i=1..3)", "prod": "prod(x + i, i=1..3)", "piecewise": "piecewise((x^2, x > 0), (x, true))"}
    own |= {"root": "root(x, 4)", "polygamma": "polygamma(1, x)", "dot": "dot([x, 2], [x, x])"}
    function = next(f for f in TABLE if f.name == name)
    return own.get(name, f"{name}(x)" if function.least == 1 else f"{name}(x, 3)")


@pytest.mark.parametrize("name", [f.name for f in TABLE])
@pytest.mark.parametrize("at", ["3/8", "13/8"])
def test_every_function_is_derived_at_a_point(name: str, at: str) -> None:
    formula = call(name)
    try:
        (found,) = derive(formula, at).derivations
    except NoValueError:
        return
    assert found.kind == "value"
    assert found.slope.exact is not None
    with mpmath.workdps(100):
        h, x = mpmath.mpf(10) ** -30, number(at)
        ends = [value(formula, {"x": x + side * h}) for side in (1, -1)]
        assert None not in ends
        truth = (ends[0] - ends[1]) / (2 * h)  # type: ignore[operator]
        assert abs(truth - to_mpf(slope_of(formula, at))) < mpmath.mpf(10) ** -45 * (1 + abs(truth))
    check_quotients(found, formula)


def slope_of(formula: str, at: str) -> sympy.Expr:
    from gdcli.calculus.definition import local
    from gdcli.calculus.function import Function

    found: Local = local(Function.parse(formula), {"x": sympy.Rational(at)})
    slope: Slope = found.slopes[0]
    return slope.value


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    unary = st.sampled_from(["sin", "cos", "exp", "atan", "tanh", "sqrt", "log", "sigmoid", "sinh"])
    return st.one_of(
        st.builds(lambda f, u: f"{f}({u})", unary, inner),
        st.builds(lambda u, o, v: f"({u}) {o} ({v})", inner, st.sampled_from(["+", "-", "*", "/"]), inner),
        st.builds(lambda u, n: f"({u})^({n})", inner, st.sampled_from(["2", "3", "-1", "1/2"])),
    )


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.recursive(st.sampled_from(["x", "x", "2", "1/3"]), grown, max_leaves=4))
def test_quotients_of_random_formulas_are_the_quotient(formula: str) -> None:
    read = parse(formula)
    assume(read.variables)
    try:
        report = derive(formula, "3/4")
    except DomainError:
        assume(False)
        raise
    (found,) = report.derivations
    assert found.kind == "value"
    check_quotients(found, formula)
