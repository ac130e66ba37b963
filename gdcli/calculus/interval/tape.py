"""Expressions as a tape: each distinct subexpression once, in the order of evaluation, run over boxes of intervals."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial, reduce
from typing import Any

import mpmath
import sympy
from sympy.core.relational import Relational

from gdcli.calculus.interval.arithmetic import EmptyError as EmptyError
from gdcli.calculus.interval.arithmetic import (
    Interval,
    add,
    around,
    hull,
    integer_power,
    multiply,
    negate,
    reciprocal,
    square_root,
)
from gdcli.calculus.interval.functions import NARY, UNARY, enclose, real_power, sigmoid_slope
from gdcli.errors import DomainError
from gdcli.language.atoms import sigmoid

Box = Sequence[Interval]
Truth = bool | None

NOWHERE: Interval = (math.inf, -math.inf)
"""The value of a piece that is defined nowhere on the box; a piecewise may do without it."""

_SIGNS: dict[str, Callable[[float, float], Truth]] = {
    ">": lambda low, high: True if low > 0 else False if high <= 0 else None,
    ">=": lambda low, high: True if low >= 0 else False if high < 0 else None,
    "<": lambda low, high: True if high < 0 else False if low >= 0 else None,
    "<=": lambda low, high: True if high <= 0 else False if low > 0 else None,
    "==": lambda low, high: True if low == high == 0 else False if low > 0 or high < 0 else None,
    "!=": lambda low, high: False if low == high == 0 else True if low > 0 or high < 0 else None,
}


@dataclass
class Tape:
    """`expressions` over the variables `names`; `run` gives an interval for each of them."""

    variables: Sequence[sympy.Symbol]
    expressions: Sequence[sympy.Expr]
    _steps: list[tuple[Callable[..., Any], tuple[int, ...]]] = field(default_factory=list)
    _places: dict[sympy.Basic, int] = field(default_factory=dict)
    _results: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._places |= {variable: i for i, variable in enumerate(self.variables)}
        self._results += [self._place(expression) for expression in self.expressions]

    @property
    def steps(self) -> int:
        """How many operations a run takes."""
        return len(self._steps)

    def run(self, box: Box) -> list[Interval]:
        """The expressions' values on the box. Raises EmptyError where one of them is defined nowhere on it."""
        values: list[Any] = list(box)
        incomplete = False
        for function, arguments in self._steps:
            parts = [values[i] for i in arguments]
            if incomplete and function is not _branches and any(part is NOWHERE for part in parts):
                values.append(NOWHERE)
                continue
            try:
                values.append(function(*parts))
            except EmptyError:
                values.append(NOWHERE)
                incomplete = True
        found = [values[i] for i in self._results]
        if incomplete and any(value is NOWHERE for value in found):
            raise EmptyError("an expression is defined nowhere on the box")
        return found

    def _place(self, node: sympy.Basic) -> int:
        found = self._places.get(node)
        if found is None:
            function, parts = _operation(node)
            arguments = tuple(map(self._place, parts))
            found = len(self.variables) + len(self._steps)
            self._steps.append((function, arguments))
            self._places[node] = found
        return found


def _operation(node: sympy.Basic) -> tuple[Callable[..., Any], Sequence[sympy.Basic]]:
    """What a node does, and the nodes it does it to."""
    if node.is_Rational:
        return partial(_constant, around(Fraction(int(node.p), int(node.q)))), ()
    if isinstance(node, sympy.NumberSymbol):
        return partial(_constant, enclose(lambda: mpmath.pi if node is sympy.pi else +mpmath.e)), ()
    if isinstance(node, sympy.logic.boolalg.BooleanAtom):
        return partial(_constant, bool(node)), ()
    for kind, operation in _KINDS:
        if isinstance(node, kind):
            return operation(node)
    name = type(node).__name__
    if name in UNARY and len(node.args) == 1:
        return UNARY[name], node.args
    if name in NARY:
        return NARY[name], node.args
    raise DomainError(f"{name} has no interval arithmetic here", hint="write the formula with other functions")


def _constant(value: Any) -> Any:
    return value


def _sum(*terms: Interval) -> Interval:
    return reduce(add, terms)


def _product(*factors: Interval) -> Interval:
    return reduce(multiply, factors)


def _multiplied(node: sympy.Mul) -> tuple[Callable[..., Any], Sequence[sympy.Basic]]:
    """A product; s (1 - s) with s = sigmoid(u), which Hessians of logistic losses hold, is one function of u."""
    factors = list(node.args)
    for s in node.args:
        if isinstance(s, sigmoid) and (1 - s) in factors:
            factors.remove(s)
            factors.remove(1 - s)
            return _logistic, [s.args[0], *factors]
    return _product, factors


def _logistic(u: Interval, *factors: Interval) -> Interval:
    return _product(sigmoid_slope(u), *factors)


def _power(node: sympy.Pow) -> tuple[Callable[..., Any], Sequence[sympy.Basic]]:
    base, exponent = node.args
    if exponent == -1:
        return reciprocal, (base,)
    if exponent.is_Integer:
        return partial(_integer, int(exponent)), (base,)
    if exponent.is_Rational and exponent.q == 2:
        return partial(_half_power, int(exponent.p)), (base,)
    return real_power, (base, exponent)


def _integer(n: int, base: Interval) -> Interval:
    return integer_power(base, n)


def _half_power(n: int, base: Interval) -> Interval:
    return integer_power(square_root(base), n)


def _piecewise(node: sympy.Piecewise) -> tuple[Callable[..., Any], Sequence[sympy.Basic]]:
    return _branches, [part for branch in node.args for part in branch.args]


def _branches(*parts: Any) -> Interval:
    """The hull of the branches that may hold."""
    possible: list[Interval] = []
    for value, condition in zip(parts[::2], parts[1::2], strict=True):
        if condition is not False and condition is not NOWHERE and value is not NOWHERE:
            possible.append(value)
        if condition is True:
            break
    if not possible:
        raise EmptyError("no branch holds")
    return hull(*possible)


def _relation(node: Relational) -> tuple[Callable[..., Any], Sequence[sympy.Basic]]:
    return partial(_compare, node.rel_op), node.args


def _compare(operator: str, left: Interval, right: Interval) -> Truth:
    return _SIGNS[operator](*add(left, negate(right)))


def _all(*parts: Truth) -> Truth:
    return False if False in parts else None if None in parts else True


def _any(*parts: Truth) -> Truth:
    return True if True in parts else None if None in parts else False


def _not(part: Truth) -> Truth:
    return None if part is None else not part


_KINDS: tuple[tuple[type, Callable[[Any], tuple[Callable[..., Any], Sequence[sympy.Basic]]]], ...] = (
    (sympy.Add, lambda node: (_sum, node.args)),
    (sympy.Mul, _multiplied),
    (sympy.Pow, _power),
    (sympy.Piecewise, _piecewise),
    (Relational, _relation),
    (sympy.And, lambda node: (_all, node.args)),
    (sympy.Or, lambda node: (_any, node.args)),
    (sympy.Not, lambda node: (_not, node.args)),
)
