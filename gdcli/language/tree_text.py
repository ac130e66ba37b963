"""Syntax tree to text in our own language: the formula as it was typed, x*x still x*x, its signs made explicit."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import singledispatch

from gdcli.language import tree
from gdcli.language.grammar import Level
from gdcli.language.recursion import deep
from gdcli.language.text import digits

Shown = tuple[str, Level]


def tree_text(node: tree.Node) -> str:
    """The node as a user would type it: x**2 + 3*x. Read again, it has the same value everywhere."""
    with deep():
        return _shown(node)[0]


def _at(node: tree.Node, level: Level) -> str:
    """The text of a piece, in brackets where it binds more loosely than its place."""
    shown, own = _shown(node)
    return shown if own >= level else f"({shown})"


@singledispatch
def _shown(node: tree.Node) -> Shown:
    raise TypeError(f"no text for {type(node).__name__}")


@_shown.register
def _(node: tree.Number) -> Shown:
    return rational(node.value)


def rational(value: Fraction) -> Shown:
    """A fraction: 3, -3, 3/2."""
    shown = digits(value.numerator) + ("" if value.denominator == 1 else f"/{digits(value.denominator)}")
    return shown, Level.SUM if value < 0 else Level.ATOM if value.denominator == 1 else Level.PRODUCT


@_shown.register
def _(node: tree.Constant | tree.Variable) -> Shown:
    return node.name, Level.ATOM


@_shown.register
def _(node: tree.Indexed) -> Shown:
    return f"{node.base}[{', '.join(_shown(part)[0] for part in node.subscripts)}]", Level.ATOM


@_shown.register
def _(node: tree.Negate) -> Shown:
    return f"-{_at(node.operand, Level.PRODUCT)}", Level.SUM


@_shown.register
def _(node: tree.Sum) -> Shown:
    first, *others = node.terms
    parts = [_at(first, Level.SUM) if not isinstance(first, tree.Sum) else f"({_shown(first)[0]})"]
    for term in others:
        inner = term.operand if isinstance(term, tree.Negate) else term
        parts.append(f" {'-' if inner is not term else '+'} {_at(inner, Level.PRODUCT)}")
    return "".join(parts), Level.SUM


@_shown.register
def _(node: tree.Product) -> Shown:
    first, *others = node.factors
    return "*".join([_at(first, Level.PRODUCT), *(_at(factor, Level.POWER) for factor in others)]), Level.PRODUCT


@_shown.register
def _(node: tree.Quotient) -> Shown:
    return f"{_at(node.numerator, Level.PRODUCT)}/{_at(node.denominator, Level.POWER)}", Level.PRODUCT


@_shown.register
def _(node: tree.Power) -> Shown:
    return f"{_at(node.base, Level.ATOM)}**{_at(node.exponent, Level.POWER)}", Level.POWER


@_shown.register
def _(node: tree.Call) -> Shown:
    arguments = [_shown(argument)[0] for argument in node.arguments]
    if node.name == "dot":
        half = len(arguments) // 2
        arguments = [f"[{', '.join(part)}]" for part in (arguments[:half], arguments[half:])]
    return f"{node.name}({', '.join(arguments)})", Level.ATOM


@_shown.register
def _(node: tree.Series) -> Shown:
    ends = f"{_at(node.lower, Level.SUM)}..{_at(node.upper, Level.SUM)}"
    return f"{node.kind}({_shown(node.body)[0]}, {node.index}={ends})", Level.ATOM


@_shown.register
def _(node: tree.Piecewise) -> Shown:
    branches = list(zip(node.values, node.conditions, strict=True))
    if node.otherwise is None:
        pairs = ", ".join(f"({_shown(value)[0]}, {_shown(condition)[0]})" for value, condition in branches)
        return f"piecewise({pairs})", Level.ATOM
    choices = [f"{_at(value, Level.OR)} if {_at(condition, Level.OR)} else " for value, condition in branches]
    return "".join(choices) + _at(node.otherwise, Level.CHOICE), Level.CHOICE


@_shown.register
def _(node: tree.Truth) -> Shown:
    return "true", Level.ATOM


@_shown.register
def _(node: tree.Comparison) -> Shown:
    sides = [_at(side, Level.SUM) for side in node.operands]
    return _alternating(sides, node.operators), Level.COMPARE


def _alternating(sides: Sequence[str], operators: Sequence[str]) -> str:
    return sides[0] + "".join(f" {sign} {side}" for sign, side in zip(operators, sides[1:], strict=True))


@_shown.register
def _(node: tree.Junction) -> Shown:
    level = Level.AND if node.kind == "and" else Level.OR
    return f" {node.kind} ".join(_at(part, Level.NOT) for part in node.operands), level


@_shown.register
def _(node: tree.Not) -> Shown:
    return f"not {_at(node.operand, Level.COMPARE)}", Level.NOT
