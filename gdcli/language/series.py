"""sum(...) and prod(...) written out: every index replaced by its numbers."""

from __future__ import annotations

from fractions import Fraction
from typing import NoReturn

from gdcli.errors import FormulaError
from gdcli.language.bounds import LIMIT_HINT, NODES, TERMS
from gdcli.language.names import indexed
from gdcli.language.recursion import deep
from gdcli.language.tree import Indexed, Negate, Node, Number, Product, Quotient, Series, Sum, Variable


def expand(tree: Node, source: str) -> Node:
    """The tree without Series and Indexed; FormulaError beyond 10 000 terms or 60 000 nodes."""
    with deep():
        return _Expansion(source).expand(tree)


class _Expansion:
    def __init__(self, source: str) -> None:
        self.source = source
        self.nodes = 0

    def expand(self, node: Node) -> Node:
        self._count(node)
        if isinstance(node, Series):
            return self._written_out(node)
        if isinstance(node, Indexed):
            return Variable(node.span, indexed(node.base, [self._subscript(s) for s in node.subscripts]))
        children = node.children
        return node.rebuilt(tuple(map(self.expand, children))) if children else node

    def _count(self, node: Node) -> None:
        self.nodes += 1
        if self.nodes > NODES:
            self._fail(f"the formula has more than {NODES} parts when written out", node)

    def _written_out(self, series: Series) -> Node:
        lower, upper = self._integer(series.lower), self._integer(series.upper)
        if upper - lower >= TERMS:
            self._fail(f"{series.kind} of more than {TERMS} terms", series)
        terms = tuple(self.expand(_put(series.body, series.index, k)) for k in range(lower, upper + 1))
        if not terms:
            return Number(series.span, Fraction(0 if series.kind == "sum" else 1))
        return Sum(series.span, terms) if series.kind == "sum" else Product(series.span, terms)

    def _subscript(self, node: Node) -> int:
        value = self._integer(node)
        if value < 0:
            self._fail(f"the subscript {value} is negative", node)
        return value

    def _integer(self, node: Node) -> int:
        value = self._value(node)
        if value.denominator != 1:
            self._fail(f"{value} is not an integer", node)
        return value.numerator

    def _value(self, node: Node) -> Fraction:
        match node:
            case Number(value=value):
                return value
            case Negate(operand=operand):
                return -self._value(operand)
            case Sum(terms=terms):
                return sum(map(self._value, terms), Fraction(0))
            case Product(factors=factors):
                product = Fraction(1)
                for factor in factors:
                    product *= self._value(factor)
                return product
            case Quotient(numerator=a, denominator=b) if (divisor := self._value(b)) != 0:
                return self._value(a) / divisor
            case Variable(name=name):
                self._fail(f"{name} is not a number: a subscript or range needs integers", node)
        return self._fail("a subscript or range needs integers", node)

    def _fail(self, cause: str, node: Node) -> NoReturn:
        start, end = node.span
        hint = LIMIT_HINT if "more than" in cause else "write integers, or an index as in x_{i+1}"
        raise FormulaError(cause, source=self.source, start=start, end=end, hint=hint)


def _put(node: Node, index: str, value: int) -> Node:
    """The node with the index replaced by a number; an inner sum over the same name keeps its own."""
    if isinstance(node, Variable):
        return Number(node.span, Fraction(value)) if node.name == index else node
    if isinstance(node, Series) and node.index == index:
        return node.rebuilt((node.body, _put(node.lower, index, value), _put(node.upper, index, value)))
    children = node.children
    return node.rebuilt(tuple(_put(child, index, value) for child in children)) if children else node
