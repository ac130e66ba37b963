"""The order in which a mathematician writes terms and factors: x1^2 + 3 x1 x2^2, 2 x1 x2 + x2^3, x + 1."""

from __future__ import annotations

from typing import Any

import sympy
from sympy.core.sorting import default_sort_key

from gdcli.language.names import natural

Key = tuple[Any, ...]


def terms(expr: sympy.Add) -> list[Any]:
    """The terms in lexicographic order of the variables; of two, a negative one does not lead."""
    ordered = sorted(expr.args, key=_term_key)
    if len(ordered) == 2 and negative(ordered[0]) and not negative(ordered[1]):
        ordered.reverse()
    return ordered


def factors(expr: Any) -> list[Any]:
    """The factors of a product but its rational coefficient: constants, variables, sums, functions."""
    return sorted((f for f in sympy.Mul.make_args(expr) if not f.is_Rational), key=_factor_key)


def negative(expr: Any) -> bool:
    """Whether a term is written with a minus sign."""
    return bool(expr.as_coeff_Mul()[0].is_negative)


def _term_key(term: Any) -> Key:
    leading: list[Key] = []
    trailing: list[Key] = []
    others: list[Key] = []
    constants: list[Key] = []
    for factor in sympy.Mul.make_args(term):
        base, exponent = _power(factor)
        if factor.is_Rational:
            continue
        if base.is_Symbol and exponent.is_Rational:
            kind = leading if exponent > 0 else trailing
            kind.append((0 if exponent > 0 else 3, natural(base.name), -float(exponent)))
        elif factor.is_number:
            constants.append((1.5, default_sort_key(factor)))
        else:
            others.append((1, _factor_key(factor)))
    # A missing variable has exponent 0: it comes after positive exponents and before negative ones.
    return (*sorted(leading), *sorted(others), *sorted(constants), (2,), *sorted(trailing))


def _factor_key(factor: Any) -> Key:
    base, exponent = _power(factor)
    if factor.is_number:
        return (0, default_sort_key(factor))
    if base.is_Symbol:
        return (1, natural(base.name), default_sort_key(exponent))
    return (2 if base.is_Add else 3, default_sort_key(factor))


def _power(factor: Any) -> tuple[Any, Any]:
    # as_base_exp would turn 1/2 into a power of 2, and exp(u) into one of e.
    return (factor.base, factor.exp) if factor.is_Pow else (factor, sympy.S.One)
