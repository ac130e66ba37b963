"""The order in which a mathematician writes terms and factors: x1^2 + 3 x1 x2^2, 2 x1 x2 + x2^3, x + 1."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

import sympy
from sympy.core.sorting import default_sort_key

from gdcli.language.names import natural

Key = tuple[Any, ...]
MANY = 60
"""Terms beyond which those that are no monomials stand in the order of their text: sympy's order costs 1 ms each."""

SHORT = 12
"""Letters up to which a text is compared as a name: t2 before t10."""

_natural = lru_cache(maxsize=None)(natural)


class _Keys(dict[Any, Key]):
    """Sort keys, each found when it is first asked for."""

    def __init__(self, find: Callable[[Any], Key]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, piece: Any) -> Key:
        found = self[piece] = self._find(piece)
        return found


class Order:
    """The order of one text. `written` gives the text of a piece; `long` says that it alone decides, not sympy."""

    def __init__(self, written: Callable[[Any], str], long: bool = False) -> None:
        self._written = written
        self._long = long
        self._factor_keys = {way: _Keys(partial(self._found_factor_key, by_text=way)) for way in (False, True)}

    def terms(self, expr: sympy.Add) -> list[Any]:
        """The terms in lexicographic order of the variables; of two, a negative one does not lead."""
        by_text = self._long or len(expr.args) > MANY
        ordered = sorted(expr.args, key=lambda term: self._term_key(term, by_text))
        if len(ordered) == 2 and negative(ordered[0]) and not negative(ordered[1]):
            ordered.reverse()
        return ordered

    def factors(self, expr: Any) -> list[Any]:
        """The factors of a product but its rational coefficient: constants, variables, sums, functions."""
        found = [f for f in (expr.args if expr.is_Mul else (expr,)) if not f.is_Rational]
        return found if len(found) == 1 else sorted(found, key=self._factor_keys[self._long].__getitem__)

    def _key(self, piece: Any, by_text: bool) -> Any:
        if not by_text:
            return default_sort_key(piece)
        shown = self._written(piece)
        return _natural(shown) if len(shown) <= SHORT else ((1, shown),)

    def _term_key(self, term: Any, by_text: bool) -> Key:
        leading: list[Key] = []
        trailing: list[Key] = []
        others: list[Key] = []
        constants: list[Key] = []
        for factor in term.args if term.is_Mul else (term,):
            if factor.is_Symbol:
                leading.append((0, _natural(factor.name), -1.0))
                continue
            if factor.is_Rational:
                continue
            base, exponent = _power(factor)
            if base.is_Symbol and exponent.is_Rational:
                kind = leading if exponent.p > 0 else trailing
                kind.append((0 if exponent.p > 0 else 3, _natural(base.name), -float(exponent)))
            elif _is_number(factor, by_text):
                constants.append((1.5, self._key(factor, by_text)))
            else:
                others.append((1, self._factor_keys[by_text][factor]))
        # A missing variable has exponent 0: it comes after positive exponents and before negative ones.
        return (*sorted(leading), *sorted(others), *sorted(constants), (2,), *sorted(trailing))

    def _found_factor_key(self, factor: Any, by_text: bool) -> Key:
        base, exponent = _power(factor)
        if _is_number(factor, by_text):
            return (0, self._key(factor, by_text))
        if base.is_Symbol:
            return (1, _natural(base.name), self._key(exponent, by_text))
        return (2 if base.is_Add else 3, self._key(factor, by_text))


def negative(expr: Any) -> bool:
    """Whether a term is written with a minus sign."""
    # is_negative of a number would deduce every fact about it.
    if expr.is_Mul:
        return bool(expr.args[0].is_Rational and expr.args[0].p < 0)
    return bool(expr.as_coeff_Mul()[0].is_negative)


def negated(term: sympy.Mul) -> sympy.Expr:
    """-term for a product that starts with a rational number, without sympy's search for what could combine."""
    number, *others = term.args
    if len(others) == 1 and others[0].is_Add:
        return -term
    return sympy.Mul._from_args(others if number is sympy.S.NegativeOne else [-number, *others], is_commutative=True)


def _is_number(factor: Any, by_text: bool) -> bool:
    # In a long text is_number would walk through a shared piece as often as it occurs.
    return bool(factor.is_Atom and factor.is_number) if by_text else bool(factor.is_number)


def _power(factor: Any) -> tuple[Any, Any]:
    # as_base_exp would turn 1/2 into a power of 2, and exp(u) into one of e.
    return (factor.base, factor.exp) if factor.is_Pow else (factor, sympy.S.One)
