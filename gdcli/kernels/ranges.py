"""Run generated source over ranges: for each entry an interval that holds the value at every point of the argument.

The rounding of +, * and / moves an end to the next double outward; functions of the library are taken to be right to
4 units in the last place, as numpy states of its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdcli.kernels.derived import Derived
from gdcli.kernels.interpret import ARRAY, Functions, run

Ends = NDArray[np.float64]
Truths = NDArray[np.bool_]
ULPS = 4.0 * float(np.finfo(float).eps)
TINY = float(np.finfo(float).tiny)


@dataclass(frozen=True)
class Truth:
    """A condition: whether it holds everywhere on the range (`must`), and whether it may hold somewhere (`may`)."""

    must: Truths
    may: Truths

    def __and__(self, other: Truth) -> Truth:
        return Truth(self.must & other.must, self.may & other.may)

    def __or__(self, other: Truth) -> Truth:
        return Truth(self.must | other.must, self.may | other.may)

    def negate(self) -> Truth:
        """Not."""
        return Truth(~self.may, ~self.must)


class Range:
    """[low, high], arrays of one shape; an end that is not a number says nothing and becomes infinite."""

    def __init__(self, low: Any, high: Any) -> None:
        self.low: Ends = np.asarray(low, dtype=float)
        self.high: Ends = self.low if high is low else np.asarray(high, dtype=float)
        unknown = np.isnan(self.low) | np.isnan(self.high)
        if unknown.any():
            self.low, self.high = np.where(unknown, -np.inf, self.low), np.where(unknown, np.inf, self.high)

    @property
    def ends(self) -> tuple[Ends, ...]:
        """Both, or the one that it is for a number known exactly."""
        return (self.low,) if self.low is self.high else (self.low, self.high)

    def __add__(self, other: Any) -> Range:
        b = _range(other)
        return _outward(self.low + b.low, self.high + b.high)

    __radd__ = __add__

    def __mul__(self, other: Any) -> Range:
        if isinstance(other, float) and other == -1.0:
            return self._negative()
        b = _range(other)
        if self is b:
            return self**2
        corners = [_times(x, y) for x in self.ends for y in b.ends]
        return _outward(np.minimum.reduce(corners), np.maximum.reduce(corners))

    __rmul__ = __mul__

    def __rtruediv__(self, other: float) -> Range:
        crosses = (self.low <= 0.0) & (self.high >= 0.0)
        ends = np.where(crosses, np.nan, 1.0 / self.high), np.where(crosses, np.nan, 1.0 / self.low)
        return other * _outward(*ends)

    def __pow__(self, n: Any) -> Range:
        if isinstance(n, int):
            return 1.0 / self**-n if n < 0 else self._whole(n)
        return exp(_range(n) * log(self))

    def __rpow__(self, base: float) -> Range:
        return exp(self * math.log(base))

    def __gt__(self, other: Any) -> Truth:
        b = _range(other)
        return Truth(self.low > b.high, self.high > b.low)

    def __ge__(self, other: Any) -> Truth:
        b = _range(other)
        return Truth(self.low >= b.high, self.high >= b.low)

    def __lt__(self, other: Any) -> Truth:
        return self.__ge__(other).negate()

    def __le__(self, other: Any) -> Truth:
        return self.__gt__(other).negate()

    def __eq__(self, other: Any) -> Truth:  # type: ignore[override]
        b = _range(other)
        touching = (self.low <= b.high) & (self.high >= b.low)
        return Truth(touching & (self.low == self.high) & (b.low == b.high), touching)

    def __ne__(self, other: Any) -> Truth:  # type: ignore[override]
        return self.__eq__(other).negate()

    def _negative(self) -> Range:
        """-u, which no rounding moves."""
        low = -self.high
        return Range(low, low if self.low is self.high else -self.low)

    def _whole(self, n: int) -> Range:
        if n % 2:
            return wide(self.low**n, self.high**n, n)
        near = np.where((self.low <= 0.0) & (self.high >= 0.0), 0.0, np.minimum(np.abs(self.low), np.abs(self.high)))
        return wide(near**n, np.maximum(np.abs(self.low), np.abs(self.high)) ** n, n)


def ranges(derived: Derived) -> Functions:
    """d0, ..., dk: each takes p as (low, high) arrays and y, an array, and gives (low, high)."""
    return tuple(_called(function) for function in run(derived, RANGE))


def _called(function: Callable[..., Any]) -> Callable[..., Any]:
    def over(low: Ends, high: Ends, y: Ends) -> tuple[Ends, Ends]:
        with np.errstate(all="ignore"):
            found = _range(function(Range(low, high), Range(y, y)))
        shape = np.shape(low)
        return np.broadcast_to(found.low, shape), np.broadcast_to(found.high, shape)

    return over


def _range(value: Any) -> Range:
    return value if isinstance(value, Range) else Range(value, value)


def _times(x: Ends, y: Ends) -> Ends:
    """x y, where 0 times an unbounded end, the only product of ends that is no number, is 0."""
    product: Ends = np.asarray(x * y)
    unknown = np.isnan(product)
    return np.where(unknown, 0.0, product) if unknown.any() else product


def _outward(low: Any, high: Any) -> Range:
    """The next doubles on both sides."""
    return Range(np.nextafter(low, -np.inf), np.nextafter(high, np.inf))


def wide(low: Any, high: Any, times: float = 1.0) -> Range:
    """Ends that a library function rounded `times` times, moved outward; a sign that is certain stays."""
    slack = times * ULPS
    below, above = low - np.abs(low) * slack - TINY, high + np.abs(high) * slack + TINY
    return Range(
        np.where(low >= 0.0, np.maximum(below, 0.0), below), np.where(high <= 0.0, np.minimum(above, 0.0), above)
    )


def _rising(name: str) -> Callable[[Any], Range]:
    """A function that grows: its ends are the values at the ends."""
    function = ARRAY[name]

    def over(u: Any) -> Range:
        u = _range(u)
        return wide(function(u.low), function(u.high))

    return over


def _falling(name: str) -> Callable[[Any], Range]:
    function = ARRAY[name]
    return lambda u: wide(function(_range(u).high), function(_range(u).low))


def _even(name: str) -> Callable[[Any], Range]:
    """A function of |u| that grows with it."""
    function = ARRAY[name]
    return lambda u: wide(function(absolute(u).low), function(absolute(u).high))


def _slope_one(name: str) -> Callable[[Any], Range]:
    """sin and cos: within the distance from the middle of the value there, and within [-1, 1]."""
    function = ARRAY[name]

    def over(u: Any) -> Range:
        u = _range(u)
        middle = u.low + (u.high - u.low) / 2
        value = function(middle)
        reach = np.maximum(u.high - middle, middle - u.low) + 2 * ULPS
        return Range(np.fmax(value - reach, -1.0), np.fmin(value + reach, 1.0))

    return over


def absolute(u: Any) -> Range:
    """|u|."""
    u = _range(u)
    crosses = (u.low <= 0.0) & (u.high >= 0.0)
    low, high = np.abs(u.low), np.abs(u.high)
    return Range(np.where(crosses, 0.0, np.minimum(low, high)), np.maximum(low, high))


def _where(condition: Any, yes: Any, no: Any) -> Range:
    a, b = _range(yes), _range(no)
    if not isinstance(condition, Truth):
        return a if condition else b
    low = np.where(condition.must, a.low, np.where(condition.may, np.minimum(a.low, b.low), b.low))
    high = np.where(condition.must, a.high, np.where(condition.may, np.maximum(a.high, b.high), b.high))
    return Range(low, high)


def _largest(*terms: Any) -> Range:
    found = [_range(term) for term in terms]
    return Range(ARRAY["max_"](*(u.low for u in found)), ARRAY["max_"](*(u.high for u in found)))


def _smallest(*terms: Any) -> Range:
    found = [_range(term) for term in terms]
    return Range(ARRAY["min_"](*(u.low for u in found)), ARRAY["min_"](*(u.high for u in found)))


def _sign(u: Any) -> Range:
    return Range(np.sign(_range(u).low), np.sign(_range(u).high))


def _unknown(*arguments: Any) -> Range:
    """Functions of which nothing is used but that they are numbers."""
    return Range(-np.inf, np.inf)


exp, log = _rising("exp"), _rising("log")
RANGE: dict[str, Any] = {
    **dict.fromkeys(ARRAY, _unknown),
    **{name: _rising(name) for name in ("asinh", "atan", "atanh", "asin", "acosh", "erf", "exp", "log", "relu")},
    **{name: _rising(name) for name in ("sigmoid", "sinh", "softplus", "sqrt", "tanh")},
    **{name: _even(name) for name in ("cosh", "logcosh")},
    **{name: _slope_one(name) for name in ("cos", "sin")},
    "acos": _falling("acos"),
    "abs_": absolute,
    "max_": _largest,
    "min_": _smallest,
    "nan": math.nan,
    "negate": lambda condition: condition.negate() if isinstance(condition, Truth) else not condition,
    "sign": _sign,
    "where": _where,
}
