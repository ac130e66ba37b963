"""What a formula means, against numbers that math, mpmath and Fraction compute without our builder."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import pytest
import sympy

from gdcli.language import parse
from gdcli.language.build import build, symbol

X, Y, A, B = 0.7, 1.9, -0.4, 2.5
POINT = {"x": X, "y": Y, "a": A, "b": B, "t": 3.0, "x1": 1.25, "x2": -0.75, "x3": 2.0}


def value(text: str) -> float:
    expr = build(parse(text))
    return float(expr.subs({symbol(name): sympy.Float(v, 40) for name, v in POINT.items()}).evalf(20))


def sigmoid(u: float) -> float:
    return 1 / (1 + math.exp(-u))


ARITHMETIC = [
    ("1 + 2*3", 7),
    ("2^3^2", 512),
    ("2**3**2", 512),
    ("-2^2", -4),
    ("(-2)^2", 4),
    ("2^-1", 0.5),
    ("2*-3", -6),
    ("8/4/2", 1),
    ("8/4*2", 4),
    ("8 - 4 - 2", 2),
    ("8 - 4 + 2", 6),
    ("-x^2", -(X**2)),
    ("-x*y", -X * Y),
    ("1/-x*y", -Y / X),
    ("2x", 2 * X),
    ("2 x1 x2", 2 * 1.25 * -0.75),
    ("x(1+x)", X * (1 + X)),
    ("(x+1)(y-1)", (X + 1) * (Y - 1)),
    ("2(3)", 6),
    ("1/2x", X / 2),
    ("2x/3y", 2 * X / 3 * Y),
    ("2x^2", 2 * X**2),
    ("x^2y", X**2 * Y),
    ("e^2x", math.exp(2) * X),
    ("2^x^2", 2 ** (X**2)),
    ("2^-x^2", 2 ** (-(X**2))),
    ("--x", X),
    ("+x - +y", X - Y),
    ("x++y", X + Y),
    ("1.5e-3", 0.0015),
    (".5 + 5.", 5.5),
    ("2e", 2 * math.e),
    ("2e3", 2000),
    ("x² + x³", X**2 + X**3),
    ("x⁻¹", 1 / X),
    ("x²y", X**2 * Y),
    ("2·x × y ÷ 3 − 1", 2 * X * Y / 3 - 1),
    ("x^{2}", X**2),
    ("{x+1}^2", (X + 1) ** 2),
    ("x/x", 1),
    ("0^0", 1),
]
FUNCTIONS = [
    ("sin x", math.sin(X)),
    ("sin 2x", math.sin(2 * X)),
    ("sin x^2", math.sin(X**2)),
    ("sin -x", -math.sin(X)),
    ("sin x cos y", math.sin(X) * math.cos(Y)),
    ("sin x * y", math.sin(X) * Y),
    ("sin x/2", math.sin(X) / 2),
    ("sin 2(x+1)", math.sin(2 * (X + 1))),
    ("sin(x)(x+1)", math.sin(X) * (X + 1)),
    ("sin^2 x", math.sin(X) ** 2),
    ("sin² x", math.sin(X) ** 2),
    ("sin^2(x)", math.sin(X) ** 2),
    ("sin(x)^2", math.sin(X) ** 2),
    ("sin^-1 x", math.asin(X)),
    ("sin⁻¹(x)", math.asin(X)),
    ("tanh^(-1) x", math.atanh(X)),
    ("sin cos x", math.sin(math.cos(X))),
    ("sin √x", math.sin(math.sqrt(X))),
    ("2 sin x", 2 * math.sin(X)),
    ("x sin x", X * math.sin(X)),
    ("sin 2 pi x", math.sin(2 * math.pi * X)),
    ("sin{x}", math.sin(X)),
    ("tan x", math.tan(X)),
    ("cot x", 1 / math.tan(X)),
    ("sec x", 1 / math.cos(X)),
    ("csc x", 1 / math.sin(X)),
    ("asin(x)", math.asin(X)),
    ("acos(x)", math.acos(X)),
    ("atan(x)", math.atan(X)),
    ("acot(x)", math.atan(1 / X)),
    ("asec(y)", math.acos(1 / Y)),
    ("acsc(y)", math.asin(1 / Y)),
    ("sinh x", math.sinh(X)),
    ("cosh x", math.cosh(X)),
    ("tanh x", math.tanh(X)),
    ("coth x", 1 / math.tanh(X)),
    ("sech x", 1 / math.cosh(X)),
    ("csch x", 1 / math.sinh(X)),
    ("asinh x", math.asinh(X)),
    ("acosh y", math.acosh(Y)),
    ("atanh x", math.atanh(X)),
    ("acoth y", math.atanh(1 / Y)),
    ("asech x", math.acosh(1 / X)),
    ("acsch x", math.asinh(1 / X)),
    ("atan2(a, x)", math.atan2(A, X)),
    ("exp x", math.exp(X)),
    ("e^x", math.exp(X)),
    ("ln x", math.log(X)),
    ("log x", math.log(X)),
    ("log(x, 3)", math.log(X) / math.log(3)),
    ("log2 x", math.log2(X)),
    ("log_2(x)", math.log2(X)),
    ("log10 x", math.log10(X)),
    ("sqrt x", math.sqrt(X)),
    ("√x", math.sqrt(X)),
    ("√2x", math.sqrt(2) * X),
    ("√(2x)", math.sqrt(2 * X)),
    ("∛(x)", X ** (1 / 3)),
    ("cbrt(a)", -(0.4 ** (1 / 3))),
    ("cbrt(-8)", -2),
    ("root(-32, 5)", -2),
    ("root(a, 5)", -(0.4**0.2)),
    ("root(x, 4)", X**0.25),
    ("abs(a)", 0.4),
    ("|a|", 0.4),
    ("2|a|x", 2 * 0.4 * X),
    ("||a|-1|", 0.6),
    ("|sin |a||", math.sin(0.4)),
    ("|x + sqrt|a| |", X + math.sqrt(0.4)),
    ("|a||b|", 1.0),
    ("|a(|x|-1)|", abs(A * (X - 1))),
    ("sign(a)", -1),
    ("min(x, y, a)", A),
    ("max([x, y], a)", Y),
    ("relu(a) + relu(x)", X),
    ("sigmoid(a)", sigmoid(A)),
    ("softplus(a)", math.log1p(math.exp(A))),
    ("logsumexp(x, y, a)", math.log(math.exp(X) + math.exp(Y) + math.exp(A))),
    ("log(1 + exp(x))", math.log1p(math.exp(X))),
    ("ln(e^x + 1)", math.log1p(math.exp(X))),
    ("1/(1+exp(-x))", sigmoid(X)),
    ("1/(1+e^x)", sigmoid(-X)),
    ("(1+exp(-x))^-1", sigmoid(X)),
    ("erf x", math.erf(X)),
    ("Gamma(x)", math.gamma(X)),
    ("Γ(5)", 24),
    ("norm(x, y)", math.hypot(X, Y)),
    ("norm([x, y, a])", math.sqrt(X**2 + Y**2 + A**2)),
    ("dot([x, y], [a, b])", X * A + Y * B),
    ("dot(x, y)", X * Y),
    ("sum(x_i^2, i=1..3)", 1.25**2 + 0.75**2 + 4),
    ("sum(x[i+1] - x_{i}, i=1..2)", 2 - 1.25),
    ("sum(i, i=1..100)", 5050),
    ("∑(i^2, i=1…3)", 14),
    ("prod(i, i=1..5)", 120),
    ("∏(x_i, i=1..3)", 1.25 * -0.75 * 2),
    ("sum(i, i=5..1)", 0),
    ("prod(i, i=5..1)", 1),
    ("sum(sum(i*j, j=1..i), i=1..3)", sum(i * j for i in range(1, 4) for j in range(1, i + 1))),
    ("sum(sum(i, i=1..2), i=1..3)", 9),
    ("x if x > 0 else y", X),
    ("x if x < 0 else y", Y),
    ("1 if a > 0 else 2 if x > 0 else 3", 2),
    ("1 if 0 < x < 1 else 2", 1),
    ("1 if not x > 0 or y >= 1.5 and a != 0 else 2", 1),
    ("piecewise((1, x < 0), (2, x < 0.5), 3)", 3),
    ("piecewise((1, x ≤ 0), (2, x ≥ 0.5), (3, True))", 2),
    ("pi + π", 2 * math.pi),
]


@pytest.mark.parametrize(("text", "truth"), ARITHMETIC + FUNCTIONS)
def test_value(text: str, truth: float) -> None:
    assert value(text) == pytest.approx(truth, rel=1e-14, abs=1e-15)


@pytest.mark.parametrize("text", ["0.1", "1.5e-3", "1e400", "123456789.000000001", ".125", "2.5E+2"])
def test_decimals_are_exact(text: str) -> None:
    expr = build(parse(text))
    assert Fraction(int(expr.p), int(expr.q)) == Fraction(text)


def test_fifty_digits() -> None:
    expr = build(parse("sin(1/3)*sqrt 2 + e^pi - Gamma(1/3)"))
    with mpmath.workdps(60):
        third = mpmath.mpf(1) / 3
        truth = mpmath.sin(third) * mpmath.sqrt(2) + mpmath.exp(mpmath.pi) - mpmath.gamma(third)
        assert abs(mpmath.mpf(expr.evalf(55)._mpf_) - truth) < mpmath.mpf(10) ** -50


PLAUSIBLE = ("E", "I", "S", "N", "O", "Q", "C", "lambda", "beta", "gamma", "zeta", "alpha", "re", "im", "test")


@pytest.mark.parametrize("name", [*PLAUSIBLE, "Symbol", "class", "import", "f", "oo1", "symbols", "solve", "diff"])
def test_plausible_names_are_variables(name: str) -> None:
    formula = parse(f"{name}^2 + 1")
    assert formula.variables == (name,)
    assert build(formula) == symbol(name) ** 2 + 1


@pytest.mark.parametrize("text", ["x1", "x_1", "x_{1}", "x₁", "x[1]", "x_{ 1 }"])
def test_one_name_for_all_spellings(text: str) -> None:
    assert parse(text).variables == ("x1",)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("λ", ("lambda",)),
        ("α₁ + α_2", ("alpha1", "alpha2")),
        ("2πr", ("r",)),
        ("αβ", ("alpha", "beta")),
        ("θ + ϑ", ("theta",)),
        ("x_max", ("x_max",)),
        ("x_{max}", ("x_max",)),
        ("x[1,2] + x_{1,2} + x_1_2", ("x1_2",)),
        ("x10 + x2 + y", ("x2", "x10", "y")),
        ("Σ + Ω", ("Omega", "Sigma")),
    ],
)
def test_variables(text: str, names: tuple[str, ...]) -> None:
    assert parse(text).variables == names


def test_given_variables_keep_their_order() -> None:
    assert parse("x + y", variables=["y", "x_1", "x"]).variables == ("y", "x1", "x")


NOTES = [
    ("1/2x", "1/2 x is read as (1/2)*x; write the product with * and ( )", True),
    ("e^2x", "e^2 x is read as (e^2)*x; bracket the exponent: e^(2x)", True),
    ("sin x(y+1)", "sin x (...) is read as (sin x)*(...); bracket the argument", True),
    ("f(x)", "f(...) is read as the variable f times (...); write f*(...)", True),
    ("gamma(x)", "gamma(...) is read as the variable gamma times (...); write Gamma(...) for the function", True),
    ("sinx", "sinx is read as one variable; write sin(x) for the function", True),
    ("x1x2", "x1x2 is one variable; write x1*x2 for a product", True),
    ("xy + x + y", "xy is one variable; write x*y for a product", False),
    ("√x²", "√ is read as reaching only to the next factor; write √(...)", True),
    ("sin^-2 x", "sin^ with a negative exponent is read as a power; write (f(x))^-n", True),
    ("sin^-1 x", "sin^-1 is read as the inverse function asin", False),
    ("log(1+exp(x))", "log(1 + exp(u)) is computed as softplus(u), which does not overflow", False),
    ("1/(1+exp(-x))", "1/(1 + exp(-u)) is computed as sigmoid(u), which does not overflow", False),
]


@pytest.mark.parametrize(("text", "note", "ambiguous"), NOTES)
def test_notes(text: str, note: str, ambiguous: bool) -> None:
    assert parse(text).notes == (note,)
    if ambiguous:
        with pytest.raises(Exception, match="ambiguous"):
            parse(text, strict=True)
    else:
        assert parse(text, strict=True).notes == (note,)


@pytest.mark.parametrize("text", ["2x + x(1+x)", "(1/2)x", "x^2y", "x/(2y)", "1/2*x", "sin 2x cos x", "e^(2x)"])
def test_unambiguous_formulas_have_no_notes(text: str) -> None:
    assert parse(text, strict=True).notes == ()
