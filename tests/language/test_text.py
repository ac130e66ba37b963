"""Printing: the order a mathematician expects, and text that reads back to the same expression."""

from __future__ import annotations

import pytest
import sympy

from gdcli.language import parse
from gdcli.language.build import build, symbol
from gdcli.language.functions import TABLE
from gdcli.language.latex import latex
from gdcli.language.text import text

SHOWN = [
    ("x2^3 + 2 x2 x1", "2*x1*x2 + x2**3", "2 x_{1} x_{2} + x_{2}^{3}"),
    ("3 x1 x2^2 + x1^2", "x1**2 + 3*x1*x2**2", "x_{1}^{2} + 3 x_{1} x_{2}^{2}"),
    ("1 - x", "1 - x", "1 - x"),
    ("1 + x", "x + 1", "x + 1"),
    ("1 + x - x^2", "-x**2 + x + 1", "- x^{2} + x + 1"),
    ("x10 + x2", "x2 + x10", "x_{2} + x_{10}"),
    ("x10 x2", "x2*x10", None),
    ("1 + sin 1 + 1/x + sqrt(2) x + x", "sqrt(2)*x + x + sin(1) + 1 + 1/x", None),
    ("1/x + 1", "1 + 1/x", r"1 + \frac{1}{x}"),
    ("x/y/z", "x/(y*z)", r"\frac{x}{y z}"),
    ("x/3", "x/3", r"\frac{x}{3}"),
    ("-2x/3", "-2*x/3", r"- \frac{2 x}{3}"),
    ("1/sqrt(x)", "1/sqrt(x)", r"\frac{1}{\sqrt{x}}"),
    ("x^(3/2)", "x**(3/2)", r"x^{\frac{3}{2}}"),
    ("(x+1)^-2", "1/(x + 1)**2", r"\frac{1}{\left(x + 1\right)^{2}}"),
    ("x^y^z", "x**y**z", "x^{y^{z}}"),
    ("x^(y z)", "x**(y*z)", None),
    ("2^-x", "2**(-x)", "2^{- x}"),
    ("x (-y)^z", "x*(-y)**z", None),
    ("e^-x", "exp(-x)", "e^{- x}"),
    ("e + pi", None, None),
    ("|x|", "abs(x)", r"\left|{x}\right|"),
    ("Gamma(x)", "Gamma(x)", r"\Gamma\left(x\right)"),
    ("λ α_1", "alpha1*lambda", r"\alpha_{1} \lambda"),
    ("cbrt(x)", "cbrt(x)", r"\sqrt[3]{x}"),
    ("root(x, 7)", "root(x, 7)", r"\sqrt[7]{x}"),
    ("sigmoid(x)", "sigmoid(x)", r"\sigma\left(x\right)"),
    ("softplus(x)", "softplus(x)", r"\operatorname{softplus}\left(x\right)"),
    ("cbrt(x)^2", "cbrt(x)**2", r"\sqrt[3]{x}^{2}"),
    ("sigmoid(x)^2", "sigmoid(x)**2", r"\sigma\left(x\right)^{2}"),
    ("relu(x)^2 softplus(x)^2/logsumexp(x,y)^2", None, None),
    ("relu(x)", "relu(x)", r"\operatorname{relu}\left(x\right)"),
    ("logsumexp(x,y)", "logsumexp(x, y)", r"\operatorname{logsumexp}\left(x, y\right)"),
    (
        "x if x > 0 else -x",
        "x if x > 0 else -x",
        r"\begin{cases} x & \text{for}\: x > 0 \\- x & \text{otherwise} \end{cases}",
    ),
    ("1 + (x if x > 0 else y)", "(x if x > 0 else y) + 1", None),
    ("x if x > 0 and (y > 0 or z != 1) else 0", None, None),
    ("x if not (x > 0 and y > 0) else 0", None, None),
    ("(x if x > 0 else y) if y == 1 else z", None, None),
    ("piecewise((x, x < 0), (y, y <= 3))", "piecewise((x, x < 0), (y, y <= 3))", None),
    ("max(x, min(y, 2))", None, None),
    ("(100(x2-x1^2)^2 + (1-x1)^2)/sqrt(2 pi)", None, None),
    ("2^(1/3) x + sqrt(2) x + x", None, None),
    ("x sqrt(x) y^-2 / (x + y)", None, None),
    ("-(x+1)/(y-2)", None, None),
    ("8^x + (1/3)^x", None, None),
    ("log(x, 3) + log2 x", None, None),
    ("9^5000", None, None),
]


@pytest.mark.parametrize(("source", "expected", "tex"), SHOWN)
def test_text(source: str, expected: str | None, tex: str | None) -> None:
    expr = build(parse(source))
    assert build(parse(text(expr))) == expr
    if expected is not None:
        assert text(expr) == expected
    if tex is not None:
        assert latex(expr) == tex


@pytest.mark.parametrize(
    "function",
    [f for f in TABLE if f.name not in {"sum", "prod", "piecewise", "root", "polygamma"}],
    ids=lambda f: f.name,
)
def test_every_function_reads_back(function: object) -> None:
    name, least = function.name, function.least  # type: ignore[attr-defined]
    for count in {least, 3 if function.most is None else function.most}:  # type: ignore[attr-defined]
        arguments = "x + 1, y, z"[: 5 + 3 * (count - 1)]
        expr = build(parse(f"{name}({arguments})"))
        assert build(parse(text(expr))) == expr
        assert latex(expr)
        assert latex(1 / expr**3)
        for alias in function.aliases:  # type: ignore[attr-defined]
            assert build(parse(f"{alias}({arguments})")) == expr


def test_the_lecture() -> None:
    f = build(parse("x1^2 x2 + x1 x2^3"))
    assert text(f.diff(symbol("x1"))) == "2*x1*x2 + x2**3"
    assert text(f.diff(symbol("x2"))) == "x1**2 + 3*x1*x2**2"


def test_what_is_no_formula_of_ours_is_still_shown() -> None:
    assert text(sympy.Float(0.5)) == "0.500000000000000"
    assert text(sympy.Heaviside(symbol("x"))) == "Heaviside(x, 1/2)"
    assert text(sympy.true) == "0 == 0"
    assert len(text(sympy.Integer(10) ** 9000)) == len(latex(sympy.Integer(10) ** 9000)) == 9001
