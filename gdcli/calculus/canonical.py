"""Sums and products of pieces that don't combine: what sympy.Add and sympy.Mul return, without their search.

Most sums and products of a sweep hold nothing to collect. Then sympy's result is the same pieces in its canonical
order, and that alone is done here; wherever two pieces might combine, sympy is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, cmp_to_key, lru_cache
from typing import Any

import sympy
from sympy.core.basic import Basic, ordering_of_classes

_PLACE = {name: place for place, name in enumerate(ordering_of_classes)}


def add(terms: Sequence[sympy.Expr]) -> sympy.Expr:
    """sympy.Add(*terms)."""
    if len(terms) < 2:
        return terms[0] if terms else sympy.S.Zero
    if any(term.is_Add for term in terms):
        terms = [piece for term in terms for piece in (term.args if term.is_Add else (term,))]
    parts = set(map(_without_number, terms))
    if None in parts or len(parts) < len(terms):
        return sympy.Add(*terms)
    return sympy.Add._from_args(_ordered(terms), is_commutative=True)


def multiply(factors: Sequence[sympy.Expr]) -> sympy.Expr:
    """sympy.Mul(*factors)."""
    if len(factors) < 2:
        return factors[0] if factors else sympy.S.One
    number, others = _split(factors)
    if number is sympy.S.Zero or not others:
        return sympy.Mul(*factors)
    if len(others) == 1 and others[0].is_Add:
        return _times_sum(number, others[0], factors)
    if len(others) > 1:
        powers = set(map(_power, others))
        if None in powers or len(powers) < len(others):
            return sympy.Mul(*factors)
        others = _ordered(others)
    elif _power(others[0]) is None:
        return sympy.Mul(*factors)
    args = others if number is sympy.S.One else [number, *others]
    return sympy.Mul._from_args(args, is_commutative=True)


def _times_sum(number: sympy.Rational, total: sympy.Add, factors: Sequence[sympy.Expr]) -> sympy.Expr:
    """A number times a sum is written out, but for the number of a product that has kept it before its brackets."""
    if number is sympy.S.One or any(factor.is_Mul for factor in factors):
        return sympy.Mul(*factors)
    return add([multiply((number, term)) for term in total.args])


def _without_number(term: sympy.Expr) -> tuple[sympy.Expr, ...] | None:
    """What terms must share to be collected; None where sympy has to look at the term itself."""
    if term.is_Mul:
        args: tuple[sympy.Expr, ...] = term.args
        return args[1:] if args[0].is_Rational else None if args[0].is_Number else args
    if term.is_Symbol or term.is_Function or (term.is_Pow and not term.base.is_Number):
        return (term,)
    return None


def _split(factors: Iterable[sympy.Expr]) -> tuple[sympy.Expr, list[sympy.Expr]]:
    """The rational number in a product, and its other factors."""
    number, others = sympy.S.One, []
    for factor in factors:
        for piece in factor.args if factor.is_Mul else (factor,):
            if piece.is_Rational:
                number = number * piece
            else:
                others.append(piece)
    return number, others


def _power(factor: sympy.Expr) -> tuple[sympy.Expr, sympy.Expr] | None:
    """What factors must share to be collected: base, and exponent but for its number; None where sympy has to look."""
    if factor.is_Symbol or factor.is_Add:
        return factor, sympy.S.One
    if not (factor.is_Function or factor.is_Pow):
        return None
    base, exponent = factor.as_base_exp()
    return None if base.is_Number else (base, exponent.as_coeff_Mul()[1])


def _ordered(pieces: Iterable[sympy.Expr]) -> list[sympy.Expr]:
    """In sympy's canonical order."""
    # Side by side, pieces of one class are often in order already: few comparisons are left.
    return sorted(sorted(pieces, key=_class_rank), key=_Keys().of)


class _Keys:
    """Basic.compare as sort keys: class, length, content.

    What lies below the arguments is compared only where it decides, and each pair once: in a deep chain every factor
    holds the next.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], int] = {}
        self._inner = cmp_to_key(self._compare)

    def of(self, piece: sympy.Basic) -> tuple[Any, ...]:
        """The key of one piece."""
        content = piece._hashable_content()
        return (_class_rank(piece), len(content), *map(self._content, content))

    def _content(self, piece: Any) -> Any:
        if not isinstance(piece, Basic):
            return piece
        if piece.is_Symbol:
            return _symbol_key(piece)
        content = piece._hashable_content()
        return (_class_rank(piece), len(content), *(content if piece.is_Rational else (self._inner(piece),)))

    def _compare(self, one: Any, other: Any) -> int:
        if one is other:
            return 0
        pair = (id(one), id(other))
        if pair not in self._known:
            mine, others = one._hashable_content(), other._hashable_content()
            found = _sign((_class_rank(one), len(mine)), (_class_rank(other), len(others)))
            # One call a level: deep pieces take no more of the stack than in sympy.
            for u, v in zip(mine, others, strict=False):
                if found:
                    break
                found = self._compare(u, v) if isinstance(u, Basic) else _sign(u, v)
            self._known[pair] = found
        return self._known[pair]


def _sign(one: Any, other: Any) -> int:
    return int(one > other) - int(one < other)


@lru_cache(maxsize=4096)
def _symbol_key(symbol: sympy.Symbol) -> tuple[Any, ...]:
    content = symbol._hashable_content()
    return (_class_rank(symbol), len(content), *content)


def _class_rank(piece: sympy.Basic) -> tuple[int, str]:
    return _rank(type(piece).__name__)


@cache
def _rank(name: str) -> tuple[int, str]:
    """The place of a class among those that sympy lists, else after them by name."""
    return (_PLACE.get(name, len(_PLACE)), name)
