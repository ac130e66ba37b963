"""The functions of the language on intervals: what is monotone from its two ends, the rest from monotone pieces.

Ends are evaluated by mpmath with 110 bits and rounded outward to doubles. 57 guard bits stand between mpmath's own
error (an ulp or two of 110 bits) and the double that is given.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import mpmath

from gdcli.calculus.heads import HEADS
from gdcli.calculus.interval.arithmetic import (
    WHOLE,
    Interval,
    above,
    absolute,
    below,
    hull,
    meet,
    multiply,
    reciprocal,
    square_root,
)

BITS = 110
# Beyond this an argument of sin has no bits left for its place within the period.
_FAR = 2.0**40
_EXP_RANGE = 800.0
# The place of the minimum of Gamma on x > 0, from both sides.
_GAMMA_LEFT, _GAMMA_RIGHT = 1.4616321449, 1.4616321450

Function = Callable[[Interval], Interval]


def enclose(function: Callable[..., Any], *arguments: float) -> Interval:
    """Doubles on both sides of function(arguments); exact where an argument of 0 or 1 has a value that is a double."""
    with mpmath.workprec(BITS):
        value = function(*map(mpmath.mpf, arguments))
        if mpmath.isinf(value):
            return (value > 0 and math.inf) or -math.inf, (value > 0 and math.inf) or -math.inf
        near = float(value)
        if math.isinf(near):
            return (below(math.inf), math.inf) if near > 0 else (-math.inf, above(-math.inf))
        if all(a in (0.0, 1.0) for a in arguments) and mpmath.mpf(near) == value:
            return near, near
    return below(near), above(near)


def increasing(
    name: str, least: float = -math.inf, greatest: float = math.inf, low: float = -math.inf, high: float = math.inf
) -> Function:
    """An increasing function on [low, high] whose values lie in [least, greatest]."""
    numeric = HEADS[name].numeric

    def on(u: Interval) -> Interval:
        a, b = meet(u, low, high)
        start = least if a == low else enclose(numeric, a)[0]
        end = greatest if b == high else enclose(numeric, b)[1]
        return max(start, least), min(end, greatest)

    return on


def exponential(u: Interval) -> Interval:
    """exp(u), which leaves the doubles beyond +-800."""
    low = 0.0 if u[0] < -_EXP_RANGE else enclose(mpmath.exp, min(u[0], _EXP_RANGE))[0]
    high = math.inf if u[1] > _EXP_RANGE else enclose(mpmath.exp, max(u[1], -_EXP_RANGE))[1]
    return max(low, 0.0), high


def _sinh(u: Interval) -> Interval:
    low = -math.inf if u[0] < -_EXP_RANGE else enclose(mpmath.sinh, min(u[0], _EXP_RANGE))[0]
    high = math.inf if u[1] > _EXP_RANGE else enclose(mpmath.sinh, max(u[1], -_EXP_RANGE))[1]
    return low, high


def _cosh(u: Interval) -> Interval:
    a, b = absolute(u)
    high = math.inf if b > _EXP_RANGE else enclose(mpmath.cosh, b)[1]
    return max(1.0, enclose(mpmath.cosh, min(a, _EXP_RANGE))[0]), high


def _holds_multiple(u: Interval, offset: Any, period: Any) -> bool:
    """Whether offset + k period may lie in u for an integer k."""
    slack = mpmath.ldexp(1 + abs(u[0]) + abs(u[1]), -80)
    return bool(mpmath.ceil((u[0] - offset - slack) / period) <= (u[1] - offset + slack) / period)


def _wave(name: str, quarter: int) -> Function:
    """sin or cos, whose maxima lie at quarter pi/2 + 2 k pi."""
    numeric = HEADS[name].numeric

    def on(u: Interval) -> Interval:
        if not max(-u[0], u[1]) < _FAR:
            return -1.0, 1.0
        with mpmath.workprec(BITS):
            top = _holds_multiple(u, quarter * mpmath.pi / 2, 2 * mpmath.pi)
            bottom = _holds_multiple(u, quarter * mpmath.pi / 2 + mpmath.pi, 2 * mpmath.pi)
        low, high = hull(enclose(numeric, u[0]), enclose(numeric, u[1]))
        return -1.0 if bottom else max(low, -1.0), 1.0 if top else min(high, 1.0)

    return on


def _between_poles(name: str, quarter: int) -> Function:
    """tan or cot, monotone between their poles at quarter pi/2 + k pi."""
    numeric = HEADS[name].numeric

    def on(u: Interval) -> Interval:
        if not max(-u[0], u[1]) < _FAR:
            return WHOLE
        with mpmath.workprec(BITS):
            if _holds_multiple(u, quarter * mpmath.pi / 2, mpmath.pi):
                return WHOLE
        return hull(enclose(numeric, u[0]), enclose(numeric, u[1]))

    return on


def gamma(u: Interval) -> Interval:
    """Gamma(u) on u > 0; anything where u may be 0 or less."""
    if u[0] <= 0.0:
        return WHOLE
    if u[1] > 150.0:
        return 0.8856, math.inf
    ends = hull(enclose(mpmath.gamma, u[0]), enclose(mpmath.gamma, u[1]))
    return (0.8856, ends[1]) if u[0] < _GAMMA_RIGHT and u[1] > _GAMMA_LEFT else ends


def polygamma(order: Interval, u: Interval) -> Interval:
    """The derivatives psi^(n) of log Gamma's derivative on u > 0: each is monotone there."""
    if u[0] <= 0.0:
        return WHOLE
    n = int(order[0])
    far = (0.0, 0.0) if n else (math.inf, math.inf)
    ends = [far if math.isinf(end) else enclose(lambda x: mpmath.psi(n, x), end) for end in u]
    return hull(*ends)


def acos(u: Interval) -> Interval:
    """acos(u), which falls."""
    a, b = meet(u, -1.0, 1.0)
    return max(0.0, enclose(mpmath.acos, b)[0]), enclose(mpmath.acos, a)[1]


def sigmoid_slope(u: Interval) -> Interval:
    """s(u) (1 - s(u)) with s = sigmoid: even, falling in |u|, at most 1/4."""
    a, b = absolute(u)
    return max(0.0, enclose(_slope, b)[0]), min(0.25, enclose(_slope, a)[1])


def _slope(u: Any) -> Any:
    small = mpmath.exp(-u)
    return small / (1 + small) ** 2


def acot(u: Interval) -> Interval:
    """acot(u) = atan(1/u), which jumps at 0."""
    return (-above(math.pi / 2), above(math.pi / 2)) if u[0] <= 0.0 <= u[1] else atan(reciprocal(u))


def sign(u: Interval) -> Interval:
    """sign(u)."""
    return float((u[0] > 0) - (u[0] < 0)), float((u[1] > 0) - (u[1] < 0))


def atan2(y: Interval, x: Interval) -> Interval:
    """atan2(y, x): atan(y/x) on the right half-plane, anything of a turn elsewhere."""
    if x[0] > 0.0:
        return atan(multiply(y, reciprocal(x)))
    return -above(math.pi), above(math.pi)


def logsumexp(*terms: Interval) -> Interval:
    """log(sum exp), increasing in every term."""
    numeric = HEADS["logsumexp"].numeric
    low = [t[0] for t in terms if t[0] > -math.inf]
    start = max(low) if math.inf in low else enclose(numeric, *low)[0] if low else -math.inf
    ends = [t[1] for t in terms if t[1] > -math.inf]
    return start, math.inf if math.inf in ends else enclose(numeric, *ends)[1]


def odd_root(u: Interval, n: Interval) -> Interval:
    """The real n-th root for odd n."""
    numeric, order = HEADS["root"].numeric, n[0]
    low = u[0] if math.isinf(u[0]) else enclose(numeric, u[0], order)[0]
    high = u[1] if math.isinf(u[1]) else enclose(numeric, u[1], order)[1]
    return (max(low, 0.0) if u[0] >= 0.0 else low), (min(high, 0.0) if u[1] <= 0.0 else high)


def real_power(base: Interval, exponent: Interval) -> Interval:
    """base^exponent where base > 0 (or = 0 under a positive exponent): exp(exponent log base)."""
    a, b = meet(base, 0.0, math.inf)
    if exponent == (0.5, 0.5):
        return square_root((a, b))
    if exponent[0] == exponent[1] and not math.isinf(exponent[0]):
        return _fixed_power(a, b, exponent[0])
    if b == 0.0:
        return (0.0, 0.0) if exponent[0] > 0.0 else (0.0, math.inf)
    return exponential(multiply(exponent, logarithm((a, b))))


def _fixed_power(a: float, b: float, p: float) -> Interval:
    """x^p, monotone on x >= 0."""
    first, last = (a, b) if p > 0 else (b, a)
    low = 0.0 if first in (0.0, math.inf) and (p < 0 or first == 0.0) else enclose(mpmath.power, first, p)[0]
    high = math.inf if last in (0.0, math.inf) and (p < 0 or last != 0.0) else enclose(mpmath.power, last, p)[1]
    return max(low, 0.0), high if last or p < 0 else 0.0


def _chained(*parts: Function) -> Function:
    def on(u: Interval) -> Interval:
        for part in parts:
            u = part(u)
        return u

    return on


logarithm = increasing("log", low=0.0)
atan = increasing("atan", least=-above(math.pi / 2), greatest=above(math.pi / 2))
_sin, _cos, _tanh = _wave("sin", 1), _wave("cos", 0), increasing("tanh", -1.0, 1.0)
_asin = increasing("asin", -above(math.pi / 2), above(math.pi / 2), -1.0, 1.0)
_acosh, _atanh = increasing("acosh", 0.0, low=1.0), increasing("atanh", low=-1.0, high=1.0)
_asinh = increasing("asinh")

UNARY: dict[str, Function] = {
    "Abs": absolute,
    "acos": acos,
    "acosh": _acosh,
    "acot": acot,
    "acoth": _chained(reciprocal, _atanh),
    "acsc": _chained(reciprocal, _asin),
    "acsch": _chained(reciprocal, _asinh),
    "asec": _chained(reciprocal, acos),
    "asech": _chained(reciprocal, _acosh),
    "asin": _asin,
    "asinh": _asinh,
    "atan": atan,
    "atanh": _atanh,
    "cos": _cos,
    "cosh": _cosh,
    "cot": _between_poles("cot", 0),
    "coth": _chained(_tanh, reciprocal),
    "csc": _chained(_sin, reciprocal),
    "csch": _chained(_sinh, reciprocal),
    "erf": increasing("erf", -1.0, 1.0),
    "exp": exponential,
    "gamma": gamma,
    "log": logarithm,
    "relu": lambda u: (max(u[0], 0.0), max(u[1], 0.0)),
    "sec": _chained(_cos, reciprocal),
    "sech": _chained(_cosh, reciprocal),
    "sigmoid": increasing("sigmoid", 0.0, 1.0),
    "sign": sign,
    "sin": _sin,
    "sinh": _sinh,
    "softplus": increasing("softplus", 0.0),
    "tan": _between_poles("tan", 1),
    "tanh": _tanh,
}
"""By the name of the expression's head; where u is only partly in the domain, the values on that part."""

NARY: dict[str, Callable[..., Interval]] = {
    "Max": lambda *u: (max(a for a, _ in u), max(b for _, b in u)),
    "Min": lambda *u: (min(a for a, _ in u), min(b for _, b in u)),
    "atan2": atan2,
    "logsumexp": logsumexp,
    "oddroot": odd_root,
    "polygamma": polygamma,
}
