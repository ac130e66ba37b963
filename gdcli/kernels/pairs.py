"""Numbers of about 106 bits as unevaluated sums of two doubles, arrays of them (Dekker, 1971; Joldes et al., 2017).

Every operation here is right to UNIT = 2^-100, relative; exp and log to 2^-92, relative and absolute. Sums and products
of doubles are exact: their rounding is what the second double holds.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
Pair = tuple[Any, Any]

UNIT = 2.0**-100
TRANSCENDENTAL = 2.0**-92
# Veltkamp's constant: halves of 26 bits, whose products are exact.
SPLITTER = 134217729.0
LN2 = (0.6931471805599453, 2.3190468138462996e-17)
HALF_PI = (1.5707963267948966, 6.123233995736766e-17, -1.4973849048591698e-33)
# exp is summed up to r^11/11! for |r| <= ln(2)/2^9, then squared 8 times.
TERMS, SQUARINGS = 11, 8
# sin and cos are summed up to r^27/27! for |r| <= pi/4.
CIRCULAR_TERMS = 27


def two_sum(a: Any, b: Any) -> Pair:
    """a + b and its rounding error."""
    s = a + b
    t = s - a
    return s, (a - (s - t)) + (b - t)


def fast_two_sum(a: Any, b: Any) -> Pair:
    """The same where |a| >= |b|."""
    s = a + b
    return s, b - (s - a)


def two_product(a: Any, b: Any) -> Pair:
    """a b and its rounding error."""
    p = a * b
    a1, a2 = _halves(a)
    b1, b2 = _halves(b)
    return p, ((a1 * b1 - p) + a1 * b2 + a2 * b1) + a2 * b2


def _halves(a: Any) -> Pair:
    c = SPLITTER * a
    high = c - (c - a)
    return high, a - high


def add(a: Pair, b: Pair) -> Pair:
    """a + b."""
    s, e = two_sum(a[0], b[0])
    t, f = two_sum(a[1], b[1])
    s, e = fast_two_sum(s, e + t)
    return fast_two_sum(s, e + f)


def minus(a: Pair) -> Pair:
    """-a."""
    return -a[0], -a[1]


def multiply(a: Pair, b: Pair) -> Pair:
    """a b."""
    p, e = two_product(a[0], b[0])
    return fast_two_sum(p, e + (a[0] * b[1] + a[1] * b[0]))


def times(a: Pair, b: Any) -> Pair:
    """a b for a double b."""
    p, e = two_product(a[0], b)
    return fast_two_sum(p, e + a[1] * b)


def divide(a: Pair, b: Pair) -> Pair:
    """a/b: three digits of long division, each a double."""
    first = a[0] / b[0]
    rest = add(a, minus(times(b, first)))
    second = rest[0] / b[0]
    rest = add(rest, minus(times(b, second)))
    high, low = fast_two_sum(first, second)
    return add((high, low), (rest[0] / b[0], 0.0 * high))


def root(a: Pair) -> Pair:
    """sqrt(a), a > 0: a step of Newton's from the double."""
    near = np.sqrt(a[0])
    rest = add(a, minus(two_product(near, near)))
    return fast_two_sum(near, rest[0] / (2.0 * near))


def fraction(value: Fraction) -> Pair:
    """The nearest pair."""
    high = float(value)
    return high, float(value - Fraction(high))


INVERSE_FACTORIALS = tuple(fraction(Fraction(1, math.factorial(n))) for n in range(CIRCULAR_TERMS + 2))


def exp(a: Pair) -> Pair:
    """2^k exp(r): the series of exp(r/2^8) - 1, doubled back by p -> p (2 + p)."""
    k = np.rint(a[0] / LN2[0])
    r = add(a, minus(add(two_product(k, LN2[0]), two_product(k, LN2[1]))))
    r = (np.ldexp(r[0], -SQUARINGS), np.ldexp(r[1], -SQUARINGS))
    p = _series(r, range(1, TERMS + 1))
    for _ in range(SQUARINGS):
        p = multiply(p, add((2.0, 0.0), p))
    high, low = add((1.0, 0.0), p)
    whole = np.clip(k, -2000.0, 2000.0).astype(np.int64)
    return np.ldexp(high, whole), np.ldexp(low, whole)


def log(a: Pair) -> Pair:
    """l + t - t^2/2 with t = a exp(-l) - 1 for the double l near log(a), a > 0."""
    near = np.log(a[0])
    t = add(multiply(a, exp((-near, 0.0 * near))), (-1.0, 0.0))
    return add(two_sum(near, t[0]), (t[1], -0.5 * t[0] * t[0]))


def sine_and_cosine(a: Pair) -> tuple[Pair, Pair]:
    """Both, by their series after the nearest multiple of pi/2 is taken off: for |a| < 10^6."""
    k = np.rint(a[0] / HALF_PI[0])
    r = a
    for piece in HALF_PI:
        r = add(r, minus(two_product(k, piece)))
    square = multiply(r, r)
    odd = multiply(r, _alternating(square, range(1, CIRCULAR_TERMS + 1, 2)))
    even = _alternating(square, range(0, CIRCULAR_TERMS + 1, 2))
    quarter = np.mod(k, 4.0)
    swapped = (quarter == 1.0) | (quarter == 3.0)
    sine = _signed(_either(swapped, even, odd), np.where(quarter >= 2.0, -1.0, 1.0))
    cosine = _signed(_either(swapped, odd, even), np.where((quarter == 1.0) | (quarter == 2.0), -1.0, 1.0))
    return sine, cosine


def _series(r: Pair, powers: range) -> Pair:
    """sum r^n/n! over consecutive powers from 1, by Horner's rule."""
    total = INVERSE_FACTORIALS[powers[-1]]
    for n in reversed(powers[:-1]):
        total = add(INVERSE_FACTORIALS[n], multiply(r, total))
    return multiply(r, total)


def _alternating(square: Pair, powers: range) -> Pair:
    """1/n0! - s/n1! + s^2/n2! - ..."""
    total = INVERSE_FACTORIALS[powers[-1]]
    for n in reversed(powers[:-1]):
        total = add(INVERSE_FACTORIALS[n], minus(multiply(square, total)))
    return total


def _either(chosen: Any, a: Pair, b: Pair) -> Pair:
    return np.where(chosen, a[0], b[0]), np.where(chosen, a[1], b[1])


def _signed(a: Pair, sign: Any) -> Pair:
    return sign * a[0], sign * a[1]


def total(a: Pair) -> Pair:
    """The sum over the first axis, in halves."""
    high, low = a
    while len(high) > 1:
        half = len(high) // 2
        summed = add((high[:half], low[:half]), (high[half : 2 * half], low[half : 2 * half]))
        high, low = (np.concatenate([s, r[2 * half :]]) for s, r in zip(summed, (high, low), strict=True))
    return high[0], low[0]
