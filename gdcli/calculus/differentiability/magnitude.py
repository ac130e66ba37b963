"""Magnitudes: sums of c ||h||^g |h1|^a1 ... |hd|^ad with c > 0, which bound |u(h)| for 0 < ||h|| <= rho <= 1.

They are the lecture's O(.) with its constants kept: sums, products and powers of bounds are bounds, and as
|h_i| <= ||h||, a term is at most c ||h||^(g + a1 + ... + ad).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from gdcli.calculus.differentiability.rounding import power_up, up

Key = tuple[Fraction, ...]
"""(g, a1, ..., ad)."""
MOST_TERMS = 60
"""Terms beyond which a magnitude is given by the powers of ||h|| alone."""


@dataclass(frozen=True)
class Magnitude:
    """A bound: the exponents (g, a1, ..., ad) of each term and its coefficient; no term at all is 0."""

    terms: Mapping[Key, Fraction]

    @classmethod
    def of(cls, exponents: Sequence[Fraction | int], coefficient: Fraction | int = 1) -> Magnitude:
        """coefficient |h1|^a1 ... |hd|^ad for the `exponents` a."""
        return cls({(Fraction(0), *map(Fraction, exponents)): Fraction(coefficient)})

    def __add__(self, other: Magnitude) -> Magnitude:
        terms = dict(self.terms)
        for key, coefficient in other.terms.items():
            terms[key] = up(terms.get(key, Fraction(0)) + coefficient)
        return Magnitude(terms)._short()

    def __mul__(self, other: Magnitude) -> Magnitude:
        terms: dict[Key, Fraction] = {}
        for a, x in self.terms.items():
            for b, y in other.terms.items():
                key = tuple(p + q for p, q in zip(a, b, strict=True))
                terms[key] = up(terms.get(key, Fraction(0)) + x * y)
        return Magnitude(terms)._short()

    def power(self, exponent: Fraction) -> Magnitude:
        """The bound to a power > 0: the part below 1 term by term, as (a + b)^p <= a^p + b^p for p <= 1."""
        whole, part = divmod(exponent, 1)
        pieces = [self] * int(whole)
        if part:
            terms = {tuple(part * a for a in key): power_up(c, part) for key, c in self.terms.items()}
            pieces.append(Magnitude(terms))
        product = pieces[0]
        for piece in pieces[1:]:
            product = product * piece
        return product

    @property
    def order(self) -> float | Fraction:
        """The largest p with bound <= C ||h||^p: infinity for 0, minus infinity where an |h_i| divides."""
        if any(a < 0 for key in self.terms for a in key[1:]):
            return -math.inf
        return min(map(sum, self.terms), default=math.inf)

    def constant(self, order: Fraction, radius: Fraction) -> Fraction:
        """C with bound <= C ||h||^order for ||h|| <= radius; `order` must not be above `self.order`."""
        pieces = (c * power_up(radius, sum(key, -order)) for key, c in self.terms.items())
        return up(sum(pieces, Fraction(0)))

    def supremum(self, radius: Fraction) -> Fraction | None:
        """The largest value for ||h|| <= radius; None where there is none."""
        return self.constant(Fraction(0), radius) if self.order >= 0 else None

    def _short(self) -> Magnitude:
        if len(self.terms) <= MOST_TERMS or self.order == -math.inf:
            return self
        terms: dict[Key, Fraction] = {}
        for key, coefficient in self.terms.items():
            short = (sum(key, Fraction(0)), *(Fraction(0) for _ in key[1:]))
            terms[short] = up(terms.get(short, Fraction(0)) + coefficient)
        return Magnitude(terms)


ZERO = Magnitude({})
