"""Whether two expressions are equal by proof: exact arithmetic on pieces that satisfy known relations."""

from __future__ import annotations

import sympy

from gdcli.calculus.check.field import Field, NotAlgebraicError
from gdcli.calculus.check.signs import TooManyError, smooth_parts
from gdcli.calculus.tidy import is_small


def proven_equal(one: sympy.Expr, other: sympy.Expr) -> bool:
    """Whether `one` = `other` is proven wherever both have a real value, but for a set of no volume at corners.

    False says nothing: no proof was found.
    """
    if one == other:
        return True
    difference = one - other
    if not is_small([one, other]) and not difference.is_polynomial():
        return False
    try:
        return all(map(_is_zero, smooth_parts(difference)))
    except (NotAlgebraicError, TooManyError, sympy.PolynomialError):
        return False


def _is_zero(expr: sympy.Expr) -> bool:
    if expr == 0:
        return True
    field = Field()
    return field.is_zero(field.element(expr))
