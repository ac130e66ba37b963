"""Convexity of functions whose answer is known, each with its source or proof in a line; none may be wrong.

BV is Boyd and Vandenberghe, "Convex Optimization" (2004), by section or example.
"""

from __future__ import annotations

import math

import pytest

from gdcli.calculus.curvature.hessian import Hessian
from gdcli.calculus.curvature.verdict import Verdict, judge
from gdcli.calculus.function import Function
from gdcli.calculus.interval.box import everywhere, parse_box
from gdcli.calculus.interval.region import Region

TABLE = """
3x - 2y + 1                    | R^n | affine | by definition
x^2 + 3x*y + 5y^2              | R^n | strongly | eigenvalues 1 and 11
(x + y)^2                      | R^n | convex | H = 2 [[1,1],[1,1]], eigenvalue 0 along (1,-1)
-x^2 - y^2                     | R^n | strictly concave | H = -2 I
x*y                            | R^n | neither | eigenvalues -1 and 1
x^2 - 2x*y + y^2 + exp(z)      | R^n | convex | (x - y)^2 + exp(z)
x^4                            | R^n | strictly | BV 3.1.5: |x|^p, p >= 1; strict since f' is increasing
x^4 + y^4                      | R^n | strictly | separable sum of strictly convex functions
x^6 + x^2                      | R^n | strongly | f'' = 30 x^4 + 2 >= 2
x^3                            | R^n | neither | f'' = 6x changes its sign
x^3                            | 0..2 | strictly | f'' = 6x > 0 inside
x^3                            | -2..0 | strictly concave | f'' = 6x < 0 inside
|x|                            | R^n | convex | triangle inequality
|x|^3                          | R^n | convex | BV 3.1.5
|x|^(3/2) + y^2                | R^n | convex | BV 3.1.5 and a sum
|x - y| + |x + y|              | R^n | convex | norm of a linear map
max(x, y, x + y - 1)           | R^n | convex | BV 3.2.3
max(x^2, exp(y))               | R^n | convex | BV 3.2.3
min(x, 2y)                     | R^n | concave | -max(-x, -2y)
relu(x - 1) + relu(-x)         | R^n | convex | BV 3.2.3
relu(x)^2                      | R^n | convex | composition: u^2 rises on u >= 0
norm(x, y)                     | R^n | convex | every norm is convex (BV 3.1.5)
norm(x - 1, 2y + 3)            | R^n | convex | norm of an affine map
sqrt(1 + x^2)                  | R^n | convex | norm of (1, x)
sqrt(x^2 + y^2 + 2x + 2)       | R^n | convex | norm of (x + 1, y, 1)
(|x|^3 + |y|^3)^(1/3)          | R^n | convex | the 3-norm (Minkowski)
exp(x)                         | R^n | strictly | BV 3.1.5
exp(2x - y)                    | R^n | convex | exp of an affine function, constant along (1, 2)
exp(x^2)                       | R^n | strongly | f'' = (2 + 4x^2) exp(x^2) >= 2
exp(x) + exp(-x)               | R^n | strongly | f'' = 2 cosh x >= 2
cosh(x - y)                    | R^n | convex | cosh'' = cosh > 0
2^x                            | R^n | strictly | exp(x ln 2)
-log(x)                        | R^n | strictly | BV 3.1.5, on x > 0
-log(x) - log(y)               | R^n | strictly | sum
-log(1 - x^2)                  | R^n | strictly | -log of a concave function (BV 3.2.4)
x*log(x)                       | R^n | strictly | BV 3.1.5
x*log(x/y)                     | 0.1..3 | convex | relative entropy, BV example 3.19
x^x                            | R^n | strictly | exp(x log x), exp rises
sqrt(x)                        | R^n | strictly concave | BV 3.1.5
x^(-1/2)                       | R^n | strictly | BV 3.1.5
1/x                            | 0.1..5 | strongly | f'' = 2/x^3 >= 2/125
1/x                            | R^n | neither | f'' = 2/x^3 changes its sign
x^2/y                          | x=-5..5, y=0.1..3 | convex | quadratic over linear, BV 3.1.5
(x^2 + y^2)/z                  | x=-1..1, y=-1..1, z=0.5..2 | convex | sum of quadratic over linear
x^2/y                          | x=-5..5, y=-3..-0.1 | concave | minus the case y > 0
sqrt(x*y)                      | 0.1..4 | concave | geometric mean, BV 3.1.5
1/(x*y)                        | 0.1..4 | strictly | log f = -log x - log y is strictly convex
exp(x)/y                       | x=-1..1, y=0.5..2 | convex | log f = x - log y is convex
log(1 + exp(x))                | R^n | strictly | f'' = s (1 - s) > 0
softplus(x - y) + softplus(x)  | R^n | strictly | the slopes (1,-1), (1,0) span the plane
softplus(x^2)                  | R^n | strongly | softplus rises, x^2 is convex; f'' = 1 at 0, larger elsewhere
logsumexp(x, y, z)             | R^n | convex | BV 3.1.5; affine along (1, 1, 1)
logsumexp(x^2, y)              | R^n | convex | rises in each argument
log(exp(x) + exp(y) + 1)       | R^n | convex | log of a sum of exponentials
log(cosh(x))                   | R^n | strictly | f'' = 1 - tanh^2 > 0
log(sigmoid(x))                | R^n | strictly concave | -softplus(-x)
sigmoid(x)                     | R^n | neither | inflection at 0
sigmoid(x)                     | 0..4 | concave | s'' = s (1 - s)(1 - 2s) <= 0 for x >= 0
tanh(x)                        | -3..0 | convex | tanh'' = -2 tanh sech^2
atan(x)                        | 0..9 | concave | f'' = -2x/(1 + x^2)^2
sin(x)                         | R^n | neither | f'' = -sin x
sin(x)                         | 0..3 | concave | sin >= 0 on [0, pi]
cos(x)                         | -1..1 | strictly concave | cos > 0 on (-pi/2, pi/2)
tan(x)                         | 0..1 | convex | tan'' = 2 tan sec^2
x^2 + sin(x)                   | R^n | strongly | f'' = 2 - sin x >= 1
x^4 - 3x^2                     | R^n | neither | f''(0) = -6, f''(1) = 6
x^4 - 3x^2                     | 1..5 | strongly | f'' = 12x^2 - 6 >= 6
100*(y - x^2)^2 + (1 - x)^2    | R^n | neither | Rosenbrock: H_11(0, 1) = -398
(x^2 + y - 11)^2 + (x + y^2 - 7)^2 | R^n | neither | Himmelblau has four minima
x^2*y^2                        | R^n | neither | det H = -12 x^2 y^2 < 0
Gamma(x)                       | 0.5..4 | strongly | log-convex (Bohr and Mollerup)
erf(x)                         | R^n | neither | f'' = -4x exp(-x^2)/sqrt(pi)
asin(x)                        | 0..0.9 | convex | f'' = x/(1 - x^2)^(3/2)
x/x + x^2                      | R^n | undecided | not defined at 0: its domain is not convex
exp(-x^2)                      | R^n | neither | inflections at +-1/sqrt 2
(x - y)^4 + (x + y)^2          | R^n | strictly | (1,-1) and (1,1) span the plane
"""
ROWS = [tuple(part.strip() for part in line.split(" | ")) for line in TABLE.strip().splitlines()]


def verdict(text: str, box: str) -> Verdict:
    function = Function.parse(text)
    names = tuple(v.name for v in function.variables)
    ranges = everywhere(names) if box == "R^n" else parse_box(box, names)
    return judge(function, Hessian.of(function), Region.of(ranges))


def said(found: Verdict) -> set[str]:
    """Everything the verdict claims: strongly implies strictly implies convex."""
    words = {found.kind}
    if found.kind == "convex":
        words |= {"strictly"} if found.strict else set()
        words |= {"strongly", "strictly"} if found.mu > 0.0 else set()
    if found.kind == "concave" and found.strict:
        words.add("strictly concave")
    return words


@pytest.mark.parametrize(("text", "box", "expected", "proof"), ROWS, ids=[f"{r[0]} on {r[1]}" for r in ROWS])
def test_the_verdict_is_the_one_that_is_known(text: str, box: str, expected: str, proof: str) -> None:
    assert proof
    assert expected in said(verdict(text, box))


def test_the_table_is_long_enough() -> None:
    assert len(ROWS) >= 70


@pytest.mark.parametrize(
    "text",
    [
        "(x + y)^2",
        "exp(2x - y)",
        "logsumexp(x, y, z)",
        "|x|",
        "norm(x, y)",
        "max(x, y)",
        "relu(x)",
        "cosh(x - y)",
        "3x + y",
    ],
)
def test_what_is_not_strict_is_not_called_strict(text: str) -> None:
    found = verdict(text, "R^n")
    assert not found.strict
    assert found.mu == 0.0


@pytest.mark.parametrize(
    "text", ["x^2*y^2", "x^3 - 3x*y^2", "1/x", "x*y", "sin(x)*y", "x^4 - 3x^2", "erf(x)", "x*exp(y)"]
)
def test_a_witness_is_exact(text: str) -> None:
    function = Function.parse(text)
    hessian = Hessian.of(function)
    found = verdict(text, "R^n")
    for witness, sign in ((found.not_convex, -1), (found.not_concave, 1)):
        assert witness is not None
        matrix = hessian.at(dict(zip(function.variables, witness.place, strict=True)))
        size = range(len(witness.place))
        value = sum(matrix[i][j] * witness.direction[i] * witness.direction[j] for i in size for j in size)
        assert value == witness.curvature
        assert value * sign > 0
        assert math.gcd(*witness.direction) == 1


@pytest.mark.parametrize(("text", "box"), [("x*y", "1/2..3"), ("x^2 - y^2", "x=-3..-1, y=2..inf"), ("x^3*y", "1..2")])
def test_a_witness_lies_in_the_box(text: str, box: str) -> None:
    names = Function.parse(text).variables
    ends = Region.of(parse_box(box, tuple(v.name for v in names))).inner
    found = verdict(text, box)
    for witness in (found.not_convex, found.not_concave):
        assert witness is not None
        assert all(low <= x <= high for x, (low, high) in zip(witness.place, ends, strict=True))


def test_what_only_holds_on_part_of_the_region_says_where() -> None:
    assert set(verdict("x*log(x) - log(3 - x - y)", "R^n").where) == {"x > 0", "-x - y + 3 > 0"}
    assert verdict("-sqrt(x)", "R^n").where == ("x >= 0",)
    assert verdict("-log(x)", "1..2").where == ()


def test_a_domain_that_is_not_convex_is_no_place_for_convexity() -> None:
    assert verdict("1/x^2", "R^n").kind == "undecided"
    assert verdict("-log(x^2)", "R^n").kind == "undecided"
    assert verdict("-log(x^2)", "1..2").kind == "convex"


def test_the_proof_is_told_step_by_step() -> None:
    reasons = verdict("exp(x^2) - log(x)", "R^n").reasons
    assert set(reasons) == {
        "x**2: u^2 is convex, x is affine",
        "exp(x**2): exp is convex and rising, x**2 is convex",
        "log(x): log is concave, x is affine",
    }
