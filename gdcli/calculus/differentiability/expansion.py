"""The model of a formula near a point, by a walk over the formula as it was typed.

Every piece is put together from its parts by the rules of `model`, `compose` and `division`; where no rule gives a
proof, NoModelError ends the walk. A division, root or logarithm also needs the proof that it is defined for h != 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import singledispatchmethod

import sympy

from gdcli.calculus.differentiability import facts
from gdcli.calculus.differentiability.calls import call
from gdcli.calculus.differentiability.compose import compose
from gdcli.calculus.differentiability.division import divide
from gdcli.calculus.differentiability.lowest import floor_of, floor_of_sum
from gdcli.calculus.differentiability.model import (
    Model,
    NoModelError,
    coordinate,
    joined,
    known_sign,
    number,
)
from gdcli.calculus.differentiability.roots import irrational_power, rational_power
from gdcli.calculus.exact import Exact
from gdcli.language import tree

LARGEST_POWER = 64


@dataclass
class Expansion:
    """One walk at `point` (exact numbers by variable name, in the order of the coordinates) for ||h|| <= `radius`."""

    point: Mapping[str, sympy.Expr]
    radius: Fraction
    known: facts.Guards = field(default_factory=dict)

    @property
    def d(self) -> int:
        """How many coordinates there are."""
        return len(self.point)

    def model(self, node: tree.Node) -> Model:
        """The model of a piece, the whole formula among them. Raises NoModelError."""
        found = self._model(node)
        return found if found.sign else replace(found, sign=facts.sign_by(found, self.known))

    @singledispatchmethod
    def _model(self, node: tree.Node) -> Model:
        raise TypeError(f"no model for {type(node).__name__}")

    @_model.register
    def _(self, node: tree.Number) -> Model:
        return number(sympy.Rational(node.value.numerator, node.value.denominator), self.d)

    @_model.register
    def _(self, node: tree.Constant) -> Model:
        return number(sympy.E if node.name == "e" else sympy.pi, self.d)

    @_model.register
    def _(self, node: tree.Variable) -> Model:
        return coordinate(self.point[node.name], list(self.point).index(node.name), self.d)

    @_model.register
    def _(self, node: tree.Negate) -> Model:
        return -self.model(node.operand)

    @_model.register
    def _(self, node: tree.Sum) -> Model:
        terms = [self.model(term) for term in node.terms]
        total = terms[0]
        for term in terms[1:]:
            total = total + term
        return total if total.is_exact else replace(total, floor=floor_of_sum(terms, self.d, self.radius))

    @_model.register
    def _(self, node: tree.Product) -> Model:
        first, *others = map(self.model, node.factors)
        for other in others:
            first = first * other
        return first

    @_model.register
    def _(self, node: tree.Quotient) -> Model:
        result = self.model(node.numerator)
        for factor in _factors(node.denominator):
            result = self._divided(result, self.model(factor))
        return result

    @_model.register
    def _(self, node: tree.Power) -> Model:
        base = self.model(node.base)
        if any(isinstance(piece, tree.Variable) for piece, _ in tree.walk(node.exponent)):
            return self._general_power(base, self.model(node.exponent))
        exponent = Exact({}).value(node.exponent)
        if exponent.is_Integer and abs(exponent) <= LARGEST_POWER:
            return self._integer_power(base, int(exponent))
        if known_sign(base, self.radius) == 1:
            return compose("power", base, self.d, self.radius, exponent)
        if not exponent.is_Rational:
            return irrational_power(base, exponent, self.d, self.radius)
        power = rational_power(base, abs(Fraction(int(exponent.p), int(exponent.q))), self.d, self.radius)
        return power if exponent > 0 else self._divided(number(sympy.S.One, self.d), power)

    def _integer_power(self, base: Model, n: int) -> Model:
        if n < 0:
            return self._divided(number(sympy.S.One, self.d), self._integer_power(base, -n))
        result = number(sympy.S.One, self.d)
        for _ in range(n):
            result = result * base
        sign = 1 if n % 2 == 0 else base.sign
        floor = None if base.floor is None else base.floor.raised(Fraction(n), sign)
        return replace(result, sign=sign, floor=floor)

    def _general_power(self, base: Model, exponent: Model) -> Model:
        if known_sign(base, self.radius) != 1:
            raise NoModelError("a variable power of what may vanish")
        return compose("exp", exponent * compose("log", base, self.d, self.radius), self.d, self.radius)

    def _divided(self, u: Model, v: Model) -> Model:
        if known_sign(v, self.radius):
            return divide(u, v, self.d, self.radius)
        try:
            floor = floor_of(v, self.d, self.radius)
        except NoModelError:
            if not facts.guarded(v, self.known):
                raise
            return Model({}, None, u.sign * v.sign)
        if not facts.is_nonzero(v, floor, self.known):
            raise NoModelError("a denominator that may vanish")
        return divide(u, v, self.d, self.radius)

    @_model.register
    def _(self, node: tree.Call) -> Model:
        return call(node.name, [self.model(argument) for argument in node.arguments], self.d, self.radius)

    @_model.register
    def _(self, node: tree.Piecewise) -> Model:
        branches: list[Model] = []
        outside = self.known
        try:
            for value, condition in zip(node.values, node.conditions, strict=True):
                verdict = facts.holds(condition, self.model, self.d, self.radius)
                if verdict is not False:
                    inside = facts.guards(condition, True, self.model)
                    branches.append(self._branch(value, facts.merged(self.known, inside)))
                if verdict is True:
                    break
                self.known = facts.merged(self.known, facts.guards(condition, False, self.model))
            else:
                if node.otherwise is None:
                    raise NoModelError("no branch is proven to hold around the point")
                branches.append(self.model(node.otherwise))
        finally:
            self.known = outside
        result = branches[0]
        for branch in branches[1:]:
            result = joined(result, branch)
        return result

    def _branch(self, value: tree.Node, known: facts.Guards) -> Model:
        outside, self.known = self.known, known
        try:
            return self.model(value)
        finally:
            self.known = outside


def _factors(node: tree.Node) -> tuple[tree.Node, ...]:
    """A denominator's factors: dividing by one after the other keeps the lower bound of each."""
    return node.factors if isinstance(node, tree.Product) else (node,)
