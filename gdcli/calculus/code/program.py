"""What every language prints: names made valid, forms that keep their digits, common subexpressions named once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import sympy

from gdcli.calculus.function import Function
from gdcli.calculus.tidy import is_small
from gdcli.language.atoms import relu, sigmoid
from gdcli.language.text import text


@dataclass(frozen=True)
class Block:
    """The body of a function: assignments in order, then the results."""

    assignments: tuple[tuple[sympy.Symbol, sympy.Expr], ...]
    results: tuple[sympy.Expr, ...]


@dataclass(frozen=True)
class Program:
    """f and its gradient. `arguments` are identifiers of the language, `renamed` the variables that got a new name."""

    title: str
    arguments: tuple[str, ...]
    renamed: Mapping[str, str]
    value: Block
    gradient: Block


def program(function: Function, partials: Mapping[str, sympy.Expr], reserved: Collection[str]) -> Program:
    """The program of f and its `partials` by variable, with no name among the `reserved` ones."""
    names = identifiers([variable.name for variable in function.variables], reserved)
    swap = {variable: sympy.Symbol(names[variable.name], real=True) for variable in function.variables}
    taken = {*reserved, *names.values()}
    value, *slopes = (stable(expr).xreplace(swap) for expr in (function.expr, *partials.values()))
    gradient = ", ".join(f"df/d{name}" for name in partials)
    head = f"f({', '.join(names)})"
    return Program(
        title=f"{head} = {text(function.expr)}, and its gradient ({gradient}).",
        arguments=tuple(names.values()),
        renamed={name: written for name, written in names.items() if name != written},
        value=_block([value], taken),
        gradient=_block(slopes, taken),
    )


def identifiers(names: Sequence[str], reserved: Collection[str]) -> dict[str, str]:
    """A valid name for each variable: itself, or with underscores behind it where the language has taken it."""
    found: dict[str, str] = {}
    for name in names:
        written = name
        while written in reserved or written in found.values():
            written += "_"
        found[name] = written
    return found


RECIPROCALS: dict[type, Callable[[sympy.Expr], sympy.Expr]] = {
    sympy.cot: lambda u: 1 / sympy.tan(u),
    sympy.sec: lambda u: 1 / sympy.cos(u),
    sympy.csc: lambda u: 1 / sympy.sin(u),
    sympy.coth: lambda u: 1 / sympy.tanh(u),
    # 1/cosh(u) would overflow where sech(u) is 0.
    sympy.sech: lambda u: 2 * sympy.exp(-sympy.Abs(u)) / (1 + sympy.exp(-2 * sympy.Abs(u))),
    sympy.csch: lambda u: 1 / sympy.sinh(u),
    sympy.acot: lambda u: sympy.atan(1 / u),
    sympy.asec: lambda u: sympy.acos(1 / u),
    sympy.acsc: lambda u: sympy.asin(1 / u),
    sympy.acoth: lambda u: sympy.atanh(1 / u),
    sympy.asech: lambda u: sympy.acosh(1 / u),
    sympy.acsch: lambda u: sympy.asinh(1 / u),
    relu: lambda u: sympy.Max(u, 0),
}
"""Functions that no language has, by others."""


def stable(expr: sympy.Expr) -> sympy.Expr:
    """An equal form of functions that every language has; 1 - sigmoid(u) is sigmoid(-u), which keeps its digits."""
    known = expr.replace(lambda node: type(node) in RECIPROCALS, lambda node: RECIPROCALS[type(node)](*node.args))
    return known.replace(
        lambda node: node.is_Add and len(node.args) == 2 and sympy.S.One in node.args and isinstance(1 - node, sigmoid),
        lambda node: sigmoid(-(1 - node).args[0]),
    )


def _block(exprs: Sequence[sympy.Expr], taken: Collection[str]) -> Block:
    """Cases first, each as a whole: a shared piece of a branch must not be computed where the branch does not hold."""
    cases: dict[sympy.Expr, sympy.Symbol] = {}
    fresh = _fresh(taken)
    outside = [_without_cases(expr, cases, fresh) for expr in exprs]
    order = "canonical" if is_small(exprs) else "none"
    shared, results = sympy.cse(outside, symbols=fresh, order=order)
    return Block((*((name, case) for case, name in cases.items()), *shared), tuple(results))


def _without_cases(
    expr: sympy.Expr, cases: dict[sympy.Expr, sympy.Symbol], fresh: Iterator[sympy.Symbol]
) -> sympy.Expr:
    if isinstance(expr, sympy.Piecewise):
        if expr not in cases:
            cases[expr] = next(fresh)
        return cases[expr]
    if not expr.has(sympy.Piecewise):
        return expr
    return expr.func(*(_without_cases(argument, cases, fresh) for argument in expr.args))


def _fresh(taken: Collection[str]) -> Iterator[sympy.Symbol]:
    number = 0
    while True:
        if f"t{number}" not in taken:
            yield sympy.Symbol(f"t{number}", real=True)
        number += 1
