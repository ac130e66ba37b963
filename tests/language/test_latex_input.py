r"""LaTeX input: what each construct is worth at a point, in Python's own arithmetic written beside it."""

from __future__ import annotations

import math
from collections.abc import Callable
from math import acos, asin, atan, cos, exp, log, pi, sin, sqrt, tan

import pytest

from gdcli.language import parse
from gdcli.language.build import build, symbol
from gdcli.language.functions import TABLE
from gdcli.language.latex import latex

# The arguments of each value: x, y, z, x1, x2, x3, t (theta).
POINT = {"x": 0.75, "y": 1.5, "z": 0.25, "x1": 0.5, "x2": 2.0, "x3": 1.25, "theta": 0.625}
Value = Callable[..., float]

FRACTIONS: list[tuple[str, Value]] = [
    (r"\frac{x}{y}", lambda x, y, **_: x / y),
    (r"\frac{1}{2}x", lambda x, **_: x / 2),
    (r"\frac12", lambda **_: 0.5),
    (r"\frac12 x", lambda x, **_: x / 2),
    (r"\frac34x^2", lambda x, **_: 0.75 * x**2),
    (r"\frac1x", lambda x, **_: 1 / x),
    (r"\frac x2", lambda x, **_: x / 2),
    (r"\frac xy", lambda x, y, **_: x / y),
    (r"\frac1{x+1}", lambda x, **_: 1 / (x + 1)),
    (r"\frac{x+1}2", lambda x, **_: (x + 1) / 2),
    (r"\frac\pi2", lambda **_: pi / 2),
    (r"\frac{\pi}{2}", lambda **_: pi / 2),
    (r"\dfrac{x+1}{x-1}", lambda x, **_: (x + 1) / (x - 1)),
    (r"\tfrac12 x", lambda x, **_: x / 2),
    (r"\cfrac{1}{1+\cfrac{1}{x}}", lambda x, **_: 1 / (1 + 1 / x)),
    (r"\frac{1}{2} 3^{x}", lambda x, **_: 0.5 * 3**x),
    (r"\left(\frac{x}{y}\right)^{2}", lambda x, y, **_: (x / y) ** 2),
    (r"x^\frac{1}{2}", lambda x, **_: sqrt(x)),
    (r"-\frac{x}{y}", lambda x, y, **_: -x / y),
    (r"\frac{-x}{-y}", lambda x, y, **_: x / y),
    (r"\frac{\frac{x}{y}}{z}", lambda x, y, z, **_: x / y / z),
    (r"\frac{x}{\frac{y}{z}}", lambda x, y, z, **_: x / (y / z)),
    (r"2\frac{x}{y}z", lambda x, y, z, **_: 2 * x / y * z),
    (r"x \div y", lambda x, y, **_: x / y),
    (r"x/y", lambda x, y, **_: x / y),
]
ROOTS: list[tuple[str, Value]] = [
    (r"\sqrt{x}", lambda x, **_: sqrt(x)),
    (r"\sqrt x", lambda x, **_: sqrt(x)),
    (r"\sqrt2", lambda **_: sqrt(2)),
    (r"\sqrt{2}x", lambda x, **_: sqrt(2) * x),
    (r"\sqrt[2]{x}", lambda x, **_: sqrt(x)),
    (r"\sqrt[3]{x}", lambda x, **_: x ** (1 / 3)),
    (r"\sqrt[3]{-8}", lambda **_: -2.0),
    (r"\sqrt[4]{x+y}", lambda x, y, **_: (x + y) ** 0.25),
    (r"\sqrt[5]{-x}", lambda x, **_: -(x**0.2)),
    (r"\sqrt{x^2+y^2}", lambda x, y, **_: math.hypot(x, y)),
    (r"\sqrt{\sqrt{x}}", lambda x, **_: x**0.25),
    (r"\frac{1}{\sqrt{2\pi}}e^{-\frac{x^2}{2}}", lambda x, **_: exp(-x * x / 2) / sqrt(2 * pi)),
]
POWERS: list[tuple[str, Value]] = [
    (r"x^{2}\cdot 1", lambda x, **_: x * x),
    (r"x_{1}^{2}\cdot 1", lambda x1, **_: x1 * x1),
    (r"x_1^2 x_2 + x_1 x_2^3 \,", lambda x1, x2, **_: x1 * x1 * x2 + x1 * x2**3),
    (r"x_{1}x_{2}\,", lambda x1, x2, **_: x1 * x2),
    (r"e^{x}\;", lambda x, **_: exp(x)),
    (r"e^{-x}y\!", lambda x, y, **_: exp(-x) * y),
    (r"\mathrm{e}^{x}", lambda x, **_: exp(x)),
    (r"\exp x", lambda x, **_: exp(x)),
    (r"\exp\left(-\tfrac12 x^2\right)", lambda x, **_: exp(-x * x / 2)),
    (r"2^{x^{y}}\cdot1", lambda x, y, **_: 2 ** (x**y)),
    (r"{x}^{2}\cdot y", lambda x, y, **_: x * x * y),
    (r"\left(x+y\right)^{3}", lambda x, y, **_: (x + y) ** 3),
    (r"\left(\frac{1}{3}\right)^{x}", lambda x, **_: (1 / 3) ** x),
    (r"2^{x} 5^{y}\ ", lambda x, y, **_: 2**x * 5**y),
    (r"3 \cdot 10^{2} x", lambda x, **_: 300 * x),
    (r"-x^{2}\cdot y", lambda x, y, **_: -(x**2) * y),
    (r"\theta^{2}", lambda theta, **_: theta**2),
    (r"x^{-\theta}", lambda x, theta, **_: x**-theta),
]
PRODUCTS: list[tuple[str, Value]] = [
    (r"x \cdot y", lambda x, y, **_: x * y),
    (r"x \times y", lambda x, y, **_: x * y),
    (r"x \ast y", lambda x, y, **_: x * y),
    (r"$xy$", lambda x, y, **_: x * y),
    (r"$2xyz$", lambda x, y, z, **_: 2 * x * y * z),
    (r"$x(y+1)$", lambda x, y, **_: x * (y + 1)),
    (r"\left(x+1\right)\left(y+1\right)", lambda x, y, **_: (x + 1) * (y + 1)),
    (r"x\left[y+1\right]", lambda x, y, **_: x * (y + 1)),
    (r"x\left\{y+1\right\}", lambda x, y, **_: x * (y + 1)),
    (r"\{x+y\}^2", lambda x, y, **_: (x + y) ** 2),
    (r"\bigl(x+1\bigr)^2", lambda x, **_: (x + 1) ** 2),
    (r"\Big[x+1\Big]^2", lambda x, **_: (x + 1) ** 2),
    (r"\big(x+1\big)^2", lambda x, **_: (x + 1) ** 2),
    (r"\lbrace x+y\rbrace z", lambda x, y, z, **_: (x + y) * z),
    (r"x\quad y \qquad z", lambda x, y, z, **_: x * y * z),
    (r"x\,y\;z\:\!", lambda x, y, z, **_: x * y * z),
    (r"\displaystyle x~y", lambda x, y, **_: x * y),
    (r"\pi x", lambda x, **_: pi * x),
    (r"\theta x", lambda x, theta, **_: theta * x),
    (r"\vartheta x", lambda x, theta, **_: theta * x),
]
WRAPPED: list[tuple[str, Value]] = [
    (r"$x+y$", lambda x, y, **_: x + y),
    (r"$$x+y$$", lambda x, y, **_: x + y),
    (r"\[ x+y \]", lambda x, y, **_: x + y),
    (r"\(x+y\)", lambda x, y, **_: x + y),
    (" $ x $ ", lambda x, **_: x),
]
FUNCTIONS: list[tuple[str, Value]] = [
    (r"\sin x", lambda x, **_: sin(x)),
    (r"\sin(x)", lambda x, **_: sin(x)),
    (r"\sin\left(x\right)", lambda x, **_: sin(x)),
    (r"\sin{x}", lambda x, **_: sin(x)),
    (r"\sin{\left(x \right)}", lambda x, **_: sin(x)),
    (r"\sin^2 x", lambda x, **_: sin(x) ** 2),
    (r"\sin^{2}{\left(x \right)}", lambda x, **_: sin(x) ** 2),
    (r"\sin^{-1} x", lambda x, **_: asin(x)),
    (r"\sin x^2", lambda x, **_: sin(x**2)),
    (r"\sin x y", lambda x, y, **_: sin(x * y)),
    (r"\sin 2x \cos y", lambda x, y, **_: sin(2 * x) * cos(y)),
    (r"\sin\frac{x}{2}\cos x", lambda x, **_: sin(x / 2) * cos(x)),
    (r"x\sin x", lambda x, **_: x * sin(x)),
    (r"\cos x + \tan y", lambda x, y, **_: cos(x) + tan(y)),
    (r"\cot x \sec x \csc x", lambda x, **_: 1 / (tan(x) * cos(x) * sin(x))),
    (r"\arcsin x + \arccos x + \arctan x", lambda x, **_: asin(x) + acos(x) + atan(x)),
    (r"\sinh x + \cosh x", lambda x, **_: exp(x)),
    (r"\tanh x", lambda x, **_: math.tanh(x)),
    (r"\ln x", lambda x, **_: log(x)),
    (r"\log x", lambda x, **_: log(x)),
    (r"\ln(1+x^2)", lambda x, **_: math.log1p(x * x)),
    (r"\log_{2} x", lambda x, **_: math.log2(x)),
    (r"\log_2 x", lambda x, **_: math.log2(x)),
    (r"\log_{10}\left(x\right)", lambda x, **_: math.log10(x)),
    (r"\log_{10}^{2}\left(x\right)", lambda x, **_: math.log10(x) ** 2),
    (r"\log_x y", lambda x, y, **_: log(y) / log(x)),
    (r"\lg x", lambda x, **_: math.log10(x)),
    (r"\ln^2 x", lambda x, **_: log(x) ** 2),
    (r"\max(x, y)", lambda x, y, **_: max(x, y)),
    (r"\min\left(x, y\right)", lambda x, y, **_: min(x, y)),
    (r"\max\{x, y, 1\}", lambda x, y, **_: max(x, y, 1)),
    (r"\operatorname{relu}(x)", lambda x, **_: x),
    (r"\operatorname{relu}(-x) + 1", lambda **_: 1.0),
    (r"\mathrm{sigmoid}(x)", lambda x, **_: 1 / (1 + exp(-x))),
    (r"\sigma(x)", lambda x, **_: 1 / (1 + exp(-x))),
    (r"\sigma\left(x\right)^{2}", lambda x, **_: 1 / (1 + exp(-x)) ** 2),
    (r"\operatorname{softplus}(x)", lambda x, **_: math.log1p(exp(x))),
    (r"\ln\left(1+e^{x}\right)", lambda x, **_: math.log1p(exp(x))),
    (r"\operatorname{atan2}{\left(y,x \right)}", lambda x, y, **_: math.atan2(y, x)),
    (r"\operatorname{logsumexp}(x, y)", lambda x, y, **_: log(exp(x) + exp(y))),
    (r"\operatorname{erf}(x)", lambda x, **_: math.erf(x)),
    (r"\Gamma(x)", lambda x, **_: math.gamma(x)),
    (r"\Gamma\left(x+1\right)", lambda x, **_: x * math.gamma(x)),
    (r"\relu(x) + \sqrt{\abs{-y}}", lambda x, y, **_: x + sqrt(y)),
]
BARS: list[tuple[str, Value]] = [
    (r"\left|x-y\right|", lambda x, y, **_: y - x),
    (r"\lvert x-y \rvert", lambda x, y, **_: y - x),
    (r"\left\lvert x-y \right\rvert", lambda x, y, **_: y - x),
    (r"\left|x - \left|y\right|\right|", lambda x, y, **_: y - x),
    (r"$|x-y|$", lambda x, y, **_: y - x),
    (r"\bigl|x-y\bigr|", lambda x, y, **_: y - x),
    (r"\big|x-y\big|", lambda x, y, **_: y - x),
    (r"\vert x-y \vert", lambda x, y, **_: y - x),
    (r"2\left|{-x}\right| z", lambda x, z, **_: 2 * x * z),
    (r"\lVert x \rVert", lambda x, **_: x),
    (r"\left\lVert (x, y) \right\rVert", lambda x, y, **_: math.hypot(x, y)),
    (r"\lVert x, y, z \rVert_2^2", lambda x, y, z, **_: x * x + y * y + z * z),
    (r"\|(x, y)\|", lambda x, y, **_: math.hypot(x, y)),
    (r"\left\|(x, y)\right\|^2", lambda x, y, **_: x * x + y * y),
]
SUMS: list[tuple[str, Value]] = [
    (r"\sum_{i=1}^{3} x_i", lambda x1, x2, x3, **_: x1 + x2 + x3),
    (r"\sum_{i=1}^{3} x_{i}^{2} + 1", lambda x1, x2, x3, **_: x1**2 + x2**2 + x3**2 + 1),
    (r"\sum_{i=1}^{2} (x_{i+1} - x_i^2)^2", lambda x1, x2, x3, **_: (x2 - x1**2) ** 2 + (x3 - x2**2) ** 2),
    (r"\sum^{4}_{k=0} x^k", lambda x, **_: sum(x**k for k in range(5))),
    (r"\sum\limits_{k=1}^4 \frac{x^k}{k}", lambda x, **_: sum(x**k / k for k in range(1, 5))),
    (r"2\sum_{i=1}^{3} i x_i", lambda x1, x2, x3, **_: 2 * (x1 + 2 * x2 + 3 * x3)),
    (r"\prod_{k=1}^{3} (x + k)", lambda x, **_: (x + 1) * (x + 2) * (x + 3)),
    (r"\prod_{i=1}^3 x_i", lambda x1, x2, x3, **_: x1 * x2 * x3),
    (
        r"\sum_{i=1}^{2}\sum_{j=1}^{2} (i+j) x_{i} x_{j}",
        lambda x1, x2, **_: 2 * x1 * x1 + 6 * x1 * x2 + 4 * x2 * x2,
    ),
    (r"\sum_{i=2}^{1} x_i + x", lambda x, **_: x),
    (
        r"\frac{1}{3}\sum_{i=1}^{3}\ln(1+e^{-x_i})",
        lambda x1, x2, x3, **_: sum(log(1 + exp(-v)) for v in (x1, x2, x3)) / 3,
    ),
]
CASES: list[tuple[str, Value]] = [
    (r"\begin{cases} x & x > 0 \\ -x & \text{otherwise} \end{cases}", lambda x, **_: x),
    (r"\begin{cases} x & x < 0 \\ -x & \text{otherwise} \end{cases}", lambda x, **_: -x),
    (r"\begin{cases} 1, & \text{if } x \leq 0 \\ y, & \text{if } x > 0 \end{cases}", lambda y, **_: y),
    (r"\begin{cases} 1 & \text{for}\: x = 0 \\ 2 & \text{otherwise} \end{cases}", lambda **_: 2.0),
    (r"\begin{cases} x & x \geq y \land y > 0 \\ y & \text{else} \end{cases} + 1", lambda y, **_: y + 1),
    (r"\begin{cases} x & x \geq y \lor y > 0 \\ y & \text{else} \\ \end{cases}", lambda x, **_: x),
    (r"\begin{cases} x & x \neq y \text{ and } x < 1 \\ y & x \ge 1 \\ 0 \end{cases}", lambda x, **_: x),
    (r"2\begin{dcases} \frac{x}{2} & 0 < x \le 1 \\ 0 & \neg (x < 1) \end{dcases}", lambda x, **_: x),
    (r"x\left(\begin{cases} x & x > 0 \\ 0 & \text{otherwise} \end{cases}\right)^{2}", lambda x, **_: x**3),
]
ALL = [*FRACTIONS, *ROOTS, *POWERS, *PRODUCTS, *WRAPPED, *FUNCTIONS, *BARS, *SUMS, *CASES]


def test_the_table_is_large() -> None:
    assert len(ALL) >= 120


@pytest.mark.parametrize(("source", "value"), ALL, ids=[source for source, _ in ALL])
def test_value(source: str, value: Value) -> None:
    expr = build(parse(source))
    found = float(expr.subs({symbol(name): number for name, number in POINT.items()}).evalf(20))
    assert found == pytest.approx(value(**POINT), rel=1e-13)


@pytest.mark.parametrize(("source", "value"), ALL, ids=[source for source, _ in ALL])
def test_written_again_it_reads_the_same(source: str, value: Value) -> None:
    expr = build(parse(source))
    assert build(parse(latex(expr))) == expr


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (r"\alpha + 0", "alpha"),
        (r"\varepsilon + 0", "epsilon"),
        (r"\Omega + 0", "Omega"),
        (r"\theta_1 + 0", "theta1"),
        (r"\theta_{12} + 0", "theta12"),
        (r"\ell + 0", "l"),
        (r"\mathrm{weight}", "weight"),
        (r"\mathrm{weight}_{1}", "weight1"),
        (r"\operatorname{rate}", "rate"),
        (r"\mathbf{x}", "x"),
        (r"\mathrm{x\_max}", "x_max"),
        (r"x_{max}\,", "x_max"),
        (r"x_{\mathrm{max}}", "x_max"),
        (r"x_{1,2}\,", "x1_2"),
        (r"x_i\,", "x_i"),
    ],
)
def test_names(source: str, name: str) -> None:
    assert parse(source).variables == (name,)


@pytest.mark.parametrize(
    ("source", "note"),
    [
        (r"$xy$", r"xy is read as x*y; write \mathrm{xy} for one name"),
        (r"1/2x + \pi", "1/2 x is read as (1/2)*x; write the product with * and ( )"),
        (r"\sin^{-1} x", "sin^-1 is read as the inverse function asin"),
        (r"\sigma(x)", r"\sigma(...) is read as the sigmoid; write \sigma \cdot (...) for a product"),
        (r"\gamma(x)", "gamma(...) is read as the variable gamma times (...); write Gamma(...) for the function"),
        (r"\ln(1+e^{x})", "log(1 + exp(u)) is computed as softplus(u), which does not overflow"),
        (r"\sin x (y+1)", r"\sin x (...) is read as (\sin x)*(...); bracket the argument"),
    ],
)
def test_notes_are_those_of_plain_text(source: str, note: str) -> None:
    assert note in parse(source).notes


@pytest.mark.parametrize("source", [r"\sin x y", r"\frac12 x", r"e^{2x} y \cdot 1", r"x^{2} y\,"])
def test_what_is_clear_has_no_note(source: str) -> None:
    assert parse(source).notes == ()


def test_declared_names_stay_whole() -> None:
    formula = parse(r"\frac{xy}{x}", variables=["x", "xy"])
    assert build(formula) == symbol("xy") / symbol("x")


def test_a_declared_sigma_is_no_sigmoid() -> None:
    assert build(parse(r"\sigma(x)", variables=["sigma", "x"])) == symbol("sigma") * symbol("x")


def test_the_tree_keeps_what_was_typed() -> None:
    assert parse(r"\frac{x}{x}").tree == parse("x/x").tree
    assert parse(r"\left|x\right|").tree == parse("|x|").tree
    assert parse(r"\sum_{i=1}^{3} x_i").tree == parse("sum(x_i, i=1..3)").tree


def test_spans_are_those_of_the_source() -> None:
    source = r"$\frac{x}{y} + \sqrt{z}$"
    pieces = [source[n.span[0] : n.span[1]] for n in parse(source).tree.children]
    assert pieces == [r"\frac{x}{y}", r"\sqrt{z}"]


CALLS = [
    f"{f.name}({', '.join(['x + 1', 'y', 'z'][:n])})"
    for f in TABLE
    for n in sorted({f.least, 3 if f.most is None else f.most})
    if f.name not in {"sum", "prod", "piecewise", "root", "polygamma"}
]
WRITTEN = [
    *(f"{call}{tail}" for call in CALLS for tail in ("", "^3", "^y", " sin(z)")),
    "weight*x_max*x1_2*alpha1_3", "x1x2 + ab1c + theta_12", "x_hat xbar ydot", "A_1 B_c_d",
    "sigma*(x+1)", "sigma^2*(x+1)*sigmoid(x)", "sigma*sigmoid(x+1)", "gamma*(x+1)", "f*(x+1)",
    "x^(1/3)", "(x+1)^(1/3)", "(x+1)^(-1/3)", "x^(1/4)", "cbrt(2)*2^(1/3)", "root(x+y,5)^2", "x^(2/3)",
    "polygamma(0, x)", "digamma(x)^2", "2*3^x*5^y", "(1/2)^x", "(1/3)^x y", "(-x)^y", "x/(-y)", "10^20*x",
    "(x if x==1 else y)*z", "piecewise((x, x<0), (y, y<=3))^2", "x if not (x>0 and y>0) else 0",
]  # fmt: skip


@pytest.mark.parametrize("source", WRITTEN)
def test_our_own_latex_reads_back(source: str) -> None:
    expr = build(parse(source))
    assert build(parse(latex(expr))) == expr
