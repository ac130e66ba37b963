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
from gdcli.kernels.derived import Derived
from gdcli.kernels.interpret import Functions, run
from gdcli.kernels.pairs import TRANSCENDENTAL, UNIT, Doubles, Pair
from gdcli.kernels.ranges import RANGE, Range, Truth

# What the rounding of a radius itself may take off it, and what underflow may.
GROWTH = 1.0 + 2.0**-40
TINY = 1e-290
# exp of anything above is beyond the largest double.
LARGEST = 709.0
# Beyond this the reduction of sin and cos by multiples of pi/2 loses digits.
WIDEST_ANGLE = 1e6


class Ball:
    """All numbers within `radius` of high + low, arrays of one shape; a radius of nan or infinity says nothing."""

    __array_ufunc__ = None

    def __init__(self, high: Any, low: Any = 0.0, radius: Any = 0.0) -> None:
        self.high: Doubles = np.asarray(high, dtype=float)
        self.low: Doubles = np.asarray(low, dtype=float)
        self.radius: Doubles = np.asarray(radius, dtype=float)

    @classmethod
    def of(cls, value: Any) -> Ball:
        """A double or an array of doubles is exact."""
        return value if isinstance(value, Ball) else cls(value)

    @classmethod
    def rounded(cls, middle: Pair, radius: Any, unit: float = UNIT) -> Ball:
        """The ball of a result whose rounding is `unit` of itself."""
        return cls(*middle, (radius + unit * np.abs(middle[0])) * GROWTH + TINY)

    @property
    def middle(self) -> Pair:
        """The centre."""
        return self.high, self.low

    @property
    def size(self) -> Doubles:
        """A bound on |high + low|."""
        return np.asarray(np.abs(self.high) * GROWTH)

    def __getitem__(self, rows: slice) -> Ball:
        return Ball(*(np.broadcast_to(part, self.high.shape)[rows] for part in (self.high, self.low, self.radius)))

    def __neg__(self) -> Ball:
        return Ball(-self.high, -self.low, self.radius)

    def __add__(self, other: Any) -> Ball:
        b = Ball.of(other)
        return Ball.rounded(pairs.add(self.middle, b.middle), self.radius + b.radius)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Ball:
        return self + -Ball.of(other)

    def __mul__(self, other: Any) -> Ball:
        if isinstance(other, float) and math.frexp(other)[0] in (0.5, -0.5):
            return Ball(other * self.high, other * self.low, abs(other) * self.radius + TINY)
        b = Ball.of(other)
        radius = self.size * b.radius + b.size * self.radius + self.radius * b.radius
        return Ball.rounded(pairs.multiply(self.middle, b.middle), radius)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Ball:
        return self * (1.0 / Ball.of(other))

    def __rtruediv__(self, other: float) -> Ball:
        least = np.abs(self.high) / GROWTH - self.radius
        radius = np.where(least > 0.0, self.radius / (np.abs(self.high) * least), np.inf)
        inverse = Ball.rounded(pairs.divide((np.ones_like(self.high), 0.0 * self.high), self.middle), radius)
        return inverse * other if other != 1.0 else inverse

    def __pow__(self, n: Any) -> Ball:
        if isinstance(n, int):
            return 1.0 / self**-n if n < 0 else self._whole(n)
        power, least = exp(n * log(self)), float(np.min(Ball.of(n).high))
        return _near_zero(power, self, least) if least > 0.0 else power

    def __rpow__(self, base: float) -> Ball:
        return exp(self * log(Ball(base)))

    def __gt__(self, other: Any) -> Truth:
        low, high = (self - other).ends()
        return Truth(low > 0.0, high > 0.0)

    def __ge__(self, other: Any) -> Truth:
        low, high = (self - other).ends()
        return Truth(low >= 0.0, high >= 0.0)

    def __lt__(self, other: Any) -> Truth:
        return self.__ge__(other).negate()

    def __le__(self, other: Any) -> Truth:
        return self.__gt__(other).negate()

    def __eq__(self, other: Any) -> Truth:  # type: ignore[override]
        low, high = (self - other).ends()
        return Truth((low == 0.0) & (high == 0.0), (low <= 0.0) & (high >= 0.0))

    def __ne__(self, other: Any) -> Truth:  # type: ignore[override]
        return self.__eq__(other).negate()

    def ends(self) -> tuple[Doubles, Doubles]:
        """Doubles below and above: 0 only where the ball is 0 and nothing else."""
        low = self.high + (self.low - 2.0 * self.radius)
        high = self.high + (self.low + 2.0 * self.radius)
        zero = (self.high == 0.0) & (self.low == 0.0) & (self.radius <= 4.0 * TINY)
        return np.where(zero, 0.0, low), np.where(zero, 0.0, high)

    def enclosing(self) -> Range:
        """The interval of doubles around it."""
        low, high = self.ends()
        return Range(np.nextafter(low, -np.inf), np.nextafter(high, np.inf))

    def _whole(self, n: int) -> Ball:
        power, square = Ball(np.ones_like(self.high)), self
        while n:
            if n & 1:
                power = square * power
            n >>= 1
            square = square * square if n else square
        return power


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


def _choose(chosen: Any, a: Ball, b: Ball) -> Ball:
    return Ball(*(np.where(chosen, x, y) for x, y in ((a.high, b.high), (a.low, b.low), (a.radius, b.radius))))


def _near_zero(power: Ball, base: Ball, n: float) -> Ball:
    """base^n, n > 0, where the base may be 0 and has no logarithm."""
    reach = np.maximum(base.size + base.radius, 0.0) ** n * (1.0 + 1e-12)
    return _choose(base.size <= 2.0 * base.radius, Ball(0.0, 0.0, reach), power)


def exp(u: Any) -> Ball:
    """e^u."""
    u = Ball.of(u)
    value = pairs.exp(u.middle)
    wide = np.where(np.abs(u.high) < LARGEST, np.expm1(np.minimum(u.radius, LARGEST)), np.inf)
    small = u.high <= -LARGEST
    found = Ball.rounded(value, np.abs(value[0]) * wide, TRANSCENDENTAL)
    return _choose(small, Ball(0.0, 0.0, np.where(u.radius < 1.0, 1e-307, np.inf)), found)


def log(u: Any) -> Ball:
    """The natural logarithm; of a ball that reaches 0 nothing is known."""
    u = Ball.of(u)
    value = pairs.log(u.middle)
    share = u.radius / np.abs(u.high) * GROWTH
    radius = np.where((u.high > 0.0) & (share < 0.5), 2.0 * share, np.inf)
    return Ball.rounded(value, radius + TRANSCENDENTAL, TRANSCENDENTAL)


def sqrt(u: Any) -> Ball:
    """The square root."""
    u = Ball.of(u)
    near = np.sqrt(np.maximum(u.high, 0.0))
    radius = np.minimum(np.sqrt(u.radius), u.radius / near)
    found = Ball.rounded(pairs.root(u.middle), radius * GROWTH)
    return _choose(u.high > 0.0, found, Ball(0.0, 0.0, np.sqrt(np.abs(u.high) + u.radius) * GROWTH))


def absolute(u: Any) -> Ball:
    """|u|: within the radius of |middle|."""
    return _flipped(Ball.of(u))[0]


def relu(u: Any) -> Ball:
    """max(u, 0)."""
    u = Ball.of(u)
    below = Ball(0.0, 0.0, np.where(u.size > 2.0 * u.radius, 0.0, u.radius))
    return _choose(u.high > 0.0, u, below)


def sigmoid(u: Any) -> Ball:
    """1/(1 + e^-v) for v = |u|, and e^-v times that for u < 0."""
    v, sign = _flipped(Ball.of(u))
    e = exp(-v)
    above = 1.0 / (1.0 + e)
    return _choose(sign > 0.0, above, e * above)


def softplus(u: Any) -> Ball:
    """log(1 + e^-|u|), and u more for u > 0."""
    u = Ball.of(u)
    v, sign = _flipped(u)
    tail = log(1.0 + exp(-v))
    return _choose(sign > 0.0, u + tail, tail)


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
        total = total + exp(term + -top)
    return log(total) + top


def oddroot(u: Any, n: float) -> Ball:
    """The real n-th root for odd n."""
    v, sign = _flipped(Ball.of(u))
    return sign * v ** Ball(*pairs.divide((1.0, 0.0), (float(n), 0.0)), UNIT) if n != 1 else Ball.of(u)


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
    return _choose(condition.must, a, _choose(condition.may, hull, b))


def _extreme(sign: float) -> Callable[..., Ball]:
    """The largest (sign 1) or the least (-1): within the larger radius of the middles' own."""

    def over(*terms: Any) -> Ball:
        found = Ball.of(terms[0])
        for term in map(Ball.of, terms[1:]):
            apart = pairs.add(found.middle, pairs.minus(term.middle))
            chosen = _choose(sign * (apart[0] + apart[1]) > 0.0, found, term)
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
