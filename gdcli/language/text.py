"""Expression to text in our own language: build(parse(text(e))) == e."""

from __future__ import annotations

from typing import Any

import sympy
from sympy.core.relational import Relational
from sympy.core.sorting import default_sort_key

from gdcli.language.functions import spelling
from gdcli.language.grammar import Level
from gdcli.language.order import factors, negative, terms
from gdcli.language.recursion import deep

_NAMES = spelling()
_RELATIONS = {"Eq": "==", "Equality": "==", "Ne": "!=", "Unequality": "!="}


def text(expr: sympy.Basic) -> str:
    """The expression as a user would type it: 2*x1*x2 + x2**3."""
    with deep():
        return _shown(expr)[0]


def digits(value: int) -> str:
    """str(value), also beyond the 4 300 digits at which Python stops by default."""
    if abs(value) < 10**4000:
        return str(value)
    head, tail = divmod(abs(value), 10**4000)
    return ("-" if value < 0 else "") + digits(head) + f"{tail:04000d}"


def _at(expr: Any, level: Level) -> str:
    """The text of a piece, in brackets where it binds more loosely than its place."""
    shown, own = _shown(expr)
    return shown if own >= level else f"({shown})"


def _shown(expr: Any) -> tuple[str, Level]:
    """The text and how tightly its outermost operator binds."""
    if expr.is_Symbol:
        return expr.name, Level.ATOM
    if expr.is_Rational:
        return _rational(expr)
    if expr in (sympy.E, sympy.pi):
        return ("e" if expr is sympy.E else "pi"), Level.ATOM
    if expr.is_Float:
        return str(expr), Level.SUM if expr < 0 else Level.ATOM
    if expr.is_Add:
        return _sum(expr), Level.SUM
    if expr.is_Mul or (expr.is_Pow and _is_reciprocal(expr)):
        return _product(expr)
    if expr.is_Pow:
        return _power(expr)
    if isinstance(expr, sympy.Piecewise):
        return _piecewise(expr)
    if isinstance(expr, (Relational, sympy.And, sympy.Or, sympy.Not)) or expr in (sympy.true, sympy.false):
        return _condition(expr)
    return _call(expr), Level.ATOM


def _rational(value: Any) -> tuple[str, Level]:
    shown = digits(int(value.p)) + ("" if value.q == 1 else "/" + digits(int(value.q)))
    return shown, Level.SUM if value < 0 else Level.ATOM if value.q == 1 else Level.PRODUCT


def _sum(expr: Any) -> str:
    first, *others = terms(expr)
    parts = [_at(first, Level.SUM)]
    for term in others:
        parts.append(f" - {_at(-term, Level.PRODUCT)}" if negative(term) else f" + {_at(term, Level.PRODUCT)}")
    return "".join(parts)


def _is_reciprocal(factor: Any) -> bool:
    return bool(factor.is_Pow and factor.exp.is_Rational and factor.exp < 0)


def _product(expr: Any) -> tuple[str, Level]:
    coefficient, _ = expr.as_coeff_Mul(rational=True)
    above, below = [], []
    for factor in factors(expr):
        if _is_reciprocal(factor):
            below.append(
                _at(
                    sympy.Pow(factor.base, -factor.exp, evaluate=False) if factor.exp != -1 else factor.base,
                    Level.POWER,
                )
            )
        else:
            above.append(_at(factor, Level.POWER))
    if abs(coefficient.p) != 1 or not above:
        above.insert(0, digits(abs(int(coefficient.p))))
    if coefficient.q != 1:
        below.insert(0, digits(int(coefficient.q)))
    shown = "*".join(above)
    if below:
        shown += "/" + (below[0] if len(below) == 1 else f"({'*'.join(below)})")
    return (f"-{shown}", Level.SUM) if coefficient < 0 else (shown, Level.PRODUCT)


def _power(expr: Any) -> tuple[str, Level]:
    base, exponent = expr.base, expr.exp
    if exponent == sympy.Rational(1, 2):
        return f"sqrt({_shown(base)[0]})", Level.ATOM
    if exponent == 1:
        return _shown(base)
    return f"{_at(base, Level.ATOM)}**{_at(exponent, Level.POWER)}", Level.POWER


def _piecewise(expr: Any) -> tuple[str, Level]:
    *branches, (last, condition) = expr.args
    if condition != sympy.true:
        pairs = ", ".join(f"({_shown(value)[0]}, {_shown(c)[0]})" for value, c in expr.args)
        return f"piecewise({pairs})", Level.ATOM
    choices = [f"{_at(value, Level.OR)} if {_at(c, Level.OR)} else " for value, c in branches]
    return "".join(choices) + _at(last, Level.CHOICE), Level.CHOICE


def _condition(expr: Any) -> tuple[str, Level]:
    if isinstance(expr, Relational):
        sign = _RELATIONS.get(type(expr).__name__, expr.rel_op)
        return f"{_at(expr.lhs, Level.SUM)} {sign} {_at(expr.rhs, Level.SUM)}", Level.COMPARE
    if isinstance(expr, sympy.Not):
        return f"not {_at(expr.args[0], Level.COMPARE)}", Level.NOT
    if isinstance(expr, (sympy.And, sympy.Or)):
        word, level = ("and", Level.AND) if isinstance(expr, sympy.And) else ("or", Level.OR)
        parts = sorted(expr.args, key=default_sort_key)
        return f" {word} ".join(_at(part, Level.NOT) for part in parts), level
    return ("0 == 0" if expr == sympy.true else "0 != 0"), Level.COMPARE


def _call(expr: Any) -> str:
    name = type(expr).__name__
    arguments = [_shown(argument)[0] for argument in expr.args]
    if name == "oddroot":
        return f"cbrt({arguments[0]})" if expr.args[1] == 3 else f"root({', '.join(arguments)})"
    return f"{_NAMES.get(name, name)}({', '.join(arguments)})"
