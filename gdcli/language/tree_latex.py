r"""Syntax tree to LaTeX: \frac{x}{x} stays what was typed. Brackets stand where `tree_text` puts them."""

from __future__ import annotations

from fractions import Fraction
from functools import singledispatch

import sympy

from gdcli.language import tree
from gdcli.language.grammar import Level
from gdcli.language.latex import latex
from gdcli.language.recursion import deep
from gdcli.language.text import digits

Shown = tuple[str, Level]
_RELATIONS = {"<": "<", "<=": r"\leq", ">": ">", ">=": r"\geq", "==": "=", "!=": r"\neq"}
_WORDS = {
    **dict.fromkeys(
        ("sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth", "exp", "min", "max"), ""
    ),
    "asin": "arcsin",
    "acos": "arccos",
    "atan": "arctan",
    "log": "",
    "log2": "log_{2}",
    "log10": "log_{10}",
    "Gamma": "Gamma",
    "sigmoid": "sigma",
}
"""Functions with a command of their own in LaTeX ("" where it is their name)."""


def tree_latex(node: tree.Node) -> str:
    """The node in LaTeX, without dollar signs."""
    with deep():
        return _shown(node)[0]


def _plain(node: tree.Node) -> str:
    return _shown(node)[0]


def _at(node: tree.Node, level: Level) -> str:
    shown, own = _shown(node)
    return shown if own >= level else rf"\left({shown}\right)"


@singledispatch
def _shown(node: tree.Node) -> Shown:
    raise TypeError(f"no LaTeX for {type(node).__name__}")


@_shown.register
def _(node: tree.Number) -> Shown:
    value: Fraction = node.value
    top, bottom = digits(abs(value.numerator)), digits(value.denominator)
    shown = top if value.denominator == 1 else rf"\frac{{{top}}}{{{bottom}}}"
    return (f"-{shown}", Level.SUM) if value < 0 else (shown, Level.ATOM if bottom == "1" else Level.PRODUCT)


@_shown.register
def _(node: tree.Constant) -> Shown:
    return (r"\pi" if node.name == "pi" else "e"), Level.ATOM


@_shown.register
def _(node: tree.Variable) -> Shown:
    return latex(sympy.Symbol(node.name)), Level.ATOM


@_shown.register
def _(node: tree.Indexed) -> Shown:
    return f"{latex(sympy.Symbol(node.base))}_{{{', '.join(map(_plain, node.subscripts))}}}", Level.ATOM


@_shown.register
def _(node: tree.Negate) -> Shown:
    return f"-{_at(node.operand, Level.PRODUCT)}", Level.SUM


@_shown.register
def _(node: tree.Sum) -> Shown:
    parts = [_at(node.terms[0], Level.SUM)]
    for term in node.terms[1:]:
        inner = term.operand if isinstance(term, tree.Negate) else term
        parts.append(f" {'-' if inner is not term else '+'} {_at(inner, Level.PRODUCT)}")
    return "".join(parts), Level.SUM


@_shown.register
def _(node: tree.Product) -> Shown:
    first, *others = node.factors
    shown = _at(first, Level.PRODUCT)
    for factor in others:
        piece = _at(factor, Level.PRODUCT)
        # Two numbers side by side would read as one.
        shown += (r" \cdot " if piece[0].isdigit() or piece.startswith(r"\frac") else " ") + piece
    return shown, Level.PRODUCT


@_shown.register
def _(node: tree.Quotient) -> Shown:
    return rf"\frac{{{_plain(node.numerator)}}}{{{_plain(node.denominator)}}}", Level.PRODUCT


@_shown.register
def _(node: tree.Power) -> Shown:
    return f"{{{_at(node.base, Level.ATOM)}}}^{{{_plain(node.exponent)}}}", Level.POWER


@_shown.register
def _(node: tree.Call) -> Shown:
    arguments = list(map(_plain, node.arguments))
    match node.name, arguments:
        case "sqrt", [u]:
            return rf"\sqrt{{{u}}}", Level.ATOM
        case "cbrt", [u]:
            return rf"\sqrt[3]{{{u}}}", Level.ATOM
        case "root", [u, n]:
            return rf"\sqrt[{n}]{{{u}}}", Level.ATOM
        case "abs", [u]:
            return rf"\left|{u}\right|", Level.ATOM
        case "norm", _:
            return rf"\left\lVert \left({', '.join(arguments)}\right) \right\rVert", Level.ATOM
        case "log", [u, base]:
            return rf"\log_{{{base}}}\left({u}\right)", Level.ATOM
        case "dot", _:
            half = len(arguments) // 2
            sides = (rf"\left({', '.join(part)}\right)" for part in (arguments[:half], arguments[half:]))
            return r" \cdot ".join(sides), Level.PRODUCT
    return rf"{_command(node.name)}\left({', '.join(arguments)}\right)", Level.ATOM


def _command(name: str) -> str:
    return rf"\operatorname{{{name}}}" if name not in _WORDS else "\\" + (_WORDS[name] or name)


@_shown.register
def _(node: tree.Series) -> Shown:
    sign = r"\sum" if node.kind == "sum" else r"\prod"
    body = _at(node.body, Level.PRODUCT)
    return rf"{sign}_{{{node.index}={_plain(node.lower)}}}^{{{_plain(node.upper)}}} {body}", Level.PRODUCT


@_shown.register
def _(node: tree.Piecewise) -> Shown:
    rows = [rf"{_plain(v)} & \text{{for}}\: {_plain(c)}" for v, c in zip(node.values, node.conditions, strict=True)]
    if node.otherwise is not None:
        rows.append(rf"{_plain(node.otherwise)} & \text{{otherwise}}")
    return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}", Level.PRODUCT


@_shown.register
def _(node: tree.Truth) -> Shown:
    return r"\text{true}", Level.ATOM


@_shown.register
def _(node: tree.Comparison) -> Shown:
    sides = [_at(side, Level.SUM) for side in node.operands]
    pairs = zip(node.operators, sides[1:], strict=True)
    return sides[0] + "".join(f" {_RELATIONS[sign]} {side}" for sign, side in pairs), Level.COMPARE


@_shown.register
def _(node: tree.Junction) -> Shown:
    word, level = (r" \wedge ", Level.AND) if node.kind == "and" else (r" \vee ", Level.OR)
    return word.join(_at(part, Level.NOT) for part in node.operands), level


@_shown.register
def _(node: tree.Not) -> Shown:
    return rf"\neg {_at(node.operand, Level.ATOM)}", Level.NOT
