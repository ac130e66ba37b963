"""A light simplification for partial derivatives: cheap, bounded, and never longer than what it was given.

sympy's `simplify` costs 2 to 60 times as much and may not come back.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import islice

import sympy

LIMIT = 300
"""Operations, over all the partials of a function, beyond which they are left alone."""
WORTH = 5 / 6
"""The part of its operations a form may keep: a common factor 2 alone is not worth its brackets."""
EXPANSION = 400
"""Terms an expanded numerator may have for cancelling to be tried."""


def is_small(exprs: Sequence[sympy.Expr]) -> bool:
    """Whether tidying is worth its time: at most LIMIT operations in all."""
    nodes = (node for expr in exprs for node in sympy.preorder_traversal(expr) if node.args)
    return next(islice(nodes, LIMIT, None), None) is None


def tidy(expr: sympy.Expr) -> sympy.Expr:
    """An equal form with the fewest operations among a few; sums of monomials stay as the lecture writes them."""
    if isinstance(expr, sympy.Piecewise):
        return sympy.Piecewise(*((tidy(branch), condition) for branch, condition in expr.args))
    if expr.is_Atom or _is_polynomial_text(expr):
        return expr
    # Built again from its arguments, a form gives a common number back to its terms: 2*(x + y) is 2*x + 2*y.
    shortest = min(
        [expr, *(form.func(*form.args) if form.args else form for form in _candidates(expr))], key=sympy.count_ops
    )
    return shortest if sympy.count_ops(shortest) <= WORTH * sympy.count_ops(expr) else expr


def _candidates(expr: sympy.Expr) -> Iterator[sympy.Expr]:
    if not expr.has(sympy.Piecewise):
        yield sympy.powsimp(expr)
        yield sympy.factor_terms(expr)
    if expr.is_rational_function() and most_terms(expr) <= EXPANSION:
        top, bottom = sympy.fraction(sympy.cancel(expr))
        yield sympy.factor(expr)
        yield top / sympy.factor(bottom)


def _is_polynomial_text(expr: sympy.Expr) -> bool:
    """Whether `expr` is written as a sum of monomials."""
    return all(_is_monomial(term) for term in sympy.Add.make_args(expr))


def _is_monomial(term: sympy.Expr) -> bool:
    powers = (factor.as_base_exp() for factor in sympy.Mul.make_args(term))
    return all(base.is_Number or (base.is_Symbol and exponent.is_Integer and exponent > 0) for base, exponent in powers)


def most_terms(expr: sympy.Expr) -> int:
    """A bound on the terms of the longest sum in the expanded form: what cancelling would have to hold."""
    if expr.is_Add:
        return sum(most_terms(term) for term in expr.args)
    if expr.is_Mul:
        return math.prod(most_terms(factor) for factor in expr.args)
    if expr.is_Pow and expr.exp.is_Integer:
        expanded_power: int = most_terms(expr.base) ** min(abs(int(expr.exp)), 64)
        return min(expanded_power, 10**9)
    # Expanding reaches into the arguments of functions too.
    return max((most_terms(argument) for argument in expr.args), default=1)


def expanded(expr: sympy.Expr) -> sympy.Expr:
    """The expanded form where it stays short, else the form given."""
    return sympy.expand(expr) if most_terms(expr) <= EXPANSION else expr
