"""A difference quotient in words and formulas: f(x0 + h) with the formula as typed, then what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sympy

from gdcli.calculus.difference.sides import Cancelled
from gdcli.calculus.function import Function
from gdcli.calculus.report import quantity, written
from gdcli.calculus.steps.nodes import NOWHERE, ZERO, filled
from gdcli.language import parse
from gdcli.language.text import text
from gdcli.language.tree import Node, Sum, Variable
from gdcli.language.tree_latex import tree_latex
from gdcli.language.tree_text import tree_text
from gdcli.results.common import Quantity, Written
from gdcli.results.derive import ClassicLimit, DifferenceQuotient


@dataclass(frozen=True)
class Typed:
    """f(x0) and f(x0 + h) with the formula as typed: `place` and `place_moved` are the arguments, `moved` the value."""

    place: Written
    place_moved: Written
    moved: Written


def as_typed(function: Function, place: Mapping[str, sympy.Expr], moving: str, letter: str) -> Typed:
    """The numbers of `place` put into the formula, the variable `moving` moved by h, and nothing worked out."""
    names = [variable.name for variable in function.variables]
    start = {name: parse(text(place[name])).tree if place else Variable(NOWHERE, name) for name in names}
    step = Variable(NOWHERE, letter)
    sum_ = Sum(NOWHERE, (start[moving], step))
    return Typed(
        _arguments([start[name] for name in names]),
        _arguments([sum_ if name == moving else start[name] for name in names]),
        both(filled(function.tree, {**start, moving: step if start[moving] == ZERO else sum_})),
    )


def _arguments(nodes: Sequence[Node]) -> Written:
    return Written(", ".join(map(tree_text, nodes)), ", ".join(map(tree_latex, nodes)))


def both(node: Node) -> Written:
    """A piece of a formula as text and LaTeX."""
    return Written(tree_text(node), tree_latex(node))


def quotient_of(
    side: str, g: sympy.Expr, value: sympy.Expr, h: sympy.Symbol, found: Cancelled, limit: Quantity, typed: sympy.Expr
) -> DifferenceQuotient:
    """The page of a quotient that identities cancelled; `typed` is what the page already shows of f(x0 + h)."""
    used, whole = found.used, found.quotient
    flat = sympy.expand(g) if g.is_polynomial(h) and not used.within(whole) else None
    worked_out = g if flat is None else flat
    return DifferenceQuotient(
        side=side,
        moved=used.shown(worked_out) if side != "both" or worked_out != typed else None,
        difference=None if flat is None else used.shown(sympy.expand(flat - value)),
        quotient=used.shown(whole),
        increments={letter.name: used.shown(k) for letter, k in used.increments(whole)},
        identities=tuple(used.identities),
        limits=tuple(ClassicLimit(used.shown(known.law), written(known.limit)) for known in used.within(whole)),
        limit=limit,
        how=found.how,
    )


def number_or_form(expr: sympy.Expr) -> Quantity:
    """A number exactly and as a double; an expression with variables as it is."""
    return quantity(expr) if expr.is_number else Quantity(written(expr), None)
