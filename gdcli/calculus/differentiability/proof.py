"""Continuity and differentiability proven by a bound: |f - f(x0)| <= C ||h||^q, |r(h)| <= C ||h||^p with p > 1."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import sympy

from gdcli.calculus.differentiability.expansion import Expansion
from gdcli.calculus.differentiability.magnitude import Magnitude
from gdcli.calculus.differentiability.model import Model, NoModelError, size
from gdcli.calculus.exact import UndecidedError, sign_of
from gdcli.calculus.function import Function

RADII = (Fraction(1), Fraction(1, 4), Fraction(1, 32), Fraction(1, 1024))
"""Radii of the ball around the point on which a bound is tried."""
SMALL = 10
"""A constant with which no smaller radius is tried."""


@dataclass(frozen=True)
class Bound:
    """`constant` ||h||^`order` for ||h|| <= `radius`."""

    constant: Fraction
    order: Fraction
    radius: Fraction

    @classmethod
    def of(cls, magnitude: Magnitude, radius: Fraction) -> Bound:
        """The bound by the least power of ||h||; 0 is given as 0 ||h||^2."""
        order = magnitude.order
        power = Fraction(2) if order == math.inf else Fraction(order)
        return cls(magnitude.constant(power, radius), power, radius)


@dataclass(frozen=True)
class Proof:
    """What the model of f proves: `continuous`, and `remainder` with the gradient it belongs to, each if it does."""

    continuous: Bound | None
    remainder: Bound | None
    gradient: tuple[sympy.Expr, ...]


NOTHING = Proof(None, None, ())


def prove(function: Function, point: Mapping[str, sympy.Expr], value: sympy.Expr) -> Proof:
    """The most that one of the radii proves about f around `point`, where it is `value`."""
    best = NOTHING
    for radius in RADII:
        found = _prove(function, point, value, radius)
        best = min(best, found, key=_rank)
        if best.remainder is not None and best.remainder.constant <= SMALL:
            break
    return best


def _rank(proof: Proof) -> tuple[bool, bool, Fraction]:
    """A remainder before mere continuity, then the smaller constant."""
    bound = proof.remainder or proof.continuous
    return proof.remainder is None, bound is None, Fraction(0) if bound is None else bound.constant


def _prove(function: Function, point: Mapping[str, sympy.Expr], value: sympy.Expr, radius: Fraction) -> Proof:
    try:
        model = Expansion(point, radius).model(function.tree)
    except (NoModelError, UndecidedError):
        return NOTHING
    if sign_of(model.constant - value) != 0:
        return NOTHING
    deviation = model.deviation()
    if deviation is None or deviation.order <= 0:
        return NOTHING
    continuous = Bound.of(deviation, radius)
    remainder = _remainder(model)
    if remainder.order <= 1:
        return Proof(continuous, None, ())
    return Proof(continuous, Bound.of(remainder, radius), _gradient(model, len(point)))


def _remainder(model: Model) -> Magnitude:
    """A bound of f - f(x0) - grad f . h."""
    assert model.rest is not None
    return size({key: c for key, c in model.poly.items() if sum(key) > 1}) + model.rest


def _gradient(model: Model, d: int) -> tuple[sympy.Expr, ...]:
    units = (tuple(int(k == i) for k in range(d)) for i in range(d))
    return tuple(model.poly.get(unit, sympy.S.Zero) for unit in units)
