"""The syntax tree. It keeps what sympy erases: x/x, the order of a sum, and where each piece stood.

Equality compares structure, not places. `children` and `rebuilt` let one generic walk serve every node.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of a formula; `span` is (start, end) in the source, end exclusive."""

    span: Span = field(compare=False)

    @property
    def children(self) -> tuple[Node, ...]:
        """The pieces this one is made of, left to right."""
        return ()

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        """The same node made of other pieces."""
        return self


@dataclass(frozen=True, slots=True)
class Number(Node):
    """An exact number: 1.5e-3 is 3/2000."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """One of the two constants, e and pi."""

    name: Literal["e", "pi"]


@dataclass(frozen=True, slots=True)
class Variable(Node):
    """A real variable under its canonical name (x_1 and x[1] are x1)."""

    name: str


@dataclass(frozen=True, slots=True)
class Indexed(Node):
    """A variable whose subscripts hold the index of a sum or product: x_{i+1}."""

    base: str
    subscripts: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return self.subscripts

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return replace(self, subscripts=children)


@dataclass(frozen=True, slots=True)
class Negate(Node):
    """-u."""

    operand: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.operand,)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return replace(self, operand=children[0])


@dataclass(frozen=True, slots=True)
class Sum(Node):
    """a + b - c: the terms in the order written, a subtracted one as Negate."""

    terms: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return self.terms

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return replace(self, terms=children)


@dataclass(frozen=True, slots=True)
class Product(Node):
    """a * b * c, also by juxtaposition."""

    factors: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return self.factors

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return replace(self, factors=children)


@dataclass(frozen=True, slots=True)
class Quotient(Node):
    """a / b."""

    numerator: Node
    denominator: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.numerator, self.denominator)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return replace(self, numerator=children[0], denominator=children[1])


@dataclass(frozen=True, slots=True)
class Power(Node):
    """a ^ b."""

    base: Node
    exponent: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.base, self.exponent)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return replace(self, base=children[0], exponent=children[1])


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function of the table applied to its arguments; `name` is the table's name, never an alias."""

    name: str
    arguments: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return self.arguments

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return replace(self, arguments=children)


@dataclass(frozen=True, slots=True)
class Vector(Node):
    """[a, b]: an argument of norm, dot, max, min or logsumexp."""

    items: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return self.items

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return replace(self, items=children)


@dataclass(frozen=True, slots=True)
class Series(Node):
    """sum(body, index=lower..upper) or prod(...); `gdcli.language.series.expand` writes it out."""

    kind: Literal["sum", "prod"]
    index: str
    body: Node
    lower: Node
    upper: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.body, self.lower, self.upper)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        body, lower, upper = children
        return replace(self, body=body, lower=lower, upper=upper)


@dataclass(frozen=True, slots=True)
class Piecewise(Node):
    """The first value whose condition holds, else `otherwise` (None: undefined there)."""

    values: tuple[Node, ...]
    conditions: tuple[Node, ...]
    otherwise: Node | None

    @property
    def children(self) -> tuple[Node, ...]:
        last = () if self.otherwise is None else (self.otherwise,)
        return (*self.values, *self.conditions, *last)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        n = len(self.values)
        last = None if self.otherwise is None else children[-1]
        return replace(self, values=children[:n], conditions=children[n : 2 * n], otherwise=last)


@dataclass(frozen=True, slots=True)
class Condition(Node):
    """Something true or false."""


@dataclass(frozen=True, slots=True)
class Truth(Condition):
    """True: the last condition of a piecewise."""


@dataclass(frozen=True, slots=True)
class Comparison(Condition):
    """a < b, or a chain a < b <= c; operators are among < <= > >= == !=."""

    operands: tuple[Node, ...]
    operators: tuple[str, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return self.operands

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return replace(self, operands=children)


@dataclass(frozen=True, slots=True)
class Junction(Condition):
    """All (and) or any (or) of the operands."""

    kind: Literal["and", "or"]
    operands: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return self.operands

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return replace(self, operands=children)


@dataclass(frozen=True, slots=True)
class Not(Condition):
    """not c."""

    operand: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.operand,)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return replace(self, operand=children[0])


def walk(root: Node) -> Iterator[tuple[Node, int]]:
    """Every node of the tree with its depth (the root has 1), without recursion."""
    stack = [(root, 1)]
    while stack:
        node, depth = stack.pop()
        yield node, depth
        stack.extend((child, depth + 1) for child in reversed(node.children))
