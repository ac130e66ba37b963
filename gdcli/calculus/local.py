"""Local derivatives: for each head of an expression, its derivative in each of its arguments.

A rule is one line. A head without a rule is a function that knows its own derivative (sympy's `fdiff`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import sympy

Rule: TypeAlias = Callable[[sympy.Expr], Sequence[sympy.Expr]]
Piece: TypeAlias = tuple[sympy.Expr, sympy.Basic]

FEW = 32
"""Factors up to which each is left out by itself."""


def local_derivatives(node: sympy.Expr) -> Sequence[sympy.Expr]:
    """d node / d argument, one for each of `node.args`; valid where the node is smooth."""
    return RULES.get(node.func, _by_function)(node)


def as_branches(node: sympy.Expr) -> sympy.Piecewise | None:
    """The Piecewise that a node is: itself, or Max and Min with strict conditions, so that a tie has no slope."""
    if isinstance(node, sympy.Piecewise):
        return node
    if isinstance(node, sympy.Max | sympy.Min):
        return sympy.Piecewise(
            *((argument, _beats(node)(argument, _rest(node, argument))) for argument in _ordered(node))
        )
    return None


def branches_in(node: sympy.Expr, variable: sympy.Symbol) -> Sequence[Piece]:
    """The (branch, condition) pairs that matter for d node / d variable.

    Where one argument of Max or Min alone holds the variable, the others count as one constant.
    """
    if isinstance(node, sympy.Max | sympy.Min):
        holders = [argument for argument in _ordered(node) if argument.has(variable)]
        if len(holders) == 1:
            rest = _rest(node, holders[0])
            return [(holders[0], _beats(node)(holders[0], rest)), (sympy.S.Zero, _beats(node)(rest, holders[0]))]
    pieces: Sequence[Piece] = as_branches(node).args  # type: ignore[union-attr]
    return pieces


def _ordered(node: sympy.Expr) -> list[sympy.Expr]:
    return sorted(node.args, key=sympy.default_sort_key)


def _beats(node: sympy.Expr) -> Callable[[sympy.Expr, sympy.Expr], sympy.Basic]:
    return sympy.Gt if isinstance(node, sympy.Max) else sympy.Lt  # type: ignore[no-any-return]


def _rest(node: sympy.Expr, argument: sympy.Expr) -> sympy.Expr:
    return node.func(*(other for other in node.args if other is not argument))


def _by_sum(node: sympy.Expr) -> Sequence[sympy.Expr]:
    return [sympy.S.One] * len(node.args)


def _by_product(node: sympy.Expr) -> Sequence[sympy.Expr]:
    """The product of the other factors: O(n) products and no division where there are many."""
    factors = node.args
    if len(factors) <= FEW:
        return [sympy.S.Zero if factor.is_Number else _without(factors, place) for place, factor in enumerate(factors)]
    suffix = [sympy.S.One]
    for factor in reversed(factors[1:]):
        suffix.append(sympy.Mul(factor, suffix[-1]))
    derivatives, prefix = [], sympy.S.One
    for factor, rest in zip(factors, reversed(suffix), strict=True):
        derivatives.append(sympy.Mul(prefix, rest))
        prefix = sympy.Mul(prefix, factor)
    return derivatives


def _without(factors: tuple[sympy.Expr, ...], place: int) -> sympy.Expr:
    """The product without one of its factors: what is left of an evaluated product is evaluated."""
    rest = factors[:place] + factors[place + 1 :]
    if len(rest) == 1:
        return rest[0]
    # Only a number times a sum is written out.
    if len(rest) == 2 and rest[0].is_Number:
        return sympy.Mul(*rest)
    return sympy.Mul._from_args(rest, is_commutative=True)


def _by_power(node: sympy.Expr) -> Sequence[sympy.Expr]:
    """d b^c = c b^(c-1) in the base, b^c ln b in the exponent."""
    base, exponent = node.args
    in_base = sympy.Mul(exponent, sympy.Pow(base, exponent - 1))
    return [in_base, sympy.S.Zero if exponent.is_number else sympy.Mul(node, sympy.log(base))]


def _by_function(node: sympy.Expr) -> Sequence[sympy.Expr]:
    # is_number of anything but an atom walks through all that it holds.
    return [sympy.S.Zero if u.is_Atom and u.is_number else node.fdiff(i) for i, u in enumerate(node.args, 1)]


RULES: dict[type, Rule] = {
    sympy.Add: _by_sum,
    sympy.Mul: _by_product,
    sympy.Pow: _by_power,
    sympy.Abs: lambda node: [sympy.sign(node.args[0])],
    sympy.sign: lambda node: [sympy.S.Zero],
}
