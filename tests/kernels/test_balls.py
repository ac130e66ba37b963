"""Generated source over balls: every ball holds the value at 60 digits, and most are no wider than 1e-26 of it."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from gdcli.kernels.ball import Ball
from gdcli.kernels.balls import BALL, balls
from gdcli.kernels.interpret import ARRAY
from gdcli.kernels.source import derive
from gdcli.language import parse
from gdcli.language.build import build, symbol
from gdcli.risk.losses import LOSSES

WIDE = [0.0, 1e-9, -1e-9, 0.3, -0.7, 1.0, 5.5, -20.0, 36.7, -300.0, 700.0]
# The functions that have digits of their own, their truth, and where.
SHARP = {
    "exp": (mpmath.exp, WIDE),
    "log": (mpmath.log, [1e-300, 0.2, 1.0, 1.0 + 1e-12, 3.0, 1e200]),
    "sqrt": (mpmath.sqrt, [1e-200, 0.5, 2.0, 1e150]),
    "sin": (mpmath.sin, WIDE),
    "cos": (mpmath.cos, WIDE),
    "tan": (mpmath.tan, [0.3, -0.7, 1.5]),
    "sinh": (mpmath.sinh, WIDE),
    "cosh": (mpmath.cosh, WIDE),
    "tanh": (mpmath.tanh, WIDE),
    "sigmoid": (lambda u: 1 / (1 + mpmath.exp(-u)), WIDE),
    "softplus": (lambda u: mpmath.log1p(mpmath.exp(u)), WIDE),
    "logcosh": (lambda u: mpmath.log(mpmath.cosh(u)), WIDE),
    "relu": (lambda u: max(u, mpmath.mpf(0)), WIDE),
    "abs_": (abs, WIDE),
    "sign": (mpmath.sign, WIDE),
    # Of these the doubles' own enclosure is taken.
    "atan": (mpmath.atan, WIDE),
    "asinh": (mpmath.asinh, WIDE),
    "erf": (mpmath.erf, WIDE),
}
ROUGH = {"atan", "asinh", "erf"}
FORMULAS = {
    **{name: loss.formula for name, loss in LOSSES.items()},
    "tenths": "0.1 (p - y)^2 + pi p/7",
    "quartic": "(p - y)^4",
    "pseudo-huber": "sqrt(1 + (p - y)^2) - 1",
    "third powers": "|p - y|^3/10 + cbrt(p)",
    "powers": "2^p + (1 + p^2)^1.5 + |p|^1.2",
    "waves": "sin(p) + cos(2 p) + tan(p/9)",
    "pieces": "max(p, y, 0) + min(p, 1) + |p - 2| + relu(p)",
    "choice": "p if p > y and p < 3 or not p > -2 else 2 p",
    "equal": "1 if p == y else 2",
    "unequal": "1 if p != y else 2",
    "inverse": "1/(1 + p^2) + asinh(p) + atan(p)",
    "logsumexp": "logsumexp(p, y) + sigmoid(p) + softplus(2 p) + tanh(p) + sinh(p/9) + cosh(p/9)",
}
NUMBERS = st.floats(-30.0, 30.0, allow_nan=False).map(lambda v: round(v, 3))


def holds(ball: Ball, j: int, truth: mpmath.mpf) -> bool:
    high, low, radius = (np.broadcast_to(part, ball.high.shape)[j] for part in (ball.high, ball.low, ball.radius))
    return not abs(mpmath.mpf(float(high)) + mpmath.mpf(float(low)) - truth) > mpmath.mpf(float(radius))


def test_every_function_of_the_source_has_balls() -> None:
    assert set(BALL) == set(ARRAY)


@pytest.mark.parametrize("name", SHARP)
@pytest.mark.parametrize("radius", [0.0, 1e-25, 1e-3])
def test_functions_hold_60_digits(name: str, radius: float) -> None:
    truth, points = SHARP[name]
    with np.errstate(all="ignore"):
        found = BALL[name](Ball(np.array(points), np.array(points) * 1e-18, np.full(len(points), radius)))
    with mpmath.workdps(60):
        for j, point in enumerate(points):
            centre = mpmath.mpf(point) + mpmath.mpf(point * 1e-18)
            for shift in (-1, 0, 1):
                at = centre + shift * mpmath.mpf(radius) * mpmath.mpf("0.999")
                if name in ("log", "sqrt") and at <= 0:
                    continue
                assert holds(found, j, truth(at)), (point, shift)
            if radius == 0.0 and name not in ROUGH:
                assert found.radius[j] <= 1e-26 * max(1.0, abs(float(truth(centre))))


@pytest.mark.parametrize("name", FORMULAS)
@settings(max_examples=25, deadline=None)
@given(p=NUMBERS, y=NUMBERS, radius=st.sampled_from([0.0, 1e-20, 1e-6, 0.1]))
def test_formulas_and_their_derivatives_hold_60_digits(name: str, p: float, y: float, radius: float) -> None:
    order = 0 if name in ("third powers", "powers") else 1
    built = derive(FORMULAS[name], ("p", "y"), order)
    expression = build(parse(FORMULAS[name], variables=("p", "y")))
    at = {symbol("y"): sp.Rational(y)}
    found = balls(built)[0](Ball(np.array([p]), 0.0, np.array([radius])), np.array([y]))
    with mpmath.workdps(60):
        for shift in (-1, 0, 1):
            place = sp.Rational(p) + shift * sp.Rational(radius)
            value = expression.subs({**at, symbol("p"): place})
            assert holds(found, 0, mpmath.mpf(str(sp.N(value, 60)))), (p, y, shift)


@pytest.mark.parametrize("name", LOSSES)
def test_two_predictions_that_a_double_cannot_tell_apart_have_two_losses(name: str) -> None:
    phi = balls(derive(LOSSES[name].formula, ("p", "y"), 0))[0]
    y = np.array([1.0])
    near = phi(Ball(np.array([0.3]), np.array([1e-22])), y) - phi(Ball(np.array([0.3])), y)
    assert float(near.high[0]) != 0.0
    assert float(near.radius[0]) <= 1e-3 * abs(float(near.high[0]))


def test_a_condition_that_is_open_gives_both_values() -> None:
    phi = balls(derive("1 if p > 2 else 3", ("p", "y"), 0))[0]
    found = phi(Ball(np.array([2.0, 2.5]), 0.0, np.array([1e-20, 1e-20])), np.zeros(2))
    assert holds(found, 0, mpmath.mpf(1))
    assert holds(found, 0, mpmath.mpf(3))
    assert not holds(found, 1, mpmath.mpf(3))


def test_where_nothing_is_defined_nothing_is_said() -> None:
    phi = balls(derive("log(p) + 1/(p + 1)", ("p", "y"), 0))[0]
    found = phi(Ball(np.array([-2.0, -1.0, 0.0])), np.zeros(3))
    assert not np.any(np.isfinite(found.radius))
