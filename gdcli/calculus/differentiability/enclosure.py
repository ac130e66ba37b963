"""The derivatives of a function of one variable over an interval, enclosed by interval arithmetic."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

import mpmath
import sympy
from mpmath import iv

from gdcli.calculus.differentiability.model import NoModelError
from gdcli.calculus.differentiability.rounding import exactly, up
from gdcli.language.functions import construct

BITS = 80
U = sympy.Symbol("u", real=True)


@lru_cache(maxsize=512)
def derivative(name: str, n: int, *rest: sympy.Expr) -> sympy.Expr:
    """The n-th derivative of the function called `name` in its first argument u; `power` is u^rest[0]."""
    head = U ** rest[0] if name == "power" else construct(name, (U, *rest))
    return head if n == 0 else sympy.diff(head, U, n)


def supremum(expr: sympy.Expr, centre: sympy.Expr, radius: Fraction) -> Fraction:
    """Not below |expr| for |u - centre| <= radius. Raises NoModelError where no finite bound comes out."""
    before = iv.prec
    iv.prec = BITS
    try:
        middle = _enclosed(centre, None)
        around = middle + iv.mpf([-1, 1]) * (iv.mpf(radius.numerator) / radius.denominator)
        value = _enclosed(expr, around)
    except (ValueError, ZeroDivisionError, NotImplementedError, mpmath.libmp.ComplexResult) as failure:
        raise NoModelError(str(failure)) from failure
    finally:
        iv.prec = before
    ends = [mpmath.make_mpf(end) for end in value._mpi_]
    if not all(map(mpmath.isfinite, ends)):
        raise NoModelError(f"{expr} is not bounded around {centre}")
    return up(max(abs(exactly(end)) for end in ends))


def _enclosed(expr: sympy.Expr, u: Any) -> Any:
    if expr == U:
        return u
    if expr.is_Rational:
        return iv.mpf(int(expr.p)) / int(expr.q)
    if expr is sympy.pi:
        return +iv.pi
    if expr is sympy.E:
        return +iv.e
    if expr.is_Pow and expr.base is not sympy.E:
        return _power(expr, u)
    parts = [_enclosed(part, u) for part in (expr.args if not expr.is_Pow else expr.args[1:])]
    return _combined("exp" if expr.is_Pow else type(expr).__name__, parts)


def _power(expr: sympy.Expr, u: Any) -> Any:
    base = _enclosed(expr.base, u)
    if expr.exp.is_Integer:
        n = int(expr.exp)
        if n < 0 and base.a <= 0 <= base.b:
            raise ZeroDivisionError("a pole")
        return base**n if n >= 0 else 1 / base ** (-n)
    if base.a <= 0:
        raise ValueError("a power of what may be negative")
    return iv.exp(iv.log(base) * _enclosed(expr.exp, u))


def _combined(name: str, parts: list[Any]) -> Any:
    if name == "Add":
        total = iv.mpf(0)
        for part in parts:
            total += part
        return total
    if name == "Mul":
        product = iv.mpf(1)
        for part in parts:
            product *= part
        return product
    if name not in _HEADS:
        raise NoModelError(f"no enclosure of {name}")
    return _HEADS[name](parts[0])


def _log(u: Any) -> Any:
    if u.a <= 0:
        raise ValueError("a logarithm of what may be negative")
    return iv.log(u)


def _inverse(u: Any) -> Any:
    if u.a <= 0 <= u.b:
        raise ZeroDivisionError("a pole")
    return 1 / u


def _tanh(u: Any) -> Any:
    return 1 - 2 / (iv.exp(2 * u) + 1)


_HEADS = {
    "exp": iv.exp,
    "log": _log,
    "sin": iv.sin,
    "cos": iv.cos,
    "tan": lambda u: iv.sin(u) * _inverse(iv.cos(u)),
    "cot": lambda u: iv.cos(u) * _inverse(iv.sin(u)),
    "sec": lambda u: _inverse(iv.cos(u)),
    "csc": lambda u: _inverse(iv.sin(u)),
    "sinh": lambda u: (iv.exp(u) - iv.exp(-u)) / 2,
    "cosh": lambda u: (iv.exp(u) + iv.exp(-u)) / 2,
    "tanh": _tanh,
    "coth": lambda u: _inverse(_tanh(u)),
    "sech": lambda u: 2 / (iv.exp(u) + iv.exp(-u)),
    "csch": lambda u: 2 * _inverse(iv.exp(u) - iv.exp(-u)),
    "sigmoid": lambda u: 1 / (1 + iv.exp(-u)),
    "Abs": abs,
}
