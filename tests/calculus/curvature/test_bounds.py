"""mu and L as proven bounds: sampled eigenvalues never lie outside, and quadratics have theirs exactly."""

from __future__ import annotations

import math

import numpy as np
import pytest
import sympy

from gdcli.calculus.curvature.hessian import Hessian
from gdcli.calculus.curvature.verdict import Verdict, judge
from gdcli.calculus.function import Function
from gdcli.calculus.interval.box import parse_box
from gdcli.calculus.interval.region import Region
from tests.calculus.curvature.test_hessian import FUNCTIONS

BOXES = {name: "-2..2" for name in FUNCTIONS if name not in ("helical", "Brown")} | {
    "Brown": "1/2..1",
    "helical": "1/2..1",
}
MORE = {
    "sin(x)*cos(y)": "-3..3",
    "x^x": "0.1..3",
    "exp(x*y)": "-1..1",
    "softplus(x - y) + softplus(2x + y)": "-inf..inf",
    "tanh(x)*y": "x=-inf..inf, y=-1..1",
    "x/(1 + y^2)": "-2..2",
    "Gamma(x) + x*y": "0.5..4",
    "log(cosh(x + y))": "-inf..inf",
    "sqrt(1 + x^2 + y^2)": "-3..3",
}
CASES = [(FUNCTIONS[name][0], box) for name, box in BOXES.items()] + list(MORE.items())


def bounds(text: str, box: str) -> tuple[Function, Hessian, Region, Verdict]:
    function = Function.parse(text)
    hessian = Hessian.of(function)
    region = Region.of(parse_box(box, [v.name for v in function.variables]))
    return function, hessian, region, judge(function, hessian, region)


@pytest.mark.parametrize(("text", "box"), CASES)
def test_no_eigenvalue_lies_outside_its_bounds(text: str, box: str) -> None:
    function, hessian, region, found = bounds(text, box)
    assert found.least is not None
    assert found.greatest is not None
    n = len(function.variables)
    entries = [[hessian.entry(i, j) for j in range(n)] for i in range(n)]
    rng = np.random.default_rng(1)
    low, high = math.inf, -math.inf
    for _ in range(25):
        place = [rng.uniform(max(a, -50.0), min(b, 50.0)) for a, b in region.outer]
        numbers = dict(zip(function.variables, map(sympy.Float, place), strict=True))
        matrix = np.array([[float(e.xreplace(numbers)) for e in row] for row in entries])
        eigenvalues = np.linalg.eigvalsh(matrix)
        low, high = min(low, eigenvalues[0]), max(high, eigenvalues[-1])
    slack = 1e-12 * (1 + abs(low) + abs(high))
    assert found.least.lower <= low + slack
    assert found.greatest.upper >= high - slack
    assert found.least.lower <= found.least.upper
    L = found.smoothness
    assert L is not None
    assert L.upper >= max(high, -low) - slack


@pytest.mark.parametrize(
    ("text", "least", "greatest"),
    [
        ("x^2", "2", "2"),
        ("x^2 + 3x*y + 5y^2", "1", "11"),
        ("x^2 + x*y + 2y^2", "3 - sqrt(2)", "sqrt(2) + 3"),
        ("pi*x^2 + e*y^2", "2*E", "2*pi"),
        ("x*y", "-1", "1"),
        ("x^2 + y^2 + z^2 - x*y", "1", "3"),
        ("0.26(x^2 + y^2) - 0.48x y", "1/25", "1"),
        ("(x + 2y - 7)^2 + (2x + y - 5)^2", "2", "18"),
        ("3x + y", "0", "0"),
    ],
)
def test_the_constants_of_a_quadratic_are_exact(text: str, least: str, greatest: str) -> None:
    *_, found = bounds(text, "-inf..inf")
    assert found.least is not None
    assert found.greatest is not None
    assert found.least.exact == sympy.sympify(least)
    assert found.greatest.exact == sympy.sympify(greatest)
    assert found.least.lower <= float(found.least.exact) <= found.least.upper


def test_a_quadratic_of_three_variables_agrees_with_lapack() -> None:
    *_, found = bounds("2x^2 + y^2 + z^2 + x*y + y*z", "-inf..inf")
    truth = np.linalg.eigvalsh([[4.0, 1.0, 0.0], [1.0, 2.0, 1.0], [0.0, 1.0, 2.0]])
    assert found.least is not None
    assert found.greatest is not None
    assert [found.least.lower, found.greatest.upper] == pytest.approx([truth[0], truth[-1]], rel=1e-14)


def test_rosenbrock_on_its_box_is_bracketed() -> None:
    *_, found = bounds("100*(y - x^2)^2 + (1 - x)^2", "-2..2")
    L = found.smoothness
    assert L is not None
    truth = np.linalg.eigvalsh([[1200 * 4 + 800 + 2.0, 800.0], [800.0, 200.0]])[-1]
    assert 5544 <= L.lower <= truth * (1 + 1e-12)
    assert truth <= L.upper <= 5719
    assert found.least is not None
    assert found.least.lower <= -798.0 <= found.least.upper + 1e-9


@pytest.mark.parametrize(
    ("text", "L"),
    [("softplus(x)", 0.25), ("log(cosh(x))", 1.0), ("x^2 + sin(x)", 3.0), ("sqrt(1 + x^2)", 1.0), ("cos(x)", 1.0)],
)
def test_functions_with_a_known_L_on_the_whole_line(text: str, L: float) -> None:
    *_, found = bounds(text, "-inf..inf")
    assert found.smoothness is not None
    assert found.smoothness.upper == pytest.approx(L, rel=1e-4)
    assert found.smoothness.upper >= L


@pytest.mark.parametrize("text", ["x^4", "exp(x)", "x^3*y"])
def test_without_a_bound_none_is_claimed(text: str) -> None:
    *_, found = bounds(text, "-inf..inf")
    assert found.smoothness is not None
    assert found.smoothness.upper == math.inf


@pytest.mark.parametrize("text", ["|x|", "relu(x) + x^2", "x/x", "sqrt(x)", "log(x)", "max(x, x^2)", "cbrt(x)"])
def test_a_kink_or_an_edge_leaves_no_L(text: str) -> None:
    *_, found = bounds(text, "-1..1")
    assert found.smoothness is None
