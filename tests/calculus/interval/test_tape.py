"""Every function of the language on boxes: 50-digit values at places of the box lie in the interval."""

from __future__ import annotations

import math

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdcli.calculus.function import Function
from gdcli.calculus.gradient import gradient
from gdcli.calculus.interval.arithmetic import EmptyError
from gdcli.calculus.interval.tape import Tape
from gdcli.calculus.numeric import Numeric
from gdcli.errors import DomainError
from gdcli.language.functions import TABLE

OWN = {"dot": "dot([x, y], [y, x^2])", "sum": "sum(x^i*y, i=1..4)", "prod": "prod(x + i*y, i=1..4)"}
OWN |= {"piecewise": "piecewise((x^2*y, x > y), (x + y^3, x <= y and y > 0), (2, True))", "root": "root(x*y, 3)"}
OWN |= {"log": "log(x + 3, y + 5)", "Gamma": "Gamma(x + 4)", "polygamma": "polygamma(1, x + 4)"}
MORE = [
    "100*(y - x^2)^2 + (1 - x)^2",
    "x^(3/2) - y^(-1/2)",
    "(x + 4)^y",
    "2^x - e^y + pi",
    "softplus(x)*sigmoid(y)*(1 - sigmoid(y))",
    "x^-3 + 1/(1 + y^2)",
    "(x^2 + 1)^pi",
    "1 if not x > 0 or y == 0 else sqrt(x)",
]


def formula(name: str) -> str:
    function = next(f for f in TABLE if f.name == name)
    many = function.least > 1 or function.most is None
    return OWN.get(name) or (f"{name}(x*y, x - y)" if many else f"{name}(x*y/4)")


ENDS = st.sampled_from([-3.0, -1.0, 0.0, 0.5, 1.0, 2.0]) | st.floats(-3, 3)
RANGES = st.tuples(ENDS, st.sampled_from([0.0, 1e-9, 0.25, 1.0, 4.0])).map(lambda p: (p[0], p[0] + p[1]))


@pytest.mark.parametrize("text", [*[formula(f.name) for f in TABLE], *MORE])
@settings(max_examples=25, deadline=None, derandomize=True)
@given(x=RANGES, y=RANGES, s=st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=4, max_size=4))
def test_values_lie_in_the_interval(text: str, x, y, s) -> None:  # type: ignore[no-untyped-def]
    function = Function.parse(text, ["x", "y"])
    numeric = Numeric(function.tree)
    tape = Tape(function.variables, [function.expr])
    try:
        low, high = tape.run([x, y])[0]
    except EmptyError:
        low, high = math.inf, -math.inf
    with mpmath.workdps(50):
        for a, b in [(0.0, 0.0), (1.0, 1.0), (0.0, 1.0), *s]:
            place = {"x": min(x[1], x[0] + a * (x[1] - x[0])), "y": min(y[1], y[0] + b * (y[1] - y[0]))}
            value = numeric.at({name: mpmath.mpf(number) for name, number in place.items()})
            assert value is None or low <= value <= high


@pytest.mark.parametrize(
    "text", ["softplus(x)", "x^3*y - y^2", "exp(x*y)", "sin(x)*cos(y)", "sqrt(4 + x^2)", "x/(4 + y)"]
)
def test_an_interval_shrinks_with_its_box(text: str) -> None:
    function = Function.parse(text, ["x", "y"])
    tape = Tape(function.variables, [*gradient(function.expr, function.variables)])
    sizes = []
    for width in (0.5, 0.05, 0.005, 0.0):
        sizes.append(max(high - low for low, high in tape.run([(0.75, 0.75 + width), (-0.5, -0.5 + width)])))
    assert sizes[1] < sizes[0] / 4
    assert sizes[2] < sizes[1] / 4
    assert sizes[3] < 1e-14


def test_unbounded_ranges_have_their_limits() -> None:
    whole = (-math.inf, math.inf)
    function = Function.parse("sigmoid(x)*(1 - sigmoid(x)) + 0*y", ["x", "y"])
    assert Tape(function.variables, [function.expr]).run([whole, whole])[0] == (0.0, 0.25)
    for text, expected in (("exp(x)", (0.0, math.inf)), ("tanh(x)", (-1.0, 1.0)), ("x^2 + y^4", (0.0, math.inf))):
        other = Function.parse(text, ["x", "y"])
        assert Tape(other.variables, [other.expr]).run([whole, whole])[0] == expected


def test_shared_pieces_are_computed_once() -> None:
    function = Function.parse("exp(x + y) + exp(x + y)^3*sin(exp(x + y))", ["x", "y"])
    tape = Tape(function.variables, [function.expr, function.expr])
    alone = Tape(function.variables, [function.expr])
    assert tape.steps == alone.steps
    assert tape.run([(0.0, 1.0)] * 2) == alone.run([(0.0, 1.0)] * 2) * 2


def test_what_has_no_interval_arithmetic_is_said() -> None:
    import sympy

    x = sympy.Symbol("x", real=True)
    with pytest.raises(DomainError, match="zeta has no interval arithmetic"):
        Tape([x], [sympy.zeta(x)])
