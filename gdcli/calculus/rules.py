"""The rules of differentiation that a formula calls for, by name, in the order in which they are first used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import singledispatch

from gdcli.language import tree
from gdcli.language.series import expand


def rules(root: tree.Node, variables: Sequence[str]) -> tuple[str, ...]:
    """The rules used for the partials in `variables`; for each of them the other variables are constants."""
    written = expand(root)
    used = (rule for variable in variables for rule in _rules(written, variable))
    return tuple(dict.fromkeys(used))


def _rules(node: tree.Node, variable: str) -> Iterator[str]:
    """The rules for d node / d variable, outermost first."""
    if not _varies(node, variable):
        yield "constant"
        return
    yield from _own(node, variable)
    for child in node.children:
        if _varies(child, variable):
            yield from _rules(child, variable)


def _varies(node: tree.Node, variable: str) -> bool:
    return any(isinstance(piece, tree.Variable) and piece.name == variable for piece, _ in tree.walk(node))


@singledispatch
def _own(node: tree.Node, variable: str) -> Iterator[str]:
    """The rules that the node itself calls for."""
    yield from ()


@_own.register
def _(node: tree.Variable, variable: str) -> Iterator[str]:
    yield "identity"


@_own.register
def _(node: tree.Negate, variable: str) -> Iterator[str]:
    yield "constant multiple"


@_own.register
def _(node: tree.Sum, variable: str) -> Iterator[str]:
    yield "sum"
    if not all(_varies(term, variable) for term in node.terms):
        yield "constant"


@_own.register
def _(node: tree.Product, variable: str) -> Iterator[str]:
    varying = sum(_varies(factor, variable) for factor in node.factors)
    if varying > 1:
        yield "product"
    if varying < len(node.factors):
        yield "constant multiple"


@_own.register
def _(node: tree.Quotient, variable: str) -> Iterator[str]:
    yield "quotient" if _varies(node.denominator, variable) else "constant multiple"


@_own.register
def _(node: tree.Power, variable: str) -> Iterator[str]:
    inner = node.base
    if not _varies(node.exponent, variable):
        yield "power"
    elif not _varies(node.base, variable):
        yield "exponential"
        inner = node.exponent
    else:
        yield "general power"
    yield from _chain([inner])


@_own.register
def _(node: tree.Call, variable: str) -> Iterator[str]:
    if node.name == "dot":
        yield from ("sum", "product")
        return
    yield node.name
    yield from _chain([a for a in node.arguments if _varies(a, variable)])


@_own.register
def _(node: tree.Piecewise, variable: str) -> Iterator[str]:
    yield "piecewise"


def _chain(inner: Sequence[tree.Node]) -> Iterator[str]:
    if not all(isinstance(node, tree.Variable) for node in inner):
        yield "chain"
