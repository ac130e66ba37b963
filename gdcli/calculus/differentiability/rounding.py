"""Numbers rounded away from the truth in a known direction, so that a constant in a proof is never too small."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import mpmath
import sympy

BITS = 64
SLACK = 1 + Fraction(1, 2**40)
"""Covers the last-digit errors of an evaluation that asked for far more digits."""


def up(number: Fraction) -> Fraction:
    """A number of at most 64 significant bits, not below a number >= 0."""
    if number.denominator.bit_length() + number.numerator.bit_length() <= 2 * BITS:
        return number
    shift = BITS - number.numerator.bit_length() + number.denominator.bit_length()
    scaled = -((-number * Fraction(2) ** shift) // 1)
    return scaled / Fraction(2) ** shift


def power_up(base: Fraction, exponent: Fraction) -> Fraction:
    """Not below base^exponent, for base > 0."""
    if exponent.denominator == 1:
        return up(base ** int(exponent))
    top, exact_top = sympy.integer_nthroot(base.numerator, exponent.denominator)
    bottom, exact_bottom = sympy.integer_nthroot(base.denominator, exponent.denominator)
    if exact_top and exact_bottom:
        return up(Fraction(int(top), int(bottom)) ** exponent.numerator)
    with mpmath.workprec(2 * BITS):
        value = mpmath.mpf(base.numerator) / base.denominator
        return up(exactly(value ** (mpmath.mpf(exponent.numerator) / exponent.denominator)) * SLACK)


def decimal_up(number: Fraction, digits: int = 3) -> float:
    """A double of that many decimal digits, not below a number >= 0: 0.1761687 becomes 0.177."""
    if not number:
        return 0.0
    exponent = len(str(number.numerator)) - len(str(number.denominator))
    step = Fraction(10) ** (exponent - digits)
    while number / step >= 10**digits:
        step *= 10
    rounded = -(-number // step) * step
    double = float(rounded)
    return double if Fraction(double) >= number else math.nextafter(double, math.inf)


def absolute_up(number: sympy.Expr) -> Fraction:
    """Not below the absolute value of an exact constant."""
    if number.is_Rational:
        return up(abs(Fraction(int(number.p), int(number.q))))
    return up(abs(exactly(mpmath.mpf(number.evalf(40)._to_mpmath(140)))) * SLACK)


def exactly(value: Any) -> Fraction:
    """A binary floating number as the fraction it is."""
    numerator, denominator = mpmath.libmp.to_rational(value._mpf_)
    return Fraction(int(numerator), int(denominator))
