"""u(x0 + h) = P(h) + R(h) for 0 < ||h|| <= rho: a polynomial with exact coefficients and a bound of the rest.

Adding, multiplying and joining such models are the lecture's rules for o(.) with every constant kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import sympy

from gdcli.calculus.differentiability.floor import Floor
from gdcli.calculus.differentiability.magnitude import ZERO, Magnitude
from gdcli.calculus.differentiability.rounding import absolute_up
from gdcli.calculus.exact import sign_of

Exponents = tuple[int, ...]
Polynomial = Mapping[Exponents, sympy.Expr]

DEGREE = 16
"""Higher monomials of a polynomial part are counted to the rest."""
MONOMIALS = 150


class NoModelError(Exception):
    """No proven bound could be built; why, for the reader of a traceback."""


@dataclass(frozen=True)
class Model:
    """`poly` P, and `rest` a bound of |R| (None: u is defined, but nothing bounds it).

    `sign` 1 says u >= 0 and -1 u <= 0; `floor` bounds |u| from below; `inverse` is a bound of 1/|u|.
    """

    poly: Polynomial
    rest: Magnitude | None = ZERO
    sign: int = 0
    floor: Floor | None = None
    inverse: Magnitude | None = None

    @cached_property
    def constant(self) -> sympy.Expr:
        """P(0)."""
        return next((c for key, c in self.poly.items() if not any(key)), sympy.S.Zero)

    @property
    def is_exact(self) -> bool:
        """Whether u is its polynomial."""
        return self.rest is not None and not self.rest.terms

    def deviation(self) -> Magnitude | None:
        """A bound of |u(h) - P(0)|."""
        if self.rest is None:
            return None
        return size({key: c for key, c in self.poly.items() if any(key)}) + self.rest

    def bound(self) -> Magnitude | None:
        """A bound of |u|."""
        return None if self.rest is None else size(self.poly) + self.rest

    def __add__(self, other: Model) -> Model:
        sign = self.sign if self.sign == other.sign else 0
        rest = None if self.rest is None or other.rest is None else self.rest + other.rest
        return Model(added(self.poly, other.poly), rest, sign).short()

    def __neg__(self) -> Model:
        poly = {key: -c for key, c in self.poly.items()}
        floor = None if self.floor is None else replace(self.floor, sign=-self.floor.sign)
        return Model(poly, self.rest, -self.sign, floor, self.inverse)

    def __mul__(self, other: Model) -> Model:
        sign = self.sign * other.sign
        floor = self.floor.times(other.floor) if self.floor and other.floor else None
        poly = multiplied(self.poly, other.poly)
        if (self.is_exact and not self.poly) or (other.is_exact and not other.poly):
            return Model({})
        if self.rest is None or other.rest is None:
            return Model({}, None, sign)
        rest = size(self.poly) * other.rest + self.rest * size(other.poly) + self.rest * other.rest
        return Model(poly, rest, sign, floor).short()

    def short(self) -> Model:
        """The same with monomials of high degree, or beyond the first `MONOMIALS`, counted to the rest."""
        ordered = sorted(self.poly, key=lambda key: (sum(key), key))
        kept = {key: self.poly[key] for key in ordered[:MONOMIALS] if sum(key) <= DEGREE}
        if len(kept) == len(self.poly) or self.rest is None:
            return self
        dropped = {key: c for key, c in self.poly.items() if key not in kept}
        return replace(self, poly=kept, rest=self.rest + size(dropped))


def size(poly: Polynomial) -> Magnitude:
    """A bound of |P|, term by term."""
    terms = {(Fraction(0), *map(Fraction, key)): absolute_up(c) for key, c in poly.items()}
    return Magnitude(terms)


def number(value: sympy.Expr, d: int) -> Model:
    """A constant."""
    return Model(_clean({(0,) * d: value}), sign=sign_of(value) or 0)


def coordinate(start: sympy.Expr, i: int, d: int) -> Model:
    """x_i = start + h_i."""
    return Model(_clean({(0,) * d: start, tuple(int(k == i) for k in range(d)): sympy.S.One}))


def added(a: Polynomial, b: Polynomial, factor: int = 1) -> Polynomial:
    """a + factor b."""
    terms = dict(a)
    for key, c in b.items():
        terms[key] = terms.get(key, sympy.S.Zero) + factor * c
    return _clean(terms)


def multiplied(a: Polynomial, b: Polynomial) -> Polynomial:
    """a b."""
    terms: dict[Exponents, sympy.Expr] = {}
    for p, x in a.items():
        for q, y in b.items():
            key = tuple(i + j for i, j in zip(p, q, strict=True))
            terms[key] = terms.get(key, sympy.S.Zero) + x * y
    return _clean(terms)


def _clean(terms: Mapping[Exponents, sympy.Expr]) -> Polynomial:
    kept = {}
    for key, c in terms.items():
        sign = sign_of(c)
        if sign is None:
            raise NoModelError(f"cannot tell whether {c} is zero")
        if sign:
            kept[key] = c
    return kept


def joined(a: Model, b: Model) -> Model:
    """A model of whatever is u_a at some points and u_b at the others: the terms in which both agree."""
    if a.rest is None or b.rest is None:
        return Model({}, None)
    common = {key: c for key, c in a.poly.items() if key in b.poly and sign_of(c - b.poly[key]) == 0}
    rest = a.rest + b.rest + size(added(a.poly, common, -1)) + size(added(b.poly, common, -1))
    return Model(common, rest, a.sign if a.sign == b.sign else 0)


def absolute(u: Model, radius: Fraction) -> Model:
    """|u|: u or -u where its sign is known, else its bound, which is all a kink leaves."""
    sign = u.sign or known_sign(u, radius)
    if sign:
        return replace(u if sign > 0 else -u, sign=1)
    floor = None if u.floor is None else replace(u.floor, sign=1)
    return Model({}, u.bound(), 1, floor)


def known_sign(u: Model, radius: Fraction) -> int:
    """The strict sign that P(0) has where the rest cannot reach it, else 0."""
    value, deviation = sign_of(u.constant), u.deviation()
    if not value or deviation is None:
        return 0
    most = deviation.supremum(radius)
    if most is None or sign_of(abs(u.constant) - sympy.Rational(most.numerator, most.denominator)) != 1:
        return 0
    return value
