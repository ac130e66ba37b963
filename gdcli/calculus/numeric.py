"""The value of a formula at a point in mpmath numbers of any precision, by a walk of our own over the typed formula.

It shares nothing with the symbolic engine: it is what symbolic answers are checked against.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from functools import singledispatchmethod
from itertools import pairwise
from typing import Any

import mpmath

from gdcli.calculus.heads import HEADS
from gdcli.language import tree

_OPERATORS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}

BITS = 4_000
"""Bits before the point of an exponent, beyond which a power would fill the memory and counts as not finite."""


class Numeric:
    """A formula as a function on mpmath numbers; `at` returns None where it has no real, finite value."""

    def __init__(self, root: tree.Node) -> None:
        self._root = root
        self._point: Mapping[str, Any] = {}

    def at(self, point: Mapping[str, Any]) -> Any:
        """f(point) at the working precision of mpmath, or None outside the domain."""
        self._point = point
        try:
            value = self.value(self._root)
        except (ValueError, ZeroDivisionError):
            return None
        return value if mpmath.isfinite(value) else None

    @singledispatchmethod
    def value(self, node: tree.Node) -> Any:
        """The value of one piece; ValueError or ZeroDivisionError where there is none."""
        raise TypeError(f"no value for {type(node).__name__}")

    @value.register
    def _(self, node: tree.Number) -> Any:
        return mpmath.mpf(node.value.numerator) / node.value.denominator

    @value.register
    def _(self, node: tree.Constant) -> Any:
        return +mpmath.e if node.name == "e" else +mpmath.pi

    @value.register
    def _(self, node: tree.Variable) -> Any:
        return self._point[node.name]

    @value.register
    def _(self, node: tree.Negate) -> Any:
        return -self.value(node.operand)

    @value.register
    def _(self, node: tree.Sum) -> Any:
        return mpmath.fsum(map(self.value, node.terms))

    @value.register
    def _(self, node: tree.Product) -> Any:
        return mpmath.fprod(map(self.value, node.factors))

    @value.register
    def _(self, node: tree.Quotient) -> Any:
        return self.value(node.numerator) / self.value(node.denominator)

    @value.register
    def _(self, node: tree.Power) -> Any:
        base, exponent = self.value(node.base), _bearable(self.value(node.exponent))
        if base == 0 and exponent == 0 and not isinstance(node.exponent, tree.Number):
            raise ValueError("0^0")
        return _real(base**exponent)

    @value.register
    def _(self, node: tree.Call) -> Any:
        arguments = map(self.value, node.arguments)
        return _real(HEADS[node.name].numeric(*(map(_bearable, arguments) if node.name == "exp" else arguments)))

    @value.register
    def _(self, node: tree.Piecewise) -> Any:
        for branch, condition in zip(node.values, node.conditions, strict=True):
            if self.holds(condition):
                return self.value(branch)
        if node.otherwise is None:
            raise ValueError("no branch holds")
        return self.value(node.otherwise)

    @singledispatchmethod
    def holds(self, condition: tree.Node) -> bool:
        """Whether a condition holds at the point."""
        raise TypeError(f"no truth for {type(condition).__name__}")

    @holds.register
    def _(self, condition: tree.Truth) -> bool:
        return True

    @holds.register
    def _(self, condition: tree.Comparison) -> bool:
        values = list(map(self.value, condition.operands))
        pairs = pairwise(values)
        return all(_OPERATORS[name](a, b) for name, (a, b) in zip(condition.operators, pairs, strict=True))

    @holds.register
    def _(self, condition: tree.Junction) -> bool:
        together = all if condition.kind == "and" else any
        return together(map(self.holds, condition.operands))

    @holds.register
    def _(self, condition: tree.Not) -> bool:
        return not self.holds(condition.operand)


def _bearable(exponent: Any) -> Any:
    if exponent != 0 and mpmath.mag(exponent) > BITS:
        raise ValueError("not finite")
    return exponent


def _real(value: Any) -> Any:
    if isinstance(value, mpmath.mpc):
        if value.imag != 0:
            raise ValueError("not real")
        value = value.real
    if not mpmath.isfinite(value):
        raise ValueError("not finite")
    return value
