"""Lower bounds |u(h)| >= c |h^b| (|h1|^m1 + ... + |hd|^md)^s, and what a magnitude divided by one is.

Dividing rests on |h_i|^m_i <= the sum: with l1 + ... + ld = s, |h1|^(l1 m1) ... |hd|^(ld md) <= (sum)^s. The l_i are
chosen to lose the least power of ||h||.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from gdcli.calculus.differentiability.magnitude import Key, Magnitude
from gdcli.calculus.differentiability.rounding import power_up, up


@dataclass(frozen=True)
class Floor:
    """|u(h)| >= 1/`inverse` * |h^`monomial`| * (sum of |h_i|^m_i)^`power`; `sign` is that of u (0: not known).

    With `power` 0 the sum is absent and u may vanish where the monomial does.
    """

    inverse: Fraction
    monomial: tuple[Fraction, ...]
    exponents: tuple[Fraction, ...]
    power: Fraction
    sign: int

    @property
    def positive(self) -> bool:
        """Whether the bound alone proves u != 0 for every h != 0."""
        if len(self.monomial) == 1:
            return True
        return not any(self.monomial)

    def raised(self, exponent: Fraction, sign: int) -> Floor:
        """The lower bound of |u|^exponent."""
        monomial = tuple(exponent * b for b in self.monomial)
        return replace(
            self, inverse=power_up(self.inverse, exponent), monomial=monomial, power=exponent * self.power, sign=sign
        )

    def times(self, other: Floor) -> Floor | None:
        """The lower bound of a product; None where both hold a sum of different powers."""
        if self.power and other.power and self.exponents != other.exponents:
            return None
        monomial = tuple(a + b for a, b in zip(self.monomial, other.monomial, strict=True))
        exponents = self.exponents if self.power else other.exponents
        return Floor(
            up(self.inverse * other.inverse), monomial, exponents, self.power + other.power, self.sign * other.sign
        )

    def divide(self, bound: Magnitude) -> Magnitude:
        """A bound of |v|/|u| from a `bound` of |v|."""
        quotient = Magnitude({})
        for key, coefficient in bound.terms.items():
            lowered, factor = self._lowered(key)
            quotient = quotient + Magnitude({lowered: up(coefficient * factor * self.inverse)})
        return quotient

    def _lowered(self, key: Key) -> tuple[Key, Fraction]:
        norm, powers = key[0], [a - b for a, b in zip(key[1:], self.monomial, strict=True)]
        left = self.power
        for i in sorted(range(len(powers)), key=lambda i: self.exponents[i] if self.power else 0):
            if not left:
                break
            share = min(left, max(powers[i], Fraction(0)) / self.exponents[i])
            powers[i] -= share * self.exponents[i]
            left -= share
        factor = Fraction(1)
        if left:
            # |h_i| <= 1, so the sum is at least sum |h_i|^M >= d^(1 - M/2) ||h||^M for M = max m_i >= 2 (d = 1: any M).
            most = max(self.exponents)
            norm -= left * most
            factor = power_up(Fraction(len(powers)), max(most / 2 - 1, Fraction(0)) * left)
        return (norm, *powers), factor


def monomial_floor(inverse: Fraction, exponents: Sequence[Fraction | int], sign: int) -> Floor:
    """|u| >= |h^exponents| / inverse."""
    monomial = tuple(map(Fraction, exponents))
    return Floor(inverse, monomial, (), Fraction(0), sign)
