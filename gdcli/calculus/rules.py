"""The rules of differentiation that a formula calls for, by name, in the order in which they are first used."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import singledispatch

from gdcli.language import tree

Varies = Callable[[tree.Node], bool]


def rules(root: tree.Node, variables: Sequence[str]) -> tuple[str, ...]:
    """The rules used for the partials in `variables`; for each of them the other variables are constants."""
    held: dict[int, frozenset[str]] = {}
    _collect(root, held)

    def for_one(name: str) -> Iterator[str]:
        return _rules(root, lambda node: name in held[id(node)])

    return tuple(dict.fromkeys(rule for name in variables for rule in for_one(name)))


def _collect(node: tree.Node, held: dict[int, frozenset[str]]) -> frozenset[str]:
    """The variables of every piece, by its identity."""
    own = frozenset([node.name]) if isinstance(node, tree.Variable) else frozenset()
    held[id(node)] = own.union(*(_collect(child, held) for child in node.children))
    return held[id(node)]


def _rules(node: tree.Node, varies: Varies) -> Iterator[str]:
    """The rules for the derivative of a node, outermost first."""
    if not varies(node):
        yield "constant"
        return
    yield from _own(node, varies)
    # The power rule and its like already say what becomes of a bare variable.
    spoken = isinstance(node, tree.Power | tree.Call)
    for child in node.children:
        if varies(child) and not (spoken and isinstance(child, tree.Variable)):
            yield from _rules(child, varies)


@singledispatch
def _own(node: tree.Node, varies: Varies) -> Iterator[str]:
    """The rules that the node itself calls for."""
    yield from ()


@_own.register
def _(node: tree.Variable, varies: Varies) -> Iterator[str]:
    yield "identity"


@_own.register
def _(node: tree.Negate, varies: Varies) -> Iterator[str]:
    yield "constant multiple"


@_own.register
def _(node: tree.Sum, varies: Varies) -> Iterator[str]:
    yield "sum"
    if not all(varies(term) for term in node.terms):
        yield "constant"


@_own.register
def _(node: tree.Product, varies: Varies) -> Iterator[str]:
    varying = sum(varies(factor) for factor in node.factors)
    if varying > 1:
        yield "product"
    if varying < len(node.factors):
        yield "constant multiple"


@_own.register
def _(node: tree.Quotient, varies: Varies) -> Iterator[str]:
    yield "quotient" if varies(node.denominator) else "constant multiple"


@_own.register
def _(node: tree.Power, varies: Varies) -> Iterator[str]:
    inner = node.base
    if not varies(node.exponent):
        yield "power"
    elif not varies(node.base):
        yield "exponential"
        inner = node.exponent
    else:
        yield "general power"
    yield from _chain([inner])


@_own.register
def _(node: tree.Call, varies: Varies) -> Iterator[str]:
    yield node.name
    yield from _chain([a for a in node.arguments if varies(a)])


@_own.register
def _(node: tree.Piecewise, varies: Varies) -> Iterator[str]:
    yield "piecewise"


def _chain(inner: Sequence[tree.Node]) -> Iterator[str]:
    if not all(isinstance(node, tree.Variable) for node in inner):
        yield "chain"
