"""An expression with corners as smooth expressions, one for each choice of signs: |u| is u where u > 0, -u where u < 0.

A set where some u is 0 is left out where it is certain to have no volume: u then is a rational function, or analytic on
the whole space, and not 0 everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction

import sympy
from sympy.core.relational import Relational

from gdcli.calculus.exact import sign_of
from gdcli.calculus.tidy import expanded
from gdcli.language.atoms import logsumexp, relu, sigmoid, softplus

MOST = 64
"""Choices of signs that are followed; beyond, nothing is proven."""
ENTIRE = (
    *(sympy.exp, sympy.sin, sympy.cos, sympy.sinh, sympy.cosh, sympy.tanh, sympy.atan, sympy.asinh, sympy.erf),
    *(sigmoid, softplus, logsumexp),
)
Signs = Mapping[sympy.Expr, int]


class TooManyError(Exception):
    """More choices of signs than are followed."""


class _UnknownError(Exception):
    """The sign of `of` decides, and no choice was made yet."""

    def __init__(self, of: sympy.Expr) -> None:
        super().__init__()
        self.of = of


class _NowhereError(Exception):
    """No branch holds: the expression has no value under these signs."""


def smooth_parts(expr: sympy.Expr) -> Iterator[sympy.Expr]:
    """What `expr` is on each of the sets that its corners cut the space into. Raises TooManyError."""
    waiting: list[dict[sympy.Expr, int]] = [{}]
    for _ in range(MOST):
        if not waiting:
            return
        signs = waiting.pop()
        try:
            yield _smooth(expr, signs)
        except _UnknownError as unknown:
            waiting.extend({**signs, unknown.of: sign} for sign in _choices(unknown.of))
        except _NowhereError:
            continue
    if waiting:
        raise TooManyError


def _smooth(expr: sympy.Basic, signs: Signs) -> sympy.Expr:
    if not expr.args:
        return expr
    if isinstance(expr, sympy.Piecewise):
        return _smooth(_branch(expr, signs), signs)
    arguments = [_smooth(argument, signs) for argument in expr.args]
    if isinstance(expr, sympy.Abs):
        return _sign(arguments[0], signs) * arguments[0]
    if isinstance(expr, sympy.sign):
        return sympy.Integer(_sign(arguments[0], signs))
    if isinstance(expr, relu):
        return arguments[0] if _sign(arguments[0], signs) > 0 else sympy.S.Zero
    if isinstance(expr, sympy.Max | sympy.Min):
        return _extreme(arguments, 1 if isinstance(expr, sympy.Max) else -1, signs)
    return expr.func(*arguments)


def _extreme(arguments: list[sympy.Expr], direction: int, signs: Signs) -> sympy.Expr:
    best, *others = arguments
    for other in others:
        best = other if _sign(other - best, signs) == direction else best
    return best


def _branch(expr: sympy.Piecewise, signs: Signs) -> sympy.Expr:
    for value, condition in expr.args:
        if _holds(condition, signs):
            return value
    raise _NowhereError


def _holds(condition: sympy.Basic, signs: Signs) -> bool:
    if isinstance(condition, Relational):
        sign = _sign(_smooth(condition.lhs - condition.rhs, signs), signs)
        return bool(condition.func(sign, 0))
    if isinstance(condition, sympy.Not):
        return not _holds(condition.args[0], signs)
    if isinstance(condition, sympy.And | sympy.Or):
        together = all if isinstance(condition, sympy.And) else any
        return together(_holds(part, signs) for part in condition.args)
    return bool(condition)


def _sign(u: sympy.Expr, signs: Signs) -> int:
    """The sign of u, known by itself or by the choice made."""
    if not u.free_symbols:
        found = sign_of(u)
        if found is None:
            raise TooManyError
        return found
    if u.is_positive or u.is_negative:
        return 1 if u.is_positive else -1
    if u.is_Mul:
        return math.prod(_sign(factor, signs) for factor in u.args)
    if u.is_Pow and u.exp.is_Integer:
        return int(_sign(u.base, signs) ** abs(int(u.exp)))
    key, flip = _key(u)
    if key not in signs:
        raise _UnknownError(key)
    return flip * signs[key]


def _key(u: sympy.Expr) -> tuple[sympy.Expr, int]:
    """u without its rational factor, and the sign of that factor: 2*x - 2 and 1 - x share one key."""
    coefficient, rest = expanded(u).as_content_primitive()
    flip = 1 if coefficient > 0 else -1
    return (-rest, -flip) if rest.could_extract_minus_sign() else (rest, flip)


def _choices(u: sympy.Expr) -> tuple[int, ...]:
    return (1, -1) if _is_thin(u) else (1, -1, 0)


def _is_thin(u: sympy.Expr) -> bool:
    """Whether u = 0 is certain to be a set of no volume."""
    if not u.is_rational_function() and not all(map(_is_entire, sympy.preorder_traversal(u))):
        return False
    place = {v: sympy.Rational(Fraction(37 + 16 * k, 29 + 6 * k)) for k, v in enumerate(_ordered(u))}
    value = u.xreplace(place).evalf(30)
    return bool(value.is_Float and abs(value) > sympy.Float(10) ** -20)


def _is_entire(node: sympy.Basic) -> bool:
    if isinstance(node, sympy.Pow):
        return bool(node.exp.is_Integer and node.exp >= 0)
    return bool(node.is_Atom or isinstance(node, (sympy.Add, sympy.Mul, *ENTIRE)))


def _ordered(u: sympy.Expr) -> list[sympy.Symbol]:
    return sorted(u.free_symbols, key=sympy.default_sort_key)
