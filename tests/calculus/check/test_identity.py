"""Proofs of equality: identities of the textbooks are proven, and nothing false ever is."""

from __future__ import annotations

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdcli.calculus.check.identity import proven_equal
from gdcli.calculus.numeric import Numeric
from gdcli.language import parse
from gdcli.language.build import build

IDENTITIES = """
(x + y)^3 | x^3 + 3*x^2*y + 3*x*y^2 + y^3
(x^2 - 1)/(x - 1) | x + 1
2*sin(x)*cos(x) | sin(2x)
cos(x)^2 - sin(x)^2 | cos(2x)
1 + tan(x)^2 | sec(x)^2
1 + cot(x)^2 | csc(x)^2
sin(3x) | 3 sin x - 4 sin(x)^3
sin(x + y) | sin(x)cos(y) + cos(x)sin(y)
cos(x)cos(y) | (cos(x - y) + cos(x + y))/2
sin(x/2)^2 | (1 - cos(x))/2
tan(x/2) | sin(x)/(1 + cos(x))
sin(x + pi/3) | sin(x)/2 + sqrt(3)/2*cos(x)
cosh(x)^2 - sinh(x)^2 | 1
1 - tanh(x)^2 | sech(x)^2
sinh(2x) | 2 sinh(x) cosh(x)
coth(x)^2 - csch(x)^2 | 1
asinh(x) | log(x + sqrt(x^2 + 1))
acos(x) + asin(x) | pi/2
atanh(x) | log((1 + x)/(1 - x))/2
exp(x*log(x)) | x^x
exp(2 log(x) + y) | x^2*exp(y)
2^x*log(2) | exp(x log 2) log 2
exp(-(x + 1)^2) | exp(-x^2 - 2x - 1)
exp(x)^2*exp(x/2) | exp(5x/2)
log(x^2) | 2 log(abs(x))
log(x*y) | log(x) + log(y)
log(6) | log(2) + log(3)
log2(x) | log(x)/log(2)
1/(2 sqrt x) | sqrt(x)/(2x)
1/sqrt(2) | sqrt(2)/2
sqrt(2)*sqrt(3) | sqrt(6)
sqrt(4x^2 + 4) | 2 sqrt(x^2 + 1)
1/(sqrt(x - 1)*sqrt(x + 1)) | 1/sqrt(x^2 - 1)
(sqrt(x) + 1)*(sqrt(x) - 1) | x - 1
1/(1 + sqrt(x)) | (1 - sqrt(x))/(1 - x)
1/(3 cbrt(x)^2) | x^(-2/3)/3
cbrt(x)^3 | x
sqrt(1 + sqrt(x))^4 | 1 + 2 sqrt(x) + x
sigmoid(x)*(1 - sigmoid(x)) | exp(-x)/(1 + exp(-x))^2
sigmoid(-x) | 1 - sigmoid(x)
softplus(x) - softplus(-x) | x
exp(x - logsumexp(x, y)) | exp(x)/(exp(x) + exp(y))
exp(-softplus(x)) | 1 - sigmoid(x)
sign(x) | x/abs(x)
abs(x)^2 | x^2
abs(x*y) | abs(x)*abs(y)
relu(x) | (x + abs(x))/2
max(x, y) | (x + y + abs(x - y))/2
max(x, y) + min(x, y) | x + y
x if x > y else y | max(x, y)
1 if x > 0 else 0 | (1 + sign(x))/2
x if x > 0 and y > 0 else (x if x > 0 else 0) | relu(x)
abs(sin x) | sqrt(sin(x)^2)
erf((x + 1)^2) | erf(x^2 + 2x + 1)
Gamma(x)*polygamma(0, x) | digamma(x)*Gamma(x)
"""
PAIRS = [tuple(part.strip() for part in line.split(" | ")) for line in IDENTITIES.strip().splitlines()]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_an_identity_is_proven(one: str, other: str) -> None:
    assert proven_equal(build(parse(one)), build(parse(other)))
    assert proven_equal(build(parse(other)), build(parse(one)))


@pytest.mark.parametrize(("one", "other"), PAIRS)
@pytest.mark.parametrize("mistake", ["+ 1/10^30", "+ x/10^9", "* (1 + 1/10^20)"])
def test_what_is_nearly_equal_is_not_proven(one: str, other: str, mistake: str) -> None:
    assert not proven_equal(build(parse(f"({one}) {mistake}")), build(parse(other)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sqrt(x^2)", "x"),
        ("abs(x)", "x"),
        ("log(x^2)/2 + 1", "log(x)"),
        ("relu(x)", "x"),
        ("asin(sin(x))", "x"),
        ("max(x, y)", "x"),
        ("1 if x == 0 else 0", "1"),
        ("x if x^2 + 1 > 0 else 0", "0"),
        ("x if sin(x)^2 + cos(x)^2 >= 1 else 0", "x if sin(x)^2 + cos(x)^2 > 1 else 0"),
        ("atan(tan(x))", "x"),
        ("sign(x)", "1"),
    ],
)
def test_what_holds_on_a_part_only_is_not_proven(one: str, other: str) -> None:
    assert not proven_equal(build(parse(one)), build(parse(other)))


LEAVES = st.sampled_from(["x", "y", "1", "2", "1/3", "pi"])
FORMULAS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(st.sampled_from(["sin", "cos", "exp", "abs", "sigmoid", "sqrt", "log"]), inner).map(
            lambda t: f"{t[0]}({t[1]}{'^2 + 2' if t[0] in ('sqrt', 'log') else ''})"
        ),
        inner.map(lambda t: f"({t})^2"),
    ),
    max_leaves=6,
)


@given(FORMULAS, FORMULAS)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_a_proof_is_never_wrong(one: str, other: str) -> None:
    if proven_equal(build(parse(one)), build(parse(other))):
        with mpmath.workdps(40):
            for x, y in ((0.37, -1.21), (-2.3, 0.61), (1.9, 3.3)):
                place = {"x": mpmath.mpf(x), "y": mpmath.mpf(y)}
                a, b = Numeric(parse(one).tree).at(place), Numeric(parse(other).tree).at(place)
                assert a is None or b is None or abs(a - b) <= mpmath.mpf(10) ** -30 * (1 + abs(a))


@given(FORMULAS)
@settings(max_examples=30, deadline=None, derandomize=True)
def test_a_formula_and_its_expansion_are_proven_equal(formula: str) -> None:
    built = build(parse(formula, variables=["x", "y"]))
    assert proven_equal(built, built.expand())
