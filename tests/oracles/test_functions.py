r"""Optimisation test functions of the literature: gradients against 50 digits and, where installed, jax; minima.

Sources: [MGH] More, Garbow and Hillstrom, "Testing unconstrained optimization software", ACM TOMS 7 (1981), by problem
number; [JY] Jamil and Yang, "A literature survey of benchmark functions for global optimisation problems", Int. J.
Math. Model. Numer. Optim. 4 (2013); [SB] Surjanovic and Bingham, "Virtual library of simulation experiments" (Simon
Fraser University). A minimum is exact where it is given in formulas; else it is the published one, refined here by
Newton steps on 50-digit differences, and must lie where it was published.

jax is no dependency of the tests (600 MB): its check runs where jax happens to be installed.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction

import mpmath
import pytest
import sympy

from gdcli.calculus.function import Function
from gdcli.calculus.gradient import gradient
from gdcli.calculus.numeric import Numeric
from gdcli.language import parse_point
from gdcli.language.build import build_point

DIGITS = 50


@dataclass(frozen=True)
class Known:
    """A test function: formula, where it is from, one minimiser (exact, or published digits) and its value."""

    name: str
    formula: str
    source: str
    at: str
    least: str
    exact: bool = True


FUNCTIONS = [
    Known("Rosenbrock", "100(x2 - x1^2)^2 + (1 - x1)^2", "MGH 1", "1, 1", "0"),
    Known(
        "Freudenstein-Roth",
        "(-13 + x1 + ((5 - x2)x2 - 2)x2)^2 + (-29 + x1 + ((x2 + 1)x2 - 14)x2)^2",
        "MGH 2",
        "5, 4",
        "0",
    ),
    Known("Brown badly scaled", "(x1 - 10^6)^2 + (x2 - 2/10^6)^2 + (x1 x2 - 2)^2", "MGH 4", "10^6, 2/10^6", "0"),
    Known("Beale", "(3/2 - x1(1 - x2))^2 + (9/4 - x1(1 - x2^2))^2 + (21/8 - x1(1 - x2^3))^2", "MGH 5", "3, 1/2", "0"),
    Known(
        "Helical valley",
        "100((x3 - 10 atan2(x2, x1)/(2pi))^2 + (sqrt(x1^2 + x2^2) - 1)^2) + x3^2",
        "MGH 7",
        "1, 0, 0",
        "0",
    ),
    Known(
        "Powell singular", "(x1 + 10x2)^2 + 5(x3 - x4)^2 + (x2 - 2x3)^4 + 10(x1 - x4)^4", "MGH 13", "0, 0, 0, 0", "0"
    ),
    Known(
        "Wood",
        "100(x2 - x1^2)^2 + (1 - x1)^2 + 90(x4 - x3^2)^2 + (1 - x3)^2 + 10(x2 + x4 - 2)^2 + (x2 - x4)^2/10",
        "MGH 14",
        "1, 1, 1, 1",
        "0",
    ),
    Known(
        "Trigonometric",
        "sum((3 - sum(cos(x_j), j=1..3) + i(1 - cos(x_i)) - sin(x_i))^2, i=1..3)",
        "MGH 26",
        "0, 0, 0",
        "0",
    ),
    Known("Himmelblau", "(x1^2 + x2 - 11)^2 + (x1 + x2^2 - 7)^2", "JY", "3, 2", "0"),
    Known("Booth", "(x1 + 2x2 - 7)^2 + (2x1 + x2 - 5)^2", "JY", "1, 3", "0"),
    Known("Matyas", "0.26(x1^2 + x2^2) - 0.48x1 x2", "JY", "0, 0", "0"),
    Known("Zakharov", "sum(x_i^2, i=1..3) + sum(i x_i/2, i=1..3)^2 + sum(i x_i/2, i=1..3)^4", "JY", "0, 0, 0", "0"),
    Known(
        "Goldstein-Price",
        "(1 + (x1 + x2 + 1)^2 (19 - 14x1 + 3x1^2 - 14x2 + 6x1 x2 + 3x2^2))"
        "*(30 + (2x1 - 3x2)^2 (18 - 32x1 + 12x1^2 + 48x2 - 36x1 x2 + 27x2^2))",
        "JY",
        "0, -1",
        "3",
    ),
    Known(
        "Branin",
        "(x2 - 5.1x1^2/(4pi^2) + 5x1/pi - 6)^2 + 10(1 - 1/(8pi))cos(x1) + 10",
        "JY",
        "pi, 2.275",
        "10/(8*pi)",
    ),
    Known("Rastrigin", "30 + sum(x_i^2 - 10cos(2pi*x_i), i=1..3)", "SB", "0, 0, 0", "0"),
    Known("Griewank", "1 + (x1^2 + x2^2 + x3^2)/4000 - cos(x1)cos(x2/sqrt(2))cos(x3/sqrt(3))", "JY", "0, 0, 0", "0"),
    Known(
        "Levy",
        "sin(pi(1 + (x1-1)/4))^2 + ((x1-1)/4)^2 (1 + 10sin(pi(1 + (x1-1)/4) + 1)^2)"
        "+ ((x2-1)/4)^2 (1 + sin(2pi(1 + (x2-1)/4))^2)",
        "SB",
        "1, 1",
        "0",
    ),
    Known("Dixon-Price", "(x1 - 1)^2 + 2(2x2^2 - x1)^2 + 3(2x3^2 - x2)^2", "JY", "1, 2^(-1/2), 2^(-3/4)", "0"),
    Known("Trid", "sum((x_i - 1)^2, i=1..4) - sum(x_i x_{i-1}, i=2..4)", "SB", "4, 6, 6, 4", "-16"),
    Known("Easom", "-cos(x1)cos(x2)exp(-(x1 - pi)^2 - (x2 - pi)^2)", "JY", "pi, pi", "-1"),
    Known("Three-hump camel", "2x1^2 - 1.05x1^4 + x1^6/6 + x1 x2 + x2^2", "JY", "0, 0", "0"),
    Known(
        "Six-hump camel",
        "(4 - 2.1x1^2 + x1^4/3)x1^2 + x1 x2 + (4x2^2 - 4)x2^2",
        "JY",
        "0.0898, -0.7126",
        "-1.0316284534898774",
        exact=False,
    ),
    Known(
        "McCormick",
        "sin(x1 + x2) + (x1 - x2)^2 - 1.5x1 + 2.5x2 + 1",
        "JY",
        "-0.54719, -1.54719",
        "-1.91322295",
        exact=False,
    ),
    Known(
        "Styblinski-Tang",
        "(x1^4 - 16x1^2 + 5x1 + x2^4 - 16x2^2 + 5x2)/2",
        "JY",
        "-2.903534, -2.903534",
        "-78.33233140754",
        exact=False,
    ),
    Known("Bohachevsky", "x1^2 + 2x2^2 - 0.3cos(3pi*x1) - 0.4cos(4pi*x2) + 0.7", "JY", "0, 0", "0"),
]
KINKED = Known(
    "Ackley",
    "-20exp(-sqrt((x1^2 + x2^2)/2)/5) - exp((cos(2pi*x1) + cos(2pi*x2))/2) + 20 + e",
    "JY",
    "0, 0",
    "0",
)
"""Its minimum is a kink: the gradient has no value there."""
EXACT = [f for f in FUNCTIONS if f.exact]
REFINED = [f for f in FUNCTIONS if not f.exact]


def name_of(known: Known) -> str:
    return known.name


def partial(numeric: Numeric, place: dict[str, mpmath.mpf], name: str) -> mpmath.mpf:
    """(f(x + h) - f(x - h)) / 2h at h = 1e-30 in 110 digits: its error is below 1e-50."""
    h = mpmath.mpf(10) ** -30
    ahead, behind = (numeric.at({**place, name: place[name] + side * h}) for side in (1, -1))
    return (ahead - behind) / (2 * h)


def exact(known: Known, function: Function) -> dict[sympy.Symbol, sympy.Expr]:
    return build_point(parse_point(known.at, [v.name for v in function.variables]))


def test_there_are_enough() -> None:
    assert len(FUNCTIONS) >= 20


@pytest.mark.parametrize("known", [*FUNCTIONS, KINKED], ids=name_of)
def test_gradient_at_random_points(known: Known) -> None:
    function = Function.parse(known.formula)
    numeric = Numeric(function.tree)
    partials = gradient(function.expr, function.variables)
    draw = random.Random(known.name)
    for _ in range(3):
        point = {v: Fraction(draw.randint(-300, 300), 100) + Fraction(1, 997) for v in function.variables}
        rational = {v: sympy.Rational(x.numerator, x.denominator) for v, x in point.items()}
        with mpmath.workdps(110):
            place = {v.name: mpmath.mpf(x.numerator) / x.denominator for v, x in point.items()}
            for v, found in zip(function.variables, partials, strict=True):
                truth = partial(numeric, place, v.name)
                ours = mpmath.mpf(str(found.subs(rational).evalf(70)))
                assert abs(ours - truth) <= mpmath.mpf(10) ** -(DIGITS - 4) * (1 + abs(truth))


@pytest.mark.parametrize("known", EXACT, ids=name_of)
def test_gradient_is_zero_at_the_minimum(known: Known) -> None:
    function = Function.parse(known.formula)
    place = exact(known, function)
    least = Function.parse(known.least).expr
    assert abs((function.expr.subs(place) - least).evalf(DIGITS, chop=True)) < 10 ** -(DIGITS - 10)
    for found in gradient(function.expr, function.variables):
        assert abs(found.subs(place).evalf(DIGITS, chop=True)) < 10 ** -(DIGITS - 10)


@pytest.mark.parametrize("known", REFINED, ids=name_of)
def test_gradient_is_zero_at_the_published_minimum_refined(known: Known) -> None:
    function = Function.parse(known.formula)
    numeric = Numeric(function.tree)
    names = [v.name for v in function.variables]
    with mpmath.workdps(110):
        published = [mpmath.mpf(x) for x in known.at.split(",")]

        def slopes(*x: mpmath.mpf) -> list[mpmath.mpf]:
            return [partial(numeric, dict(zip(names, x, strict=True)), name) for name in names]

        found = list(mpmath.findroot(slopes, published, tol=mpmath.mpf(10) ** -100))
        assert all(abs(a - b) < 1e-4 for a, b in zip(found, published, strict=True))
        assert abs(numeric.at(dict(zip(names, found, strict=True))) - mpmath.mpf(known.least)) < 1e-7
        place = {v: sympy.Float(str(x), 105) for v, x in zip(function.variables, found, strict=True)}
    for g in gradient(function.expr, function.variables):
        assert abs(g.evalf(80, subs=place, chop=False)) < 10**-45


@pytest.mark.parametrize("known", [*FUNCTIONS, KINKED], ids=name_of)
def test_gradient_is_that_of_jax(known: Known) -> None:
    jax = pytest.importorskip("jax", reason="jax (600 MB) is an optional check: pip install jax")
    jax.config.update("jax_enable_x64", True)
    function = Function.parse(known.formula)
    theirs = sympy.lambdify(function.variables, function.expr, modules=[jax.numpy])
    draw = random.Random(known.name)
    for _ in range(3):
        point = [draw.uniform(-3, 3) for _ in function.variables]
        truth = jax.grad(lambda x: theirs(*x))(jax.numpy.array(point))
        place = dict(zip(function.variables, map(sympy.Float, point), strict=True))
        for found, other in zip(gradient(function.expr, function.variables), truth, strict=True):
            assert float(found.subs(place).evalf(30)) == pytest.approx(float(other), rel=1e-9, abs=1e-9)
