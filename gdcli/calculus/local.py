"""Local derivatives: for each head of an expression, its derivative in each of its arguments.

A rule is one line. A head without a rule is a function that knows its own derivative (sympy's `fdiff`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import sympy

Rule: TypeAlias = Callable[[sympy.Expr], Sequence[sympy.Expr]]


def local_derivatives(node: sympy.Expr) -> Sequence[sympy.Expr]:
    """d node / d argument, one for each of `node.args`; valid where the node is smooth."""
    return RULES.get(node.func, _by_function)(node)


def as_branches(node: sympy.Expr) -> sympy.Piecewise | None:
    """The Piecewise that a node is: itself, or Max and Min with strict conditions, so that a tie has no slope."""
    if isinstance(node, sympy.Piecewise):
        return node
    if isinstance(node, sympy.Max):
        return sympy.Piecewise(*_wins(node.args, sympy.Gt))
    if isinstance(node, sympy.Min):
        return sympy.Piecewise(*_wins(node.args, sympy.Lt))
    return None


def _wins(
    args: Sequence[sympy.Expr], beats: Callable[[sympy.Expr, sympy.Expr], sympy.Basic]
) -> list[tuple[sympy.Expr, sympy.Basic]]:
    ordered = sorted(args, key=sympy.default_sort_key)
    return [(a, sympy.And(*(beats(a, b) for b in ordered if b is not a))) for a in ordered]


def _by_sum(node: sympy.Expr) -> Sequence[sympy.Expr]:
    return [sympy.S.One] * len(node.args)


def _by_product(node: sympy.Expr) -> Sequence[sympy.Expr]:
    """The product of the other factors, by prefix and suffix products: O(n) products, and no division."""
    factors = node.args
    suffix = [sympy.S.One]
    for factor in reversed(factors[1:]):
        suffix.append(sympy.Mul(factor, suffix[-1]))
    derivatives, prefix = [], sympy.S.One
    for factor, rest in zip(factors, reversed(suffix), strict=True):
        derivatives.append(sympy.Mul(prefix, rest))
        prefix = sympy.Mul(prefix, factor)
    return derivatives


def _by_power(node: sympy.Expr) -> Sequence[sympy.Expr]:
    """d b^c = c b^(c-1) in the base, b^c ln b in the exponent."""
    base, exponent = node.args
    in_base = sympy.Mul(exponent, sympy.Pow(base, exponent - 1))
    return [in_base, sympy.S.Zero if exponent.is_number else sympy.Mul(node, sympy.log(base))]


def _by_function(node: sympy.Expr) -> Sequence[sympy.Expr]:
    return [sympy.S.Zero if u.is_number else node.fdiff(i) for i, u in enumerate(node.args, 1)]


RULES: dict[type, Rule] = {
    sympy.Add: _by_sum,
    sympy.Mul: _by_product,
    sympy.Pow: _by_power,
    sympy.Abs: lambda node: [sympy.sign(node.args[0])],
    sympy.sign: lambda node: [sympy.S.Zero],
}
