"""The syntax tree. It keeps what sympy erases: x/x, the order of a sum, and where each piece stood.

Equality compares structure, not places. `children` and `rebuilt` let one generic walk serve every node.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import islice
from typing import Any, ClassVar, Literal

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of a formula; `span` is (start, end) in the source, end exclusive.

    `parts` names the fields that hold a node, a tuple of nodes, or None.
    """

    parts: ClassVar[tuple[str, ...]] = ()
    span: Span = field(compare=False)

    @property
    def children(self) -> tuple[Node, ...]:
        """The pieces this one is made of."""
        found: list[Node] = []
        for name in self.parts:
            value = getattr(self, name)
            if isinstance(value, tuple):
                found.extend(value)
            elif value is not None:
                found.append(value)
        return tuple(found)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        """The same node made of other pieces, given in the order of `children`."""
        left = iter(children)
        fields: dict[str, Any] = {}
        for name in self.parts:
            value = getattr(self, name)
            if isinstance(value, tuple):
                fields[name] = tuple(islice(left, len(value)))
            elif value is not None:
                fields[name] = next(left)
        return replace(self, **fields)


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

    parts: ClassVar[tuple[str, ...]] = ("subscripts",)
    base: str
    subscripts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Negate(Node):
    """-u."""

    parts: ClassVar[tuple[str, ...]] = ("operand",)
    operand: Node


@dataclass(frozen=True, slots=True)
class Sum(Node):
    """a + b - c: the terms in the order written, a subtracted one as Negate."""

    parts: ClassVar[tuple[str, ...]] = ("terms",)
    terms: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Product(Node):
    """a * b * c, also by juxtaposition."""

    parts: ClassVar[tuple[str, ...]] = ("factors",)
    factors: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Quotient(Node):
    """a / b."""

    parts: ClassVar[tuple[str, ...]] = ("numerator", "denominator")
    numerator: Node
    denominator: Node


@dataclass(frozen=True, slots=True)
class Power(Node):
    """a ^ b."""

    parts: ClassVar[tuple[str, ...]] = ("base", "exponent")
    base: Node
    exponent: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function of the table applied to its arguments; `name` is the table's name, never an alias."""

    parts: ClassVar[tuple[str, ...]] = ("arguments",)
    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Vector(Node):
    """[a, b]: an argument of norm, dot, max, min or logsumexp."""

    parts: ClassVar[tuple[str, ...]] = ("items",)
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Series(Node):
    """sum(body, index=lower..upper) or prod(...); `gdcli.language.series.expand` writes it out."""

    parts: ClassVar[tuple[str, ...]] = ("body", "lower", "upper")
    kind: Literal["sum", "prod"]
    index: str
    body: Node
    lower: Node
    upper: Node


@dataclass(frozen=True, slots=True)
class Piecewise(Node):
    """The first value whose condition holds, else `otherwise` (None: undefined there)."""

    parts: ClassVar[tuple[str, ...]] = ("values", "conditions", "otherwise")
    values: tuple[Node, ...]
    conditions: tuple[Node, ...]
    otherwise: Node | None


@dataclass(frozen=True, slots=True)
class Condition(Node):
    """Something true or false."""


@dataclass(frozen=True, slots=True)
class Truth(Condition):
    """True: the last condition of a piecewise."""


@dataclass(frozen=True, slots=True)
class Comparison(Condition):
    """a < b, or a chain a < b <= c; operators are among < <= > >= == !=."""

    parts: ClassVar[tuple[str, ...]] = ("operands",)
    operands: tuple[Node, ...]
    operators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Junction(Condition):
    """All (and) or any (or) of the operands."""

    parts: ClassVar[tuple[str, ...]] = ("operands",)
    kind: Literal["and", "or"]
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not(Condition):
    """not c."""

    parts: ClassVar[tuple[str, ...]] = ("operand",)
    operand: Node


def walk(root: Node) -> Iterator[tuple[Node, int]]:
    """Every node of the tree with its depth (the root has 1), without recursion."""
    stack = [(root, 1)]
    while stack:
        node, depth = stack.pop()
        yield node, depth
        stack.extend((child, depth + 1) for child in reversed(node.children))
