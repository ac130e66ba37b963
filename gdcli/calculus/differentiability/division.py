"""u/v where v vanishes at the point: u/v = T + (u - T v)/v for any polynomial T; the best of a few T is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import sympy

from gdcli.calculus.differentiability.compose import compose
from gdcli.calculus.differentiability.floor import Floor
from gdcli.calculus.differentiability.lowest import floor_of
from gdcli.calculus.differentiability.magnitude import ZERO, Magnitude
from gdcli.calculus.differentiability.model import (
    Exponents,
    Model,
    Polynomial,
    added,
    known_sign,
    multiplied,
    size,
)

SERIES = 8
"""Terms of the quotient of two power series in one variable."""


def divide(u: Model, v: Model, d: int, radius: Fraction) -> Model:
    """u/v. Raises NoModelError where nothing bounds |v| from below."""
    if known_sign(v, radius):
        return u * compose("power", v, d, radius, sympy.S.NegativeOne)
    floor = floor_of(v, d, radius)
    sign = u.sign * (v.sign or floor.sign)
    inverse = _inverse(u, v, radius)
    if u.rest is None or v.rest is None:
        return Model({}, None, sign, inverse=inverse)
    models = (_with(u, v, candidate, floor) for candidate in _candidates(u, v, d))
    best = max(models, key=_order)
    return replace(best, sign=sign, inverse=inverse)


def _order(model: Model) -> float | Fraction:
    assert model.rest is not None
    return model.rest.order


def _with(u: Model, v: Model, candidate: Polynomial, floor: Floor) -> Model:
    """T + (u - T v)/v."""
    assert u.rest is not None
    assert v.rest is not None
    poly = added(u.poly, multiplied(candidate, v.poly), -1)
    return Model(candidate, floor.divide(size(poly) + u.rest + size(candidate) * v.rest))


def _inverse(u: Model, v: Model, radius: Fraction) -> Magnitude | None:
    """A bound of |v|/|u| where u stays away from 0."""
    bound = v.bound()
    if bound is None or not known_sign(u, radius):
        return None
    deviation = u.deviation()
    most = ZERO.constant(Fraction(0), radius) if deviation is None else deviation.supremum(radius) or Fraction(0)
    nearest = abs(u.constant) - sympy.Rational(most.numerator, most.denominator)
    return bound * Magnitude.of((0,) * _dimension(u), size({(): 1 / nearest}).terms[Fraction(0),])


def _dimension(u: Model) -> int:
    return len(next(iter(u.poly)))


def _candidates(u: Model, v: Model, d: int) -> Iterator[Polynomial]:
    yield {}
    if d == 1 and v.poly:
        yield _series(u.poly, v.poly)
    elif v.poly:
        yield from _quotients(u.poly, v.poly, d)


def _series(u: Polynomial, v: Polynomial) -> Polynomial:
    """The quotient as power series, up to the powers both are known to; nothing where it would begin below h^0."""
    start = min(v)[0]
    left = dict(u)
    quotient: dict[Exponents, sympy.Expr] = {}
    for k in range(SERIES):
        c = left.get((start + k,), sympy.S.Zero) / v[start,]
        if c != 0:
            quotient[k,] = c
            left = dict(added(left, multiplied({(k,): c}, v), -1))
    return quotient


def _quotients(u: Polynomial, v: Polynomial, d: int) -> Iterator[Polynomial]:
    """Polynomial division by the whole of v, and of the lowest homogeneous parts."""
    steps = sympy.symbols(f"h:{d}", real=True)
    for top, bottom in ((u, v), (_lowest(u), _lowest(v))):
        if not top:
            continue
        a, b = (sympy.Poly(dict(p), *steps, domain="EX" if not _rational(p) else "QQ") for p in (top, bottom))
        quotient = sympy.div(a, b)[0]
        yield {key: c for key, c in quotient.terms() if c != 0}


def _rational(poly: Polynomial) -> bool:
    return all(c.is_Rational for c in poly.values())


def _lowest(poly: Polynomial) -> Polynomial:
    degree = min(map(sum, poly), default=0)
    return {key: c for key, c in poly.items() if sum(key) == degree}
