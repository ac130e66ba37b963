"""Run generated source over balls: numbers of 106 bits, each with a radius that holds the exact value.

phi at theta and phi at theta_hat differ by less than a double can tell; by these 30 digits they tell it, and the radius
says how many of them are true. Functions without a form of 106 bits of their own fall back on `kernels.ranges`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from gdcli.kernels import pairs
from gdcli.kernels.ball import GROWTH, Ball, choose, exp, log
from gdcli.kernels.derived import Derived
from gdcli.kernels.interpret import Functions, run
from gdcli.kernels.pairs import TRANSCENDENTAL, UNIT, Doubles
from gdcli.kernels.ranges import RANGE, Truth

# Beyond this the reduction of sin and cos by multiples of pi/2 loses digits.
WIDEST_ANGLE = 1e6


@cache
def balls(derived: Derived) -> Functions:
    """d0, ..., dk over balls p and arrays y of doubles, giving balls."""
    source, constants = derived.source, {}
    for k, (high, low) in enumerate(derived.tails):
        source = re.sub(rf"(?<![\w.]){re.escape(repr(high))}(?![\w.])", f"c{k}", source)
        constants[f"c{k}"] = Ball(high, low, TRANSCENDENTAL * abs(low))
    exact = Derived(derived.formula, derived.arguments, derived.shown, source)
    return tuple(_called(function) for function in run(exact, {**BALL, **constants}))


def _called(function: Callable[..., Any]) -> Callable[..., Any]:
    def over(p: Ball, y: Doubles) -> Ball:
        with np.errstate(all="ignore"):
            found = Ball.of(function(p, Ball(y)))
            return found + Ball(np.zeros_like(p.high))

    return over


def _flipped(u: Ball) -> tuple[Ball, Doubles]:
    """u times the sign of its middle, and that sign: exp of minus it cannot overflow."""
    sign = np.where(u.high < 0.0, -1.0, 1.0)
    return Ball(sign * u.high, sign * u.low, u.radius), sign


def sqrt(u: Any) -> Ball:
    """The square root."""
    u = Ball.of(u)
    near = np.sqrt(np.maximum(u.high, 0.0))
    radius = np.minimum(np.sqrt(u.radius), u.radius / near)
    found = Ball.rounded(pairs.root(u.middle), radius * GROWTH)
    return choose(u.high > 0.0, found, Ball(0.0, 0.0, np.sqrt(np.abs(u.high) + u.radius) * GROWTH))


def absolute(u: Any) -> Ball:
    """|u|: within the radius of |middle|."""
    return _flipped(Ball.of(u))[0]


def relu(u: Any) -> Ball:
    """max(u, 0)."""
    u = Ball.of(u)
    below = Ball(0.0, 0.0, np.where(u.size > 2.0 * u.radius, 0.0, u.radius))
    return choose(u.high > 0.0, u, below)


def sigmoid(u: Any) -> Ball:
    """1/(1 + e^-v) for v = |u|, and e^-v times that for u < 0."""
    v, sign = _flipped(Ball.of(u))
    e = exp(-v)
    above = 1.0 / (1.0 + e)
    return choose(sign > 0.0, above, e * above)


def softplus(u: Any) -> Ball:
    """log(1 + e^-|u|), and u more for u > 0."""
    u = Ball.of(u)
    v, sign = _flipped(u)
    tail = log(1.0 + exp(-v))
    return choose(sign > 0.0, u + tail, tail)


def tanh(u: Any) -> Ball:
    """(1 - e^-2v)/(1 + e^-2v) for v = |u|, with the sign of u."""
    v, sign = _flipped(Ball.of(u))
    e = exp(-2.0 * v)
    return sign * ((1.0 + -e) / (1.0 + e))


def sinh(u: Any) -> Ball:
    """(e^u - e^-u)/2."""
    return 0.5 * (exp(u) + -exp(-Ball.of(u)))


def cosh(u: Any) -> Ball:
    """(e^u + e^-u)/2."""
    return 0.5 * (exp(u) + exp(-Ball.of(u)))


def logcosh(u: Any) -> Ball:
    """|u| - log 2 + log(1 + e^-2|u|)."""
    v = absolute(u)
    return v + log(1.0 + exp(-2.0 * v)) + Ball(-pairs.LN2[0], -pairs.LN2[1], TRANSCENDENTAL)


def logsumexp(*terms: Any) -> Ball:
    """log of the sum of e^term, the largest taken out."""
    found = [Ball.of(term) for term in terms]
    top = np.maximum.reduce(np.broadcast_arrays(*(term.high for term in found)))
    total = exp(found[0] + -top)
    for term in found[1:]:
        total += exp(term + -top)
    shifted: Ball = log(total) + top
    return shifted


def oddroot(u: Any, n: float) -> Ball:
    """The real n-th root for odd n."""
    v, sign = _flipped(Ball.of(u))
    share = Ball(*pairs.divide((1.0, 0.0), (float(n), 0.0)), UNIT)
    return (v**share) * sign


def _circular(which: int) -> Callable[[Any], Ball]:
    def over(u: Any) -> Ball:
        u = Ball.of(u)
        value = pairs.sine_and_cosine(u.middle)[which]
        radius = np.where(np.abs(u.high) < WIDEST_ANGLE, u.radius, np.inf)
        return Ball.rounded(value, radius + TRANSCENDENTAL)

    return over


def _rough(name: str) -> Callable[..., Ball]:
    """What the intervals of doubles say."""
    function = RANGE[name]

    def over(*arguments: Any) -> Ball:
        found = function(*(Ball.of(argument).enclosing() for argument in arguments))
        middle = found.low + (found.high - found.low) / 2.0
        return Ball(middle, 0.0, np.maximum(found.high - middle, middle - found.low) * GROWTH)

    return over


def _where(condition: Any, yes: Any, no: Any) -> Ball:
    """Where the condition is open, the ball around the first value that holds the second."""
    a, b = Ball.of(yes), Ball.of(no)
    if not isinstance(condition, Truth):
        return a if condition else b
    both = (a + -b).size + a.radius + 2.0 * b.radius
    hull = Ball(a.high, a.low, both * GROWTH)
    return choose(condition.must, a, choose(condition.may, hull, b))


def _extreme(sign: float) -> Callable[..., Ball]:
    """The largest (sign 1) or the least (-1): within the larger radius of the middles' own."""

    def over(*terms: Any) -> Ball:
        found = Ball.of(terms[0])
        for term in map(Ball.of, terms[1:]):
            apart = pairs.add(found.middle, pairs.minus(term.middle))
            chosen = choose(sign * (apart[0] + apart[1]) > 0.0, found, term)
            found = Ball(chosen.high, chosen.low, np.maximum(found.radius, term.radius))
        return found

    return over


def _sign(u: Any) -> Ball:
    low, high = Ball.of(u).ends()
    a, b = np.sign(low), np.sign(high)
    return Ball((a + b) / 2.0, 0.0, (b - a) / 2.0)


BALL: dict[str, Any] = {
    **{name: _rough(name) for name in RANGE if name not in ("nan", "negate", "where")},
    "abs_": absolute,
    "max_": _extreme(1.0),
    "min_": _extreme(-1.0),
    "nan": math.nan,
    "negate": RANGE["negate"],
    "where": _where,
    "sign": _sign,
    "relu": relu,
    "softplus": softplus,
    "sigmoid": sigmoid,
    "exp": exp,
    "log": log,
    "logcosh": logcosh,
    "logsumexp": logsumexp,
    "oddroot": oddroot,
    "sqrt": sqrt,
    "sin": _circular(0),
    "cos": _circular(1),
    "tan": lambda u: _circular(0)(u) / _circular(1)(u),
    "sinh": sinh,
    "cosh": cosh,
    "tanh": tanh,
}
