"""What a formula asks of its variables: where it is defined, and where every piece of it is smooth.

The walk goes over the formula as it was typed, so that x/x asks for x != 0 although the expression is 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise

import sympy

from gdcli.calculus.function import Function
from gdcli.calculus.heads import HEADS
from gdcli.language import Formula, tree
from gdcli.language.build import build

TOTAL = frozenset({"abs", "acot", "cbrt", "max", "min", "norm", "relu", "sign"})
"""Functions that are defined everywhere, but not smooth everywhere."""
CLOSED = frozenset({"acos", "acosh", "asin", "asec", "acsc", "asech", "sqrt"})
"""Functions defined, but not smooth, at the end of their domain."""


@dataclass(frozen=True)
class Need:
    """`expr` > 0 ("positive"), or != 0 ("nonzero"), for f to be smooth; `domain` says that f is undefined without.

    `closed`: f is still defined where `expr` = 0.
    """

    kind: str
    expr: sympy.Expr
    domain: bool
    closed: bool = False


def needs(function: Function) -> tuple[Need, ...]:
    """Everything the pieces of f need; f is infinitely differentiable where all of it holds."""
    found = dict.fromkeys(_walk(function))
    return tuple(need for need in found if not _granted(need))


def _granted(need: Need) -> bool:
    """Whether the need holds for every real x: a positive constant, x^2 + 1, exp(x)."""
    return bool(need.expr.is_positive if need.kind == "positive" else need.expr.is_nonzero)


def _walk(function: Function) -> Iterator[Need]:
    def expr(node: tree.Node) -> sympy.Expr:
        return build(Formula(function.source, node, (), ()))

    for node, _ in tree.walk(function.tree):
        match node:
            case tree.Quotient(denominator=denominator):
                yield Need("nonzero", expr(denominator), True)
            case tree.Power(base=base, exponent=exponent):
                yield from _power(expr(base), expr(exponent))
            case tree.Call(name=name, arguments=arguments):
                yield from _call(name, tuple(map(expr, arguments)))
            case tree.Comparison(operands=operands):
                for a, b in pairwise(map(expr, operands)):
                    yield Need("nonzero", a - b, False)


def _power(base: sympy.Expr, exponent: sympy.Expr) -> Iterator[Need]:
    if exponent.is_Integer:
        if exponent.is_negative:
            yield Need("nonzero", base, True)
    else:
        yield Need("positive", base, True, closed=bool(exponent.is_positive))


def _call(name: str, arguments: tuple[sympy.Expr, ...]) -> Iterator[Need]:
    if name in ("max", "min"):
        yield from (Need("nonzero", a - b, False) for a, b in combinations(arguments, 2))
        return
    head = HEADS[name]
    total = name in TOTAL or (name == "root" and arguments[1].is_odd)
    closed = name in CLOSED or name == "root"
    for u in head.positive(*arguments):
        yield Need("positive", u, not total, closed)
    for u in head.nonzero(*arguments):
        yield Need("nonzero", u, not total)
