"""The stable atoms against mpmath at 50 digits: values, derivatives, and where textbook forms overflow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import pytest
import sympy
from sympy.core.function import ArgumentIndexError

from gdcli.language import parse
from gdcli.language.atoms import logsumexp, oddroot, relu, sigmoid, softplus
from gdcli.language.build import build, symbol

x, y = symbol("x"), symbol("y")
POINTS = ["-800", "-40", "-1.5", "-1e-20", "1e-20", "0.3", "2", "37", "800"]
TRUTH: dict[Any, Callable[[Any], Any]] = {
    softplus: lambda u: mpmath.log1p(mpmath.exp(u)),
    sigmoid: lambda u: 1 / (1 + mpmath.exp(-u)),
    relu: lambda u: max(u, mpmath.mpf(0)),
}
SLOPE: dict[Any, Callable[[Any], Any]] = {
    softplus: lambda u: 1 / (1 + mpmath.exp(-u)),
    sigmoid: lambda u: mpmath.exp(-u) / (1 + mpmath.exp(-u)) ** 2,
    relu: lambda u: mpmath.mpf(u > 0),
}


def close(expr: Any, truth: Any, relative: str = "1e-45") -> bool:
    value = mpmath.mpf(expr.evalf(50)._mpf_) if expr.evalf(50).is_Float else mpmath.mpf(int(expr))
    return bool(abs(value - truth) <= abs(truth) * mpmath.mpf(relative))


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("atom", list(TRUTH), ids=lambda atom: atom.__name__)
def test_value_and_slope(atom: Any, point: str) -> None:
    with mpmath.workdps(800):
        number = sympy.Rational(point)
        u = mpmath.mpf(number.p) / number.q
        assert close(atom(number), TRUTH[atom](u))
        # 1 - s cancels for large u; evalf raises its precision only so far.
        slope = atom(x).diff(x).subs(x, number)
        if abs(u) < 100:
            assert close(slope, SLOPE[atom](u))


def test_logsumexp() -> None:
    with mpmath.workdps(60):
        value = logsumexp(sympy.Integer(1000), sympy.Integer(1001), sympy.Integer(-1000))
        assert close(value, 1001 + mpmath.log1p(mpmath.exp(-1)))
        slope = logsumexp(x, y).diff(x).subs({x: 1000, y: 1001})
        assert close(slope, 1 / (1 + mpmath.e))
    assert logsumexp(y, x) == logsumexp(x, y)
    assert logsumexp(x) == x


@pytest.mark.parametrize("u", [-32, -0.001, 0.001, 32])
def test_oddroot(u: float) -> None:
    with mpmath.workdps(60):
        n = sympy.Rational(u)
        root = mpmath.sign(u) * mpmath.root(abs(mpmath.mpf(n.p) / n.q), 5)
        assert close(oddroot(n, 5), root)
        assert close(oddroot(x, 5).diff(x).subs(x, n), 1 / (5 * root**4))


def test_special_values() -> None:
    assert (softplus(0), sigmoid(0), relu(0)) == (sympy.log(2), sympy.Rational(1, 2), 0)
    assert (softplus(-sympy.oo), sigmoid(sympy.oo), sigmoid(-sympy.oo), softplus(sympy.oo)) == (0, 1, 0, sympy.oo)
    assert softplus(sympy.nan) is sympy.nan
    assert (relu(-3), relu(3)) == (0, 3)
    assert oddroot(sympy.Integer(-8), sympy.Integer(3)) == -2


def test_derivatives_are_the_stable_ones() -> None:
    assert softplus(x).diff(x) == sigmoid(x)
    assert sigmoid(x).diff(x) == sigmoid(x) * (1 - sigmoid(x))


@pytest.mark.parametrize("atom", [softplus(x), sigmoid(x), relu(x), logsumexp(x, y), oddroot(x, 3)])
def test_no_such_argument(atom: Any) -> None:
    for index in (0, 4):
        with pytest.raises(ArgumentIndexError):
            atom.fdiff(index)


@pytest.mark.parametrize("text", ["log(1+exp(3x))", "ln(exp(3x)+1)", "log(1+e^(3x))", "log(1 + e^3x)"])
def test_softplus_is_recognised(text: str) -> None:
    expected = softplus(3 * x) if "e^3x" not in text else sympy.log(1 + x * sympy.exp(3))
    assert build(parse(text)) == expected


@pytest.mark.parametrize("text", ["1/(1+exp(-x))", "1/(exp(-x)+1)", "(1+e^-x)^-1", "1/(1+e^(-x))"])
def test_sigmoid_is_recognised(text: str) -> None:
    assert build(parse(text)) == sigmoid(x)


@pytest.mark.parametrize("text", ["log(2+exp(x))", "2/(1+exp(-x))", "log(1-exp(x))", "log(1+exp(x), 2)", "1/(1+2^x)"])
def test_other_forms_are_left_alone(text: str) -> None:
    assert not build(parse(text)).has(softplus, sigmoid)
