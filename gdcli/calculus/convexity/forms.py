"""Other ways to write an expression: its logarithm, its root, and |u|^n where sympy has spread it over factors."""

from __future__ import annotations

from collections.abc import Iterator

import sympy


def logarithm(node: sympy.Expr) -> sympy.Expr:
    """log of a positive expression, written as a sum over its factors."""
    if node.is_Mul:
        return sympy.Add(*map(logarithm, node.args))
    if node.is_Pow:
        return node.exp * logarithm(node.base)
    return node.args[0] if isinstance(node, sympy.exp) else sympy.log(node)


def absolute_power(node: sympy.Mul) -> tuple[sympy.Expr, sympy.Expr] | None:
    """(|u|, n) for u^(n-1) |u| with n odd: the form that |u|^n takes."""
    absolute = [factor for factor in node.args if isinstance(factor, sympy.Abs)]
    powers = [factor for factor in node.args if factor not in absolute]
    if len(absolute) != 1 or len(powers) != 1 or not powers[0].is_Pow:
        return None
    base, exponent = powers[0].args
    even = exponent.is_Integer and exponent > 0 and exponent % 2 == 0
    return (absolute[0], exponent + 1) if even and base == absolute[0].args[0] else None


def root(term: sympy.Expr, p: sympy.Expr) -> sympy.Expr:
    """term^(1/p) for a term >= 0."""
    found = absolute_power(term) if term.is_Mul else None
    return sympy.Pow(term, 1 / p) if found is None else sympy.Pow(found[0], found[1] / p)


def bases(node: sympy.Expr) -> Iterator[sympy.Expr]:
    """What must be positive for the logarithm of a product to be the sum over its factors."""
    for factor in sympy.Mul.make_args(node):
        if factor.is_Pow and factor.exp.is_Integer:
            yield factor.base
        elif not factor.is_Pow:
            yield factor
