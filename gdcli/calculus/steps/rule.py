"""Which rule of differentiation a piece of a formula calls for, and what it makes of the derivatives of its parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import singledispatch

from gdcli.calculus.steps.functions import partials, winner
from gdcli.calculus.steps.held import Varies
from gdcli.calculus.steps.laws import law_of_call
from gdcli.calculus.steps.nodes import (
    NOWHERE,
    ONE,
    less_one,
    logarithm_is_one,
    negated,
    number,
    power,
    product,
    quotient,
    total,
)
from gdcli.language import tree
from gdcli.language.tree_text import tree_text

Derivative = Callable[[tree.Node], tree.Node]
BARE = (tree.Variable, tree.Indexed)


@dataclass(frozen=True)
class Rule:
    """One application: the names of the rules, the law in symbols, the parts to differentiate first, in order.

    `gives` assembles the derivative from those of the parts; asked for a bare variable it is given 1, for a constant 0.
    """

    names: tuple[str, ...]
    law: str
    parts: tuple[tree.Node, ...]
    gives: Callable[[Derivative], tree.Node]


def rule(node: tree.Node, varies: Varies) -> Rule:
    """The rule for a node, the variables that do not vary being constants."""
    if not varies(node):
        return Rule(("constant",), "c' = 0", (), lambda d: number(0))
    return _rule(node, varies)


@singledispatch
def _rule(node: tree.Node, varies: Varies) -> Rule:
    raise TypeError(f"no rule for {type(node).__name__}")


@_rule.register
def _(node: tree.Variable, varies: Varies) -> Rule:
    return Rule(("identity",), f"{node.name}' = 1", (), lambda d: ONE)


@_rule.register
def _(node: tree.Negate, varies: Varies) -> Rule:
    return Rule(("constant multiple",), "(-u)' = -u'", (node.operand,), lambda d: negated(d(node.operand)))


@_rule.register
def _(node: tree.Sum, varies: Varies) -> Rule:
    parts = varies.held.terms(node, varies.variable)
    constants = len(parts) < len(node.terms)
    law = "(u + v)' = u' + v'" if len(parts) > 1 else "(u + c)' = u'"
    return Rule(("sum", "constant") if constants else ("sum",), law, parts, lambda d: total([d(t) for t in node.terms]))


@_rule.register
def _(node: tree.Product, varies: Varies) -> Rule:
    parts = _varying(node.factors, varies)
    constants = len(parts) < len(node.factors)
    names = (("product",) if len(parts) > 1 else ()) + (("constant multiple",) if constants else ())

    def gives(d: Derivative) -> tree.Node:
        # By place and not by value: in x*x each factor has its turn.
        places = [k for k, factor in enumerate(node.factors) if varies(factor)]
        return total([product([d(f) if k == place else f for k, f in enumerate(node.factors)]) for place in places])

    return Rule(names, PRODUCTS[min(len(parts), 3)][constants], parts, gives)


PRODUCTS = {
    1: ("(u)' = u'", "(c*u)' = c*u'"),
    2: ("(u*v)' = u'*v + u*v'", "(c*u*v)' = c*(u'*v + u*v')"),
    3: ("(u*v*w)' = u'*v*w + u*v'*w + u*v*w'", "(c*u*v*w)' = c*(u'*v*w + u*v'*w + u*v*w')"),
}
"""The law for so many varying factors (3: or more), without and with constant ones."""


@_rule.register
def _(node: tree.Quotient, varies: Varies) -> Rule:
    u, v = node.numerator, node.denominator
    if not varies(v):
        return Rule(("constant multiple",), "(u/c)' = u'/c", (u,), lambda d: quotient(d(u), v))
    square = power(v, number(2))
    if not varies(u):
        return Rule(("quotient",), "(c/v)' = -c*v'/v**2", (v,), lambda d: negated(quotient(product([u, d(v)]), square)))

    def gives(d: Derivative) -> tree.Node:
        return quotient(total([product([d(u), v]), negated(product([u, d(v)]))]), square)

    return Rule(("quotient",), "(u/v)' = (u'*v - u*v')/v**2", (u, v), gives)


@_rule.register
def _(node: tree.Power, varies: Varies) -> Rule:
    u, v = node.base, node.exponent
    chain = _chain([w for w in (u, v) if varies(w)])
    inner = "*u'" if chain else ""
    if not varies(v):
        return Rule(
            ("power", *chain),
            f"(u**n)' = n*u**(n - 1){inner}",
            _parts([u]),
            lambda d: product([v, power(u, less_one(v)), d(u)]),
        )
    if not varies(u):
        factor = [] if logarithm_is_one(u) else [tree.Call(NOWHERE, "log", (u,))]
        law = f"(a**u)' = a**u*log(a){inner}" if factor else f"(e**u)' = e**u{inner}"
        return Rule(("exponential", *chain), law, _parts([v]), lambda d: product([node, *factor, d(v)]))

    def gives(d: Derivative) -> tree.Node:
        growth = product([d(v), tree.Call(NOWHERE, "log", (u,))])
        return product([node, total([growth, quotient(product([v, d(u)]), u)])])

    law = "(u**v)' = u**v*(v'*log(u) + v*u'/u)"
    return Rule(("general power", *chain), law, _parts([u, v]), gives)


@_rule.register
def _(node: tree.Call, varies: Varies) -> Rule:
    varying = _varying(node.arguments, varies)
    chain = _chain(varying)

    def gives(d: Derivative) -> tree.Node:
        inner = [d(argument) for argument in node.arguments]
        if node.name in ("max", "min"):
            return winner(node, inner)
        return total([product([outer, slope]) for outer, slope in zip(partials(node), inner, strict=True)])

    return Rule((node.name, *chain), law_of_call(node, varying, bool(chain)), _parts(varying), gives)


@_rule.register
def _(node: tree.Series, varies: Varies) -> Rule:
    written = varies.held.written_out(node)
    name = "sum" if node.kind == "sum" else "product"
    return Rule((name,), f"{tree_text(node)} written out", (written,), lambda d: d(written))


@_rule.register
def _(node: tree.Indexed, varies: Varies) -> Rule:
    (name,) = {piece.name for piece, _ in tree.walk(varies.held.written_out(node)) if isinstance(piece, tree.Variable)}
    return Rule(("identity",), f"{name}' = 1", (), lambda d: ONE)


@_rule.register
def _(node: tree.Piecewise, varies: Varies) -> Rule:
    branches = node.values if node.otherwise is None else (*node.values, node.otherwise)

    def gives(d: Derivative) -> tree.Node:
        last = None if node.otherwise is None else d(node.otherwise)
        return tree.Piecewise(NOWHERE, tuple(map(d, node.values)), node.conditions, last)

    return Rule(("piecewise",), "each branch inside its region", _varying(branches, varies), gives)


def _varying(pieces: Sequence[tree.Node], varies: Varies) -> tuple[tree.Node, ...]:
    return tuple(piece for piece in pieces if varies(piece))


def _parts(varying: Sequence[tree.Node]) -> tuple[tree.Node, ...]:
    """What to differentiate first: a bare variable is spoken for by the rule itself."""
    return tuple(piece for piece in varying if not isinstance(piece, BARE))


def _chain(inner: Sequence[tree.Node]) -> tuple[str, ...]:
    return () if all(isinstance(node, BARE) for node in inner) else ("chain",)
