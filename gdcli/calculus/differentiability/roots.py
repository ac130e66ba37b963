"""Fractional powers and odd roots of what vanishes at the point: their bound, and their lower bound."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import sympy

from gdcli.calculus.differentiability.floor import Floor
from gdcli.calculus.differentiability.lowest import floor_of
from gdcli.calculus.differentiability.model import Model, NoModelError

STEPS_OF_ONE = 64
"""Denominator of the rational exponent that stands below an irrational one."""


def rational_power(u: Model, exponent: Fraction, d: int, radius: Fraction) -> Model:
    """u^exponent for u >= 0 and an exponent > 0. Raises NoModelError where u >= 0 is not proven."""
    floor = _floor(u, d, radius)
    if u.sign != 1 and not (floor is not None and floor.positive and floor.sign == 1):
        raise NoModelError("a root of what may be negative")
    return _power(u, exponent, floor, 1)


def irrational_power(u: Model, exponent: sympy.Expr, d: int, radius: Fraction) -> Model:
    """u^exponent for 0 <= u <= 1 and an exponent > 0: at most u^q for a rational q a little below the exponent."""
    bound = u.bound()
    most = None if bound is None else bound.supremum(radius)
    if exponent.is_positive is not True or most is None or most > 1:
        raise NoModelError("an irrational power of what may be large")
    below = Fraction(int(sympy.floor(exponent * STEPS_OF_ONE)), STEPS_OF_ONE)
    if below <= 0:
        raise NoModelError("an exponent too near 0")
    return replace(rational_power(u, below, d, radius), floor=None, inverse=None)


def odd_root(u: Model, n: int, d: int, radius: Fraction) -> Model:
    """The real n-th root for odd n."""
    return _power(u, Fraction(1, n), _floor(u, d, radius), u.sign)


def _power(u: Model, exponent: Fraction, floor: Floor | None, sign: int) -> Model:
    bound = u.bound()
    rest = None if bound is None else bound.power(exponent)
    inverse = None if u.inverse is None else u.inverse.power(exponent)
    return Model({}, rest, sign, None if floor is None else floor.raised(exponent, sign or floor.sign), inverse)


def _floor(u: Model, d: int, radius: Fraction) -> Floor | None:
    try:
        return floor_of(u, d, radius)
    except NoModelError:
        return None
