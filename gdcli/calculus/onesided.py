"""One-sided limits along an axis, as h goes to 0 from above: symbolic, with kinks resolved first.

sympy's own limit takes Abs, Max and Piecewise on trust and is wrong for some quotients; here every kink is replaced by
the branch that holds for small h > 0, and the caller holds the answer against numbers.
"""

from __future__ import annotations

from collections.abc import Callable

import sympy
from sympy import PoleError

from gdcli.calculus.exact import sign_of
from gdcli.calculus.local import as_branches

GIVING_UP = (NotImplementedError, ValueError, TypeError, AttributeError, RecursionError, PoleError)
"""What sympy raises where it finds no limit or no leading term."""
SAMPLES = tuple(sympy.Rational(1, 2**k) for k in (12, 40, 90, 160))


class NoLimitError(Exception):
    """The limit could not be found symbolically."""


def limit(expr: sympy.Expr, h: sympy.Symbol) -> sympy.Expr:
    """lim expr as h -> 0+, a real number or plus or minus infinity. Raises NoLimitError."""
    try:
        found = sympy.limit(expr, h, 0, "+")
    except GIVING_UP as failure:
        raise NoLimitError(str(failure)) from failure
    if found in (sympy.oo, -sympy.oo) or (found.is_number and found.is_extended_real and found.is_finite):
        return found
    raise NoLimitError(f"sympy gives {found}")


def resolve(expr: sympy.Expr, h: sympy.Symbol) -> sympy.Expr:
    """The smooth expression that equals `expr` for all small enough h > 0. Raises NoLimitError."""
    if not expr.has(h) or not expr.args:
        return expr
    branches = as_branches(expr)
    if branches is not None:
        return _branch(branches, h)
    parts = [resolve(part, h) for part in expr.args]
    if expr.is_Pow and parts[0] == 0 and sign_near(parts[1], h) > 0:
        return sympy.S.Zero
    if isinstance(expr, sympy.sign):
        return sympy.Integer(sign_near(parts[0], h))
    if isinstance(expr, sympy.Abs):
        return sign_near(parts[0], h) * parts[0]
    if isinstance(expr, sympy.atan2):
        return _angle(parts[0], parts[1], h)
    kinked = KINKED.get(expr.func.__name__)
    return expr.func(*parts) if kinked is None else kinked(sign_near(parts[0], h), *parts)


def _angle(y: sympy.Expr, x: sympy.Expr, h: sympy.Symbol) -> sympy.Expr:
    """atan2(y, x) = sign(y) pi/2 - atan(x/y), and on the axis y = 0 either 0 or pi: no jump at the cut x < 0."""
    side = sign_near(y, h)
    if side != 0:
        return side * sympy.pi / 2 - sympy.atan(x / y)
    if sign_near(x, h) == 0:
        raise NoLimitError("atan2(0, 0)")
    return sympy.S.Zero if sign_near(x, h) > 0 else sympy.pi


KINKED: dict[str, Callable[..., sympy.Expr]] = {
    "relu": lambda sign, u: u if sign > 0 else sympy.S.Zero,
    "oddroot": lambda sign, u, n: sign * (sign * u) ** (1 / n),
}
"""Functions of the language with a kink of their own at 0, by the sign of their first argument."""


def _branch(node: sympy.Piecewise, h: sympy.Symbol) -> sympy.Expr:
    for branch, condition in node.args:
        if _holds(condition, h):
            return resolve(branch, h)
    raise NoLimitError("no branch of the piecewise holds beside the point")


def _holds(condition: sympy.Basic, h: sympy.Symbol) -> bool:
    if condition in (sympy.true, sympy.false):
        return bool(condition)
    if isinstance(condition, sympy.And):
        return all(_holds(part, h) for part in condition.args)
    if isinstance(condition, sympy.Or):
        return any(_holds(part, h) for part in condition.args)
    if isinstance(condition, sympy.Not):
        return not _holds(condition.args[0], h)
    sign = sign_near(resolve(condition.lhs - condition.rhs, h), h)
    return bool(condition.func(sympy.Integer(sign), sympy.S.Zero))


def sign_near(expr: sympy.Expr, h: sympy.Symbol) -> int:
    """The sign of `expr` for all small enough h > 0: that of its leading term, and of every sample."""
    if not expr.has(h):
        sign = sign_of(expr)
    elif expr.equals(0):
        return 0
    else:
        sign = _leading_sign(expr, h)
    if sign is None or any(sign_of(expr.subs(h, sample)) != sign for sample in SAMPLES):
        raise NoLimitError(f"the sign of {expr} near 0 is not known")
    return sign


def _leading_sign(expr: sympy.Expr, h: sympy.Symbol) -> int | None:
    found = limit(expr, h)
    if found in (sympy.oo, -sympy.oo):
        return 1 if found == sympy.oo else -1
    if found != 0:
        return sign_of(found)
    try:
        leading = expr.as_leading_term(h)
    except GIVING_UP as failure:
        raise NoLimitError(str(failure)) from failure
    if limit(expr / leading, h) != 1:
        return None
    return sign_of(leading.subs(h, SAMPLES[-1]))
