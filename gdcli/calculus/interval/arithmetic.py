"""Sums, products, powers of intervals of doubles, rounded outward.

An interval is (low, high) with low <= high; an infinite end means unbounded on that side. +, * and sqrt of doubles are
rounded to nearest by IEEE 754; the sign of the rounding error is computed exactly (Knuth's TwoSum, Dekker's TwoProduct,
1971), and an end moves to the neighbouring double only where the error points outward. What is exact stays exact:
squares are >= 0, and 2 + 3 is [5, 5].
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import TypeAlias

Interval: TypeAlias = tuple[float, float]

WHOLE: Interval = (-math.inf, math.inf)
_LARGEST = math.nextafter(math.inf, 0.0)
_SPLITTER = 134217729.0
# Between these no part of Dekker's product overflows or loses bits.
_SAFE_LOW, _SAFE_HIGH = 2.0**-450, 2.0**450


class EmptyError(ArithmeticError):
    """The expression is defined nowhere on the box."""


def below(x: float) -> float:
    """The next double towards minus infinity."""
    return math.nextafter(x, -math.inf)


def above(x: float) -> float:
    """The next double towards infinity."""
    return math.nextafter(x, math.inf)


def around(value: Fraction) -> Interval:
    """The nearest doubles on both sides of a rational, or the number itself where it is a double."""
    try:
        near = float(value)
    except OverflowError:
        return (_LARGEST, math.inf) if value > 0 else (-math.inf, -_LARGEST)
    exact = Fraction(near)
    return (near if exact <= value else below(near), near if exact >= value else above(near))


def sum_down(x: float, y: float) -> float:
    """A double at most x + y, the largest unless numbers overflow; x and y are not +inf."""
    s = x + y
    if math.isinf(s):
        return s if s < 0 else _LARGEST
    b = s - x
    return s if (x - (s - b)) + (y - b) >= 0.0 else below(s)


def product_down(x: float, y: float) -> float:
    """A double at most x y, where 0 times an unbounded end is 0."""
    if x == 0.0 or y == 0.0:
        return 0.0
    p = x * y
    if math.isinf(p):
        return p if p < 0 or math.isinf(x) or math.isinf(y) else _LARGEST
    if _SAFE_LOW < abs(x) < _SAFE_HIGH and _SAFE_LOW < abs(y) < _SAFE_HIGH:
        return p if _product_error(x, y, p) >= 0.0 else below(p)
    return max(below(p), 0.0) if (x > 0) == (y > 0) else below(p)


def _product_error(x: float, y: float, p: float) -> float:
    """x y - p, exactly."""
    c = _SPLITTER * x
    xh = c - (c - x)
    xl = x - xh
    c = _SPLITTER * y
    yh = c - (c - y)
    yl = y - yh
    return ((xh * yh - p) + xh * yl + xl * yh) + xl * yl


def add(a: Interval, b: Interval) -> Interval:
    """a + b."""
    return sum_down(a[0], b[0]), -sum_down(-a[1], -b[1])


def negate(a: Interval) -> Interval:
    """-a."""
    return -a[1], -a[0]


def multiply(a: Interval, b: Interval) -> Interval:
    """a b."""
    if a[0] >= 0.0 and b[0] >= 0.0:
        return product_down(a[0], b[0]), -product_down(-a[1], b[1])
    pairs = [(x, y) for x in a for y in b]
    return min(product_down(x, y) for x, y in pairs), max(-product_down(-x, y) for x, y in pairs)


def reciprocal(a: Interval) -> Interval:
    """1/a where a is not 0."""
    low, high = a
    if low == high == 0.0:
        raise EmptyError("a division by zero")
    if low < 0.0 < high:
        return WHOLE
    return (-math.inf if high == 0.0 else _inverse_down(high), math.inf if low == 0.0 else -_inverse_down(-low))


def _inverse_down(x: float) -> float:
    """A double at most 1/x for x != 0."""
    if math.isinf(x):
        return 0.0 if x > 0 else -0.0
    q = 1.0 / x
    if math.isinf(q):
        return q if q < 0 else _LARGEST
    if _SAFE_LOW < abs(x) < _SAFE_HIGH:
        # 1 - q x, whose sign against that of x says on which side of 1/x the quotient q lies.
        p = q * x
        rest = (1.0 - p) - _product_error(q, x, p)
        return q if rest == 0.0 or (rest > 0.0) == (x > 0.0) else below(q)
    return max(below(q), 0.0) if x > 0 else below(q)


def absolute(a: Interval) -> Interval:
    """|a|."""
    if a[0] >= 0.0:
        return a
    return negate(a) if a[1] <= 0.0 else (0.0, max(-a[0], a[1]))


def integer_power(a: Interval, n: int) -> Interval:
    """a^n for an integer n."""
    if n < 0:
        return reciprocal(integer_power(a, -n))
    if n % 2 == 0:
        a = absolute(a)
    return _signed_power_down(a[0], n), -_signed_power_down(-a[1], n) if n % 2 else _power_up(a[1], n)


def _signed_power_down(x: float, n: int) -> float:
    return _power_down(x, n) if x >= 0.0 else -_power_up(-x, n)


def _power_down(x: float, n: int) -> float:
    return _by_squaring(x, n, product_down)


def _power_up(x: float, n: int) -> float:
    return _by_squaring(x, n, lambda a, b: -product_down(-a, b))


def _by_squaring(x: float, n: int, times: Callable[[float, float], float]) -> float:
    result, square = 1.0, x
    while n:
        if n & 1:
            result = times(result, square)
        n >>= 1
        if n:
            square = times(square, square)
    return result


def square_root(a: Interval) -> Interval:
    """sqrt(a) where a >= 0."""
    if a[1] < 0.0:
        raise EmptyError("the square root of a negative number")
    return _root_down(max(a[0], 0.0)), _root_up(a[1])


def _root_down(x: float) -> float:
    r = math.sqrt(x)
    return r if _is_root(r, x) else max(below(r), 0.0)


def _root_up(x: float) -> float:
    r = math.sqrt(x)
    return r if _is_root(r, x) else above(r)


def _is_root(r: float, x: float) -> bool:
    return r in (0.0, math.inf) or (_SAFE_LOW < r < _SAFE_HIGH and r * r == x and _product_error(r, r, x) == 0.0)


def hull(*parts: Interval) -> Interval:
    """The smallest interval that holds all of them."""
    return min(low for low, _ in parts), max(high for _, high in parts)


def meet(a: Interval, low: float, high: float) -> Interval:
    """The part of a between low and high. Raises EmptyError where there is none."""
    if a[1] < low or a[0] > high:
        raise EmptyError(f"no value between {low:g} and {high:g}")
    return max(a[0], low), min(a[1], high)
