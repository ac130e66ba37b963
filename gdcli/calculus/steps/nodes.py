"""Pieces of a derivative as a student writes them: no factor 1, no term 0, signs in front, nothing else touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from gdcli.language.tree import Constant, Negate, Node, Number, Power, Product, Quotient, Span, Sum, Variable

NOWHERE: Span = (0, 0)
"""The span of a piece that nobody typed."""


def number(value: Fraction | int) -> Node:
    """The number, with its sign in front."""
    return Negate(NOWHERE, number(-value)) if value < 0 else Number(NOWHERE, Fraction(value))


ZERO = number(0)
ONE = number(1)


def rational(node: Node) -> Fraction | None:
    """The value of a piece made of numbers and signs alone: 3, -2, 3/2; None for any other."""
    match node:
        case Number(value=value):
            return value
        case Negate(operand=operand):
            inner = rational(operand)
            return None if inner is None else -inner
        case Quotient(numerator=a, denominator=b):
            top, bottom = rational(a), rational(b)
            return None if top is None or not bottom else top / bottom
    return None


def negated(node: Node) -> Node:
    """-u, and u for -(-u)."""
    if node == ZERO:
        return ZERO
    return node.operand if isinstance(node, Negate) else Negate(NOWHERE, node)


def total(terms: Sequence[Node]) -> Node:
    """The sum of the terms that are not 0, written without inner brackets."""
    flat: list[Node] = []
    for term in terms:
        flat += term.terms if isinstance(term, Sum) else [term]
    present = [term for term in flat if term != ZERO]
    if len(present) < 2:
        return present[0] if present else ZERO
    return Sum(NOWHERE, tuple(present))


def product(factors: Sequence[Node]) -> Node:
    """The product without factors 1, its sign in front; 0 if a factor is 0."""
    negative = False
    present: list[Node] = []
    for factor in factors:
        if factor == ZERO:
            return ZERO
        if isinstance(factor, Negate):
            negative, factor = not negative, factor.operand
        if factor != ONE:
            present += factor.factors if isinstance(factor, Product) else [factor]
    whole = ONE if not present else present[0] if len(present) == 1 else Product(NOWHERE, tuple(present))
    return negated(whole) if negative else whole


def quotient(top: Node, bottom: Node) -> Node:
    """top / bottom, its sign in front."""
    if top == ZERO or bottom == ONE:
        return top
    if isinstance(top, Negate):
        return negated(quotient(top.operand, bottom))
    return Quotient(NOWHERE, top, bottom)


def power(base: Node, exponent: Node) -> Node:
    """base^exponent; 1 for the exponent 0, the base for 1."""
    if exponent == ZERO:
        return ONE
    return base if exponent == ONE else Power(NOWHERE, base, exponent)


def less_one(exponent: Node) -> Node:
    """exponent - 1, worked out for a number."""
    value = rational(exponent)
    return Sum(NOWHERE, (exponent, number(-1))) if value is None else number(value - 1)


def logarithm_is_one(base: Node) -> bool:
    """Whether ln(base) = 1."""
    return isinstance(base, Constant) and base.name == "e"


def filled(template: Node, pieces: Mapping[str, Node]) -> Node:
    """The template with its variables replaced by pieces."""
    if isinstance(template, Variable):
        return pieces.get(template.name, template)
    return template.rebuilt(tuple(filled(child, pieces) for child in template.children))
