"""Expression to text in our own language: build(parse(text(e))) == e."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import sympy
from sympy.core.relational import Relational
from sympy.core.sorting import default_sort_key

from gdcli.language.functions import spelling
from gdcli.language.grammar import Level
from gdcli.language.order import Order, negated, negative
from gdcli.language.recursion import deep

_NAMES = spelling()
_RELATIONS = {"Eq": "==", "Equality": "==", "Ne": "!=", "Unequality": "!="}


Shown = tuple[str, Level]


def text(expr: sympy.Basic, names: Mapping[Any, str] = MappingProxyType({})) -> str:
    """The expression as a user would type it: 2*x1*x2 + x2**3. Where `names` holds a piece, its name stands for it."""
    return Writer(names).text(expr)


def digits(value: int) -> str:
    """str(value), also beyond the 4 300 digits at which Python stops by default."""
    if value.bit_length() < 13_000:
        return str(value)
    head, tail = divmod(abs(value), 10**4000)
    return ("-" if value < 0 else "") + digits(head) + f"{tail:04000d}"


class Writer:
    """Writes several expressions that share pieces: each piece once."""

    def __init__(self, names: Mapping[Any, str] = MappingProxyType({})) -> None:
        self._names = names
        self._known: dict[Any, Shown] = {}
        self.order = Order(self._plain, long=bool(names))

    def text(self, expr: sympy.Basic) -> str:
        """The expression, a name for each piece that has one."""
        with deep():
            return self._plain(expr)

    def definition(self, expr: sympy.Basic) -> str:
        """What the name of a piece stands for."""
        with deep():
            return self._written(expr)[0]

    def _plain(self, expr: Any) -> str:
        return self._shown(expr)[0]

    def _at(self, expr: Any, level: Level) -> str:
        """The text of a piece, in brackets where it binds more loosely than its place."""
        shown, own = self._shown(expr)
        return shown if own >= level else f"({shown})"

    def _shown(self, expr: Any) -> Shown:
        """The text and how tightly its outermost operator binds."""
        if expr.is_Symbol:
            return expr.name, Level.ATOM
        if self._names and expr in self._names:
            return self._names[expr], Level.ATOM
        found = self._known.get(expr)
        if found is None:
            found = self._known[expr] = self._written(expr)
        return found

    def _written(self, expr: Any) -> Shown:
        if expr.is_Mul:
            return self._product(expr)
        if expr.is_Rational:
            return _rational(expr)
        if expr is sympy.E or expr is sympy.pi:
            return ("e" if expr is sympy.E else "pi"), Level.ATOM
        if expr is sympy.EulerGamma:
            return "-polygamma(0, 1)", Level.SUM
        if expr.is_Float:
            return str(expr), Level.SUM if expr < 0 else Level.ATOM
        if expr.is_Add:
            return self._sum(expr), Level.SUM
        if expr.is_Pow and _is_reciprocal(expr):
            return self._product(expr)
        if expr.is_Pow:
            return self._power(expr)
        if isinstance(expr, sympy.Piecewise):
            return self._piecewise(expr)
        if isinstance(expr, (Relational, sympy.And, sympy.Or, sympy.Not)) or expr in (sympy.true, sympy.false):
            return self._condition(expr)
        return self._call(expr), Level.ATOM

    def _sum(self, expr: Any) -> str:
        first, *others = self.order.terms(expr)
        parts = [self._at(first, Level.SUM)]
        for term in others:
            parts.append(f" - {self._opposite(term)}" if negative(term) else f" + {self._at(term, Level.PRODUCT)}")
        return "".join(parts)

    def _opposite(self, term: Any) -> str:
        """-term, for a term with a negative coefficient."""
        if not term.is_Mul or term in self._names:
            return self._at(-term, Level.PRODUCT)
        rest = negated(term) if self._names or len(term.args) == 2 else None
        return self._at(rest, Level.PRODUCT) if rest is not None else self._shown(term)[0].removeprefix("-")

    def _product(self, expr: Any) -> Shown:
        coefficient = expr.args[0] if expr.is_Mul and expr.args[0].is_Rational else sympy.S.One
        above, below = [], []
        for factor in self.order.factors(expr):
            if factor.is_Symbol:
                above.append(factor.name)
            elif _is_reciprocal(factor):
                base = factor.base if factor.exp == -1 else sympy.Pow(factor.base, -factor.exp, evaluate=False)
                below.append(self._at(base, Level.POWER))
            else:
                above.append(self._at(factor, Level.POWER))
        if abs(coefficient.p) != 1 or not above:
            above.insert(0, digits(abs(int(coefficient.p))))
        if coefficient.q != 1:
            below.insert(0, digits(int(coefficient.q)))
        shown = "*".join(above)
        if below:
            shown += "/" + (below[0] if len(below) == 1 else f"({'*'.join(below)})")
        return (f"-{shown}", Level.SUM) if coefficient.p < 0 else (shown, Level.PRODUCT)

    def _power(self, expr: Any) -> Shown:
        base, exponent = expr.base, expr.exp
        if exponent == sympy.Rational(1, 2):
            return f"sqrt({self._plain(base)})", Level.ATOM
        if exponent == 1:
            return self._shown(base)
        return f"{self._at(base, Level.ATOM)}**{self._at(exponent, Level.POWER)}", Level.POWER

    def _piecewise(self, expr: Any) -> Shown:
        *branches, (last, condition) = expr.args
        if condition != sympy.true:
            pairs = ", ".join(f"({self._plain(value)}, {self._plain(c)})" for value, c in expr.args)
            return f"piecewise({pairs})", Level.ATOM
        choices = [f"{self._at(value, Level.OR)} if {self._at(c, Level.OR)} else " for value, c in branches]
        return "".join(choices) + self._at(last, Level.CHOICE), Level.CHOICE

    def _condition(self, expr: Any) -> Shown:
        if isinstance(expr, Relational):
            sign = _RELATIONS.get(type(expr).__name__, expr.rel_op)
            return f"{self._at(expr.lhs, Level.SUM)} {sign} {self._at(expr.rhs, Level.SUM)}", Level.COMPARE
        if isinstance(expr, sympy.Not):
            return f"not {self._at(expr.args[0], Level.COMPARE)}", Level.NOT
        if isinstance(expr, (sympy.And, sympy.Or)):
            word, level = ("and", Level.AND) if isinstance(expr, sympy.And) else ("or", Level.OR)
            parts = sorted(expr.args, key=default_sort_key)
            return f" {word} ".join(self._at(part, Level.NOT) for part in parts), level
        return ("0 == 0" if expr == sympy.true else "0 != 0"), Level.COMPARE

    def _call(self, expr: Any) -> str:
        name = type(expr).__name__
        arguments = [self._plain(argument) for argument in expr.args]
        if name == "oddroot":
            return f"cbrt({arguments[0]})" if expr.args[1] == 3 else f"root({', '.join(arguments)})"
        return f"{_NAMES.get(name, name)}({', '.join(arguments)})"


def _rational(value: Any) -> Shown:
    shown = digits(int(value.p)) + ("" if value.q == 1 else "/" + digits(int(value.q)))
    return shown, Level.SUM if value.p < 0 else Level.ATOM if value.q == 1 else Level.PRODUCT


def _is_reciprocal(factor: Any) -> bool:
    return bool(factor.is_Pow and factor.exp.is_Rational and factor.exp.p < 0)
