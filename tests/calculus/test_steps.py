"""Every step is true: the derivative it gives is what differences of `of` say, in 50 digits, for every function."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import mpmath
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gdcli.calculus.agreement import DisagreementError, agreement, compared
from gdcli.calculus.function import Function
from gdcli.calculus.gradient import gradient
from gdcli.calculus.numeric import Numeric
from gdcli.calculus.report import gradient_report
from gdcli.calculus.steps.walk import LIMIT, steps
from gdcli.errors import UsageError
from gdcli.language import parse
from gdcli.language.functions import TABLE
from gdcli.language.series import expand
from gdcli.language.text import text
from gdcli.language.tree_text import tree_text
from gdcli.results.common import DerivativeStep

EXAMPLES = {
    "atan2": ["atan2(x^2, x + 3)", "atan2(x, 2)", "atan2(3, x*y)"],
    "log": ["log(x)", "log(x^2 + 1, 3)", "log(3, x + 4)", "log(x + 5, x + 4)"],
    "root": ["root(x, 3)", "root(x^2 + 1, 4)", "root(3*x, 5)^2"],
    "min": ["min(x, 3)", "min(x^2, x, y)"],
    "max": ["max(x, 3)", "max(x^2, x, y)", "max(x)"],
    "logsumexp": ["logsumexp(x, y, x^2)"],
    "norm": ["norm(x, y, 3)", "norm(x^2)"],
    "dot": ["dot([x, y], [x^2, x*y])"],
    "polygamma": ["polygamma(0, x)", "polygamma(2, x^2 + 1)"],
    "sum": ["sum(x_i^2, i=1..3)", "sum(x^i*i, i=1..4)", "sum(sum(x^i*j, j=1..2), i=1..2)"],
    "prod": ["prod(x + i, i=1..3)", "prod(x_i, i=1..3)"],
    "piecewise": ["piecewise((x^2, x > y), (x*y, x < -1), (y, true))", "piecewise((x^2, x > 0))", "x if x > y else y"],
}
STRUCTURE = [
    *("7", "y", "x", "-x", "x + 3 - y", "2*x*3", "x*x", "x*y*sin(x)", "x/3", "3/x", "x/x", "(x + 1)/(x^2 + 2)"),
    *("x^0", "x^1", "x^-2", "x^(3/2)", "(x^2 + 1)^10", "x^pi", "x^y", "2^x", "e^x", "e^(-x^2)", "y^(x*y)", "x^x"),
    *("(x + 2)^sin(x)", "-(-x)", "x - (y - x)", "x_{1+1}^2", "(x + y) + (x - y)", "log(1 + exp(3*x))", "1/(1 + e^-x)"),
    *("(-2)^2*x", "x^2^2", "0*x", "1*x", "y*sum(i, i=1..3)*x", "x*(1/x)", "-x^2*-x"),
]


def calls() -> Iterator[tuple[str, str]]:
    for function in TABLE:
        for example in EXAMPLES.get(function.name, [f"{function.name}(x)", f"{function.name}(x*y + 1/3)"]):
            yield function.name, example


CALLS = list(calls())
POINTS = [Fraction(a, 16) for a in (3, 13, 29, -11, -37)]


def difference(numeric: Numeric, place: dict[str, mpmath.mpf], name: str) -> mpmath.mpf | None:
    """(f(x + h) - f(x - h)) / 2h at h = 1e-30 in 130 digits: exact to about 1e-58."""
    h = mpmath.mpf(10) ** -30
    ends = [numeric.at({**place, name: place[name] + side * h}) for side in (1, -1)]
    return None if None in ends else (ends[0] - ends[1]) / (2 * h)


def holds(of: str, gives: str, name: str, variables: tuple[str, ...]) -> int:
    """The number of points at which d of / d name = gives, both read again from their text."""
    whole, slope = (expand(parse(s, variables=variables).tree, s) for s in (of, gives))
    left, right = Numeric(whole), Numeric(slope)
    met = 0
    with mpmath.workdps(130):
        for k in range(len(POINTS)):
            turned = POINTS[k:] + POINTS[:k]
            place = {v: mpmath.mpf(q.numerator) / q.denominator for v, q in zip(variables, turned, strict=False)}
            truth, claimed = difference(left, place, name), right.at(place)
            if truth is None or claimed is None:
                continue
            assert abs(truth - claimed) <= mpmath.mpf(10) ** -50 * (1 + abs(truth)), (of, gives, place)
            met += 1
    return met


def check(formula: str) -> dict[str, tuple[DerivativeStep, ...]]:
    read = parse(formula)
    report = gradient_report(read, None, None, stepwise=True)
    assert report.steps is not None
    for name, found in report.steps.items():
        assert found[-1].gives == report.partials[name].text
        assert [step.rule == "simplification" for step in found[:-1]].count(True) == 0
        for place, step in enumerate(found):
            assert all(use <= place for use in step.uses)
            assert step.latex.count("{") == step.latex.count("}")
            assert step.latex.count(r"\left") == step.latex.count(r"\right")
            if step.rule == "simplification":
                both = [expand(parse(s, variables=read.variables).tree, s) for s in (step.of, step.gives)]
                compared(*both, read.variables)
            else:
                holds(step.of, step.gives, name, read.variables)
    return dict(report.steps)


@pytest.mark.parametrize(("name", "formula"), CALLS, ids=[formula for _, formula in CALLS])
def test_every_function_has_true_steps(name: str, formula: str) -> None:
    found = check(formula)
    rules = {rule for all_steps in found.values() for step in all_steps for rule in step.rule.split(", ")}
    assert {"prod": "product"}.get(name, name) in rules


@pytest.mark.parametrize("name", [function.name for function in TABLE])
def test_every_functions_step_is_seen_at_some_point(name: str) -> None:
    met = 0
    for formula in [formula for owner, formula in CALLS if owner == name]:
        variables = parse(formula).variables
        last = steps(parse(formula).tree, variables[0])[-1]
        report = gradient_report(parse(formula), None, None, stepwise=True)
        assert report.steps is not None
        assert last.depth == 0
        met += holds(formula, report.partials[variables[0]].text, variables[0], variables)
    assert met


@pytest.mark.parametrize("formula", STRUCTURE)
def test_every_rule_has_true_steps(formula: str) -> None:
    check(formula)


LEAVES = st.sampled_from(["x", "y", "2", "3/2", "x", "pi", "e"])


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    unary = st.sampled_from(
        ["sin", "cos", "exp", "atan", "tanh", "sqrt", "log", "abs", "sigmoid", "softplus", "erf", "-"]
    )
    binary = st.sampled_from(["+", "-", "*", "/"])
    return st.one_of(
        st.builds(lambda f, u: f"{f}({u})", unary, inner),
        st.builds(lambda u, o, v: f"({u}) {o} ({v})", inner, binary, inner),
        st.builds(lambda u, n: f"({u})^({n})", inner, st.sampled_from(["2", "3", "-1", "1/2", "x", "y"])),
        st.builds(lambda u, v: f"max({u}, {v})", inner, inner),
        st.builds(lambda u, v: f"(({u}) if x > y else ({v}))", inner, inner),
    )


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.recursive(LEAVES, grown, max_leaves=6))
def test_steps_of_random_formulas_are_true(formula: str) -> None:
    read = parse(formula)
    assume(read.variables)
    for name in read.variables:
        for step in steps(read.tree, name):
            holds(tree_text(step.of), tree_text(step.gives), name, read.variables)


CHAIN = [
    ("power", "x**2", "2*x", ()),
    ("identity", "x", "1", ()),
    ("constant multiple", "3*x", "3", (2,)),
    ("sin, chain", "sin(3*x)", "cos(3*x)*3", (3,)),
    ("product", "x**2*sin(3*x)", "2*x*sin(3*x) + x**2*cos(3*x)*3", (1, 4)),
    ("sum, constant", "x**2*sin(3*x) + 5", "2*x*sin(3*x) + x**2*cos(3*x)*3", (5,)),
    ("simplification", "2*x*sin(3*x) + x**2*cos(3*x)*3", "3*x**2*cos(3*x) + 2*x*sin(3*x)", (6,)),
]


def test_the_steps_read_as_a_teacher_writes_them() -> None:
    found = check("x^2 sin 3x + 5")["x"]
    assert [(s.rule, s.of, s.gives, s.uses) for s in found] == CHAIN
    assert [s.depth for s in found] == [2, 4, 3, 2, 1, 0, 0]
    assert found[-1].law == "equal, proven"


def test_steps_are_those_of_the_formula_as_typed() -> None:
    found = check("x*x")["x"]
    assert [(s.rule, s.of, s.gives) for s in found] == [
        ("identity", "x", "1"),
        ("product", "x*x", "x + x"),
        ("simplification", "x + x", "2*x"),
    ]


def test_what_occurs_twice_is_differentiated_once() -> None:
    assert [s.of for s in check("sin(x^2)*cos(x^2)")["x"]].count("x**2") == 1


def test_equality_that_no_proof_reaches_is_told_from_proof() -> None:
    last = check("log(1 + exp(x))")["x"][-1]
    assert last.law == "equal in 50 digits at 12 points"


def test_two_different_forms_are_our_mistake() -> None:
    function = Function.parse("x^2")
    (partial,) = gradient(function.expr, function.variables)
    assert agreement(parse("x + x").tree, partial, ["x"]).proven
    with pytest.raises(DisagreementError, match="two ways to one derivative give"):
        agreement(parse("2*x + 1/10^45").tree, partial, ["x"])


def test_forms_that_share_no_point_are_said_to_be_uncompared() -> None:
    partial = Function.parse("sqrt(-1 - x^2)").expr
    found = agreement(parse("sqrt(-x^2 - 2)").tree, partial, ["x"])
    assert (found.proven, found.points, str(found)) == (False, 0, "not compared: no point found")


def test_too_many_steps_are_refused_with_a_way_out() -> None:
    formula = " + ".join(f"x^{k}" for k in range(2, LIMIT + 3))
    with pytest.raises(UsageError, match=f"the derivative takes more than {LIMIT} steps") as caught:
        steps(parse(formula).tree, "x")
    assert caught.value.hint == "leave --steps out, or take a smaller formula"


def test_the_printed_partial_is_the_one_without_steps() -> None:
    for formula in ("x^2 sin(x)", "x^x", "tan(x)/x"):
        plain = gradient_report(parse(formula), None, None)
        assert plain.steps is None
        assert plain.partials == gradient_report(parse(formula), None, None, stepwise=True).partials
        (partial,) = gradient(Function.parse(formula).expr, Function.parse(formula).variables)
        assert plain.partials["x"].text == text(partial)
