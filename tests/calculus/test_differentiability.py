"""The verdicts: textbook cases, families with a closed-form truth, and every bound and witness held by numbers."""

from __future__ import annotations

import random
from fractions import Fraction

import mpmath
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from gdcli.calculus.definition import local, to_mpf
from gdcli.calculus.differentiability.check import check
from gdcli.calculus.differentiability.given import completed
from gdcli.calculus.differentiability.paths import lines
from gdcli.calculus.differentiability.proof import Bound
from gdcli.calculus.differentiability.verdict import Verdict, decide
from gdcli.calculus.differentiability.witness import Witness
from gdcli.calculus.exact import NoValueError, sign_of
from gdcli.calculus.function import Function
from gdcli.calculus.numeric import Numeric
from gdcli.errors import UsageError
from gdcli.language import parse, parse_point
from gdcli.language.build import build_point
from tests.calculus.differentiability_cases import CASES, Case

LETTERS = {"yes": "y", "no": "n", "undecided": "?"}
Start = dict[str, sympy.Expr]


def decided(formula: str, at: str, value: str | None = None) -> tuple[Function, Start, Verdict]:
    parsed = parse(formula)
    coordinates = parse_point(at, parsed.variables)
    point = {v.name: number for v, number in build_point(coordinates).items()}
    function = Function.of(parsed)
    if value is not None:
        function = completed(parsed, coordinates, parse(value, variables=()), point)
    return function, point, decide(function, point)


def answers(verdict: Verdict) -> str:
    findings = (verdict.continuous, verdict.partials_exist, verdict.differentiable)
    return "".join(LETTERS[finding.answer] for finding in findings)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.formula} at {case.at} = {case.value}")
def test_a_textbook_case(case: Case) -> None:
    function, point, verdict = decided(case.formula, case.at, case.value)
    assert answers(verdict) == case.answers, case.why
    for finding, linear in ((verdict.continuous, None), (verdict.differentiable, verdict.gradient)):
        if finding.bound is not None:
            holds_in_numbers(function, point, verdict, finding.bound, linear)
    if verdict.differentiable.bound is not None and verdict.gradient is not None:
        for slope, proven in zip(local(function, point).slopes, verdict.gradient, strict=True):
            assert slope.kind == "undecided" or sign_of(slope.value - proven) == 0
    witness = verdict.differentiable.witness
    if witness is not None:
        happens_in_numbers(function, point, verdict, witness)


def test_the_cases_are_many_and_nearly_all_decided() -> None:
    assert len(CASES) >= 200
    assert len({(case.formula, case.at, case.value) for case in CASES}) == len(CASES)
    assert sum(case.answers[2] == "?" for case in CASES) == 0
    assert sum("?" in case.answers for case in CASES) <= 2


def holds_in_numbers(
    function: Function, point: Start, verdict: Verdict, bound: Bound, gradient: tuple[sympy.Expr, ...] | None
) -> None:
    """The bound at 40 random h of every size, in numbers that know nothing of the proof."""
    numeric, source = Numeric(function.tree), random.Random(0)
    slopes = gradient or (sympy.S.Zero,) * len(point)
    with mpmath.workdps(120):
        start, value = [to_mpf(x) for x in point.values()], to_mpf(verdict.local.value)
        slope_numbers = [to_mpf(g) for g in slopes]
        for _ in range(40):
            direction = [mpmath.mpf(source.gauss(0, 1)) for _ in point]
            length = to_mpf(sympy.Rational(bound.radius)) * mpmath.mpf(10) ** -source.uniform(0, 8)
            norm = mpmath.sqrt(mpmath.fdot(direction, direction))
            h = [length * u / norm for u in direction]
            found = numeric.at(dict(zip(point, (a + s for a, s in zip(start, h, strict=True)), strict=True)))
            assert found is not None, "proven to be defined around the point"
            remainder = abs(found - value - mpmath.fdot(slope_numbers, h))
            order = mpmath.mpf(bound.order.numerator) / bound.order.denominator
            limit = mpmath.mpf(bound.constant.numerator) / bound.constant.denominator * length**order
            assert remainder <= limit * (1 + mpmath.mpf(10) ** -20) + mpmath.mpf(10) ** -100


def happens_in_numbers(function: Function, point: Start, verdict: Verdict, witness: Witness) -> None:
    """What the witness says, at t = 10^-30 on its path."""
    numeric = Numeric(function.tree)
    with mpmath.workdps(400):
        t = mpmath.mpf(10) ** -30
        pairs = zip(point.values(), witness.path.coefficients, witness.path.weights, strict=True)
        h = [to_mpf(c) * t ** (mpmath.mpf(w.numerator) / w.denominator) for _, c, w in pairs]
        place = [to_mpf(a) + step for a, step in zip(point.values(), h, strict=True)]
        found = numeric.at(dict(zip(point, place, strict=True)))
        if witness.kind == "undefined":
            assert found is None
            return
        assert found is not None
        if witness.kind == "value" and witness.found is not None and witness.found.is_finite:
            assert abs(found - to_mpf(witness.found)) < mpmath.mpf("1e-6")
            assert abs(found - to_mpf(verdict.local.value)) > mpmath.mpf("1e-3")
        if witness.kind == "slope" and witness.ratio is not None and witness.ratio.is_finite:
            assert verdict.gradient is not None
            linear = mpmath.fdot([to_mpf(g) for g in verdict.gradient], h)
            ratio = (found - to_mpf(verdict.local.value) - linear) / mpmath.sqrt(mpmath.fdot(h, h))
            assert abs(ratio - to_mpf(witness.ratio)) < mpmath.mpf("1e-6")
            assert abs(ratio) > mpmath.mpf("1e-3")


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 5), st.integers(1, 5), st.integers(1, 3), st.integers(1, 3))
def test_a_monomial_over_two_even_powers(a: int, b: int, m: int, n: int) -> None:
    """x^a y^b/(x^2m + y^2n): its size on x = t^p, y = t^q is t^(pa + qb - min(2mp, 2nq)).

    The exponent over min(p, q) is least where p = q or where the two powers balance; the partials are 0.
    """
    curves = [(1, 1), (n, m)]
    orders = [Fraction(p * a + q * b - min(2 * m * p, 2 * n * q), min(p, q)) for p, q in curves]
    *_, verdict = decided(f"x^{a}*y^{b}/(x^{2 * m} + y^{2 * n})", "0,0", "0")
    assert answers(verdict) == ("y" if min(orders) > 0 else "n") + "y" + ("y" if min(orders) > 1 else "n")


@settings(deadline=None, max_examples=25)
@given(st.fractions(Fraction(1, 5), 3, max_denominator=5), st.fractions(-2, 2, max_denominator=4))
def test_powers_of_the_absolute_value_anywhere(p: Fraction, a: Fraction) -> None:
    """|x - a|^p is differentiable at a exactly for p > 1 (or where it is even: never below 1)."""
    *_, verdict = decided(f"abs(x - ({a}))^({p})", str(a))
    assert answers(verdict) == ("yyy" if p > 1 else "ynn")


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(-3, 3), min_size=2, max_size=2), st.lists(st.integers(-3, 3), min_size=2, max_size=2))
def test_the_larger_of_two_linear_functions(u: list[int], v: list[int]) -> None:
    """max(u.x, v.x) at 0 is differentiable exactly where u = v."""
    *_, verdict = decided(f"max({u[0]}*x + {u[1]}*y, {v[0]}*x + {v[1]}*y)", "0,0")
    assert answers(verdict)[2] == ("y" if u == v else "n")


def test_a_sampled_remainder_of_1e_15_is_no_proof() -> None:
    *_, verdict = decided("x^5*y/(x^8 + y^2)", "0,0", "0")
    witness = verdict.differentiable.witness
    assert witness is not None
    assert [str(step) for step in witness.path.steps()] == ["t", "t**4"]
    assert (witness.found, witness.expected, witness.ratio) == (sympy.Rational(1, 2), 0, sympy.Rational(1, 2))


UNDECIDED = [
    # 0 <= Gamma <= 2 on [1, 3], so |r| <= 2 ||h||^2 and the truth is yes; no rule bounds Gamma of what oscillates.
    ("(x^2 + y^2)*Gamma(2 + sin(1/x)) if x != 0 else y^2", "0,0"),
    # The divided difference of a smooth function is smooth; no rule sees that x - y divides the remainder as well.
    ("(exp(x) - exp(y))/(x - y) if x != y else exp(x)", "0,0"),
]


@pytest.mark.parametrize(("formula", "at"), UNDECIDED)
def test_what_has_neither_proof_nor_witness_is_undecided(formula: str, at: str) -> None:
    *_, verdict = decided(formula, at)
    assert verdict.differentiable.answer == "undecided"


def test_a_wrong_bound_is_an_error_of_ours() -> None:
    function, point, verdict = decided("x*abs(x)", "0")
    bound = verdict.differentiable.bound
    assert bound is not None
    check(function, point, sympy.S.Zero, [sympy.S.Zero], bound, list(lines(1)))
    with pytest.raises(RuntimeError, match="a bound that was proven fails"):
        check(function, point, sympy.S.Zero, [sympy.S.One], bound, list(lines(1)))


def test_a_value_given_where_the_formula_has_one_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        decided("x^2", "1", "3")
    assert caught.value.message == "--value is for a point where the formula has no value, and here it is 1"
    assert "leave --value out" in str(caught.value.hint)


def test_without_a_value_there_is_no_verdict() -> None:
    with pytest.raises(NoValueError, match="f is not defined at x = 0: a division by zero"):
        decided("sin(x)/x", "0")
