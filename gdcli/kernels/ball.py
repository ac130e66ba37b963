"""Numbers of 106 bits, each with a radius that holds the exact value: arrays of them, added, multiplied, compared."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gdcli.kernels import pairs
from gdcli.kernels.pairs import TRANSCENDENTAL, UNIT, Doubles, Pair
from gdcli.kernels.ranges import Range, Truth

# What the rounding of a radius itself may take off it, and what underflow may.
GROWTH = 1.0 + 2.0**-40
TINY = 1e-290
# exp of anything above is beyond the largest double.
LARGEST = 709.0


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


def exp(u: Any) -> Ball:
    """e^u."""
    u = Ball.of(u)
    value = pairs.exp(u.middle)
    wide = np.where(np.abs(u.high) < LARGEST, np.expm1(np.minimum(u.radius, LARGEST)), np.inf)
    small = u.high <= -LARGEST
    found = Ball.rounded(value, np.abs(value[0]) * wide, TRANSCENDENTAL)
    return choose(small, Ball(0.0, 0.0, np.where(u.radius < 1.0, 1e-307, np.inf)), found)


def log(u: Any) -> Ball:
    """The natural logarithm; of a ball that reaches 0 nothing is known."""
    u = Ball.of(u)
    value = pairs.log(u.middle)
    share = u.radius / np.abs(u.high) * GROWTH
    radius = np.where((u.high > 0.0) & (share < 0.5), 2.0 * share, np.inf)
    return Ball.rounded(value, radius + TRANSCENDENTAL, TRANSCENDENTAL)


def choose(chosen: Any, a: Ball, b: Ball) -> Ball:
    """a where chosen, else b."""
    return Ball(*(np.where(chosen, x, y) for x, y in ((a.high, b.high), (a.low, b.low), (a.radius, b.radius))))


def _near_zero(power: Ball, base: Ball, n: float) -> Ball:
    """base^n, n > 0, where the base may be 0 and has no logarithm."""
    reach = np.maximum(base.size + base.radius, 0.0) ** n * (1.0 + 1e-12)
    return choose(base.size <= 2.0 * base.radius, Ball(0.0, 0.0, reach), power)
