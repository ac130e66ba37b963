"""Generated source over ranges: what it gives holds the 50-digit value at every point of the argument."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from gdcli.kernels.interpret import ARRAY, arrays
from gdcli.kernels.ranges import RANGE, Range, ranges
from gdcli.kernels.source import derive
from gdcli.language import parse
from gdcli.language.build import build, symbol
from gdcli.risk.losses import LOSSES

FORMULAS = {
    **{name: loss.formula for name, loss in LOSSES.items()},
    "quartic": "(p - y)^4",
    "pseudo-huber": "sqrt(1 + (p - y)^2) - 1",
    "expanded": "p^4 - 4 p^3 y + 6 p^2 y^2 - 4 p y^3 + y^4",
    "cauchy": "log(1 + (p - y)^2)",
    "power": "2^p + (1 + p^2)^1.5",
    "waves": "sin(p) + cos(2 p) + p^2",
    "pieces": "max(p, y, 0) + min(p, 1) + |p - 2| + relu(p)",
    "choice": "p if p > y and p < 3 or not p > -2 else 2 p",
    "equal": "1 if p == y else 2",
    "unequal": "1 if p != y else 2",
    "inverse": "1/(1 + p^2) + 1/p^3 + asinh(p) + atan(p) + erf(p)",
    "logsumexp": "logsumexp(p, y) + sigmoid(p) + softplus(2 p) + tanh(p) + sinh(p/9) + cosh(p/9)",
}
NUMBERS = st.floats(-30.0, 30.0, allow_nan=False).map(lambda v: round(v, 3))


def test_every_function_of_the_source_has_ranges() -> None:
    assert set(RANGE) == set(ARRAY)


@pytest.mark.parametrize("name", FORMULAS)
@settings(max_examples=25, deadline=None)
@given(a=NUMBERS, width=st.sampled_from([0.0, 1e-12, 0.01, 1.0, 20.0]), y=st.sampled_from([-1.0, 1.0, 0.25, 7.0]))
def test_the_value_at_every_point_lies_in_the_range(name: str, a: float, width: float, y: float) -> None:
    # Kinks have no second derivative to compare with.
    bent = name in LOSSES and not LOSSES[name].smooth
    order = 0 if bent or name in ("waves", "pieces", "choice", "equal", "unequal") else 2
    built = BUILT.setdefault(name, derive(FORMULAS[name], ("p", "y"), order))
    found = [over(np.array([a]), np.array([a + width]), np.array([y])) for over in ranges(built)]
    for p in np.linspace(a, a + width, 5).clip(a, a + width).tolist():
        for (low, high), function in zip(found, truth(name, order), strict=True):
            with mpmath.workdps(150):
                value = function(mpmath.mpf(p), mpmath.mpf(y))
            if value is not None:
                # The truth itself is rounded.
                room = abs(value) * mpmath.mpf(10) ** -50
                assert low[0] <= value + room, (p, low, value)
                assert value - room <= high[0], (p, value, high)


BUILT: dict = {}
TRUTH: dict = {}


def truth(name: str, order: int) -> list:
    """The formula and its derivatives by sympy at 150 digits; None where it is undefined."""
    if name not in TRUTH:
        p, y = symbol("p"), symbol("y")
        f = build(parse(FORMULAS[name], variables=("p", "y")))
        f = f.replace(lambda e: type(e).__name__ == "relu", lambda e: sp.Max(e.args[0], 0))
        f = f.rewrite(sp.Piecewise) if f.has(sp.Max) and order else f

        def at(e: sp.Expr):
            def value(a, b):
                exact = {p: sp.Float(a, 150), y: sp.Float(b, 150)}
                with mpmath.workdps(150):
                    found = e.subs(exact).evalf(150)
                return mpmath.mpf(str(found)) if found.is_real and found.is_finite else None

            return value

        TRUTH[name] = [at(sp.diff(f, p, k)) for k in range(order + 1)]
    return TRUTH[name]


@pytest.mark.parametrize("name", LOSSES)
def test_a_point_is_enclosed_closely(name: str) -> None:
    rng = np.random.default_rng(0)
    p, y = rng.normal(size=50), np.where(rng.uniform(size=50) < 0.5, -1.0, 1.0)
    y = np.abs(y) if LOSSES[name].target == "counts" else y
    built = derive(LOSSES[name].formula, ("p", "y"), 2)
    for function, over in zip(arrays(built), ranges(built), strict=True):
        low, high = over(p, p, y)
        value = function(p, y)
        assert np.all((low <= value) & (value <= high))
        assert np.all(high - low <= 1e-13 * (1 + np.abs(value)))


def test_what_is_not_defined_says_nothing() -> None:
    built = derive("log(p)", ("p", "y"), 0)
    low, high = ranges(built)[0](np.array([-1.0, 1.0]), np.array([1.0, 2.0]), np.zeros(2))
    assert (low[0], high[0]) == (-np.inf, np.inf)
    assert 0.0 >= low[1] >= -1e-300
    assert high[1] >= np.log(2.0)


def test_a_condition_on_numbers_alone_is_decided() -> None:
    assert RANGE["where"](True, Range(1.0, 2.0), 3.0).high == 2.0
    assert RANGE["where"](False, Range(1.0, 2.0), 3.0).low == 3.0
    assert RANGE["negate"](True) is False
