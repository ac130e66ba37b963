"""Expressions to Python source. The only place where sympy meets code generation.

The source is printed from expression nodes of a fixed list; a user's name never reaches it (arguments are ours).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import sympy as sp
from sympy.core.relational import Relational

from gdcli.calculus.gradient import gradient
from gdcli.errors import UsageError
from gdcli.kernels.derived import Derived
from gdcli.kernels.sides import Sides, sides
from gdcli.kernels.stable import tidied, without_cancellation
from gdcli.language import Formula, parse
from gdcli.language.build import build, symbol
from gdcli.language.text import text

NAMES = {
    "Abs": "abs_",
    "Max": "max_",
    "Min": "min_",
    "acos": "acos",
    "acosh": "acosh",
    "asin": "asin",
    "asinh": "asinh",
    "atan": "atan",
    "atan2": "atan2",
    "atanh": "atanh",
    "cos": "cos",
    "cosh": "cosh",
    "erf": "erf",
    "exp": "exp",
    "gamma": "gamma",
    "log": "log",
    "logsumexp": "logsumexp",
    "oddroot": "oddroot",
    "relu": "relu",
    "sigmoid": "sigmoid",
    "sign": "sign",
    "sin": "sin",
    "sinh": "sinh",
    "softplus": "softplus",
    "tan": "tan",
    "tanh": "tanh",
}

# Functions that are one of those above, of or under one.
_RECIPROCALS = {
    "acot": "atan((1.0/{}))",
    "acoth": "atanh((1.0/{}))",
    "acsc": "asin((1.0/{}))",
    "acsch": "asinh((1.0/{}))",
    "asec": "acos((1.0/{}))",
    "asech": "acosh((1.0/{}))",
    "cot": "(1.0/tan({}))",
    "coth": "(1.0/tanh({}))",
    "csc": "(1.0/sin({}))",
    "csch": "(1.0/sinh({}))",
    "sec": "(1.0/cos({}))",
    "sech": "(1.0/cosh({}))",
}


def derive(formula: str, arguments: tuple[str, ...], order: int = 0) -> Derived:
    """f and its first `order` derivatives in the first argument, each derived from the one before.

    At a kink f' is the element of least norm between the one-sided derivatives, and f'' the one from the right.
    """
    p = symbol(arguments[0])
    expressions = [build(parse(formula, variables=arguments))]
    for _ in range(order):
        expressions.append(_slope(expressions[-1], p))
    found = sides(expressions[0], p, expressions[1]) if order else None
    expressions = [without_cancellation(expression) for expression in expressions]
    functions = [_function(f"d{k}", arguments, expression) for k, expression in enumerate(expressions)]
    shown = tuple(text(e) for e in expressions)
    if found is not None and not found.settled:
        functions[1] = _between(arguments, found)
        # Where a tie has no second derivative, it has one from the right.
        functions[2:3] = [_function("d2", arguments, _slope(found.right, p))] if order > 1 else []
    if found is not None:
        expressions += [found.left, found.right]
    kinked = found is not None and found.kinked
    if kinked:
        functions += [
            _function(side, arguments, e) for side, e in zip(("left", "right"), expressions[-2:], strict=True)
        ]
    return Derived(formula, arguments, shown, "\n\n".join(functions), _tails(expressions), kinked)


def _slope(expression: sp.Expr, p: sp.Symbol) -> sp.Expr:
    return tidied(gradient(expression, [p])[0])


def _between(arguments: tuple[str, ...], found: Sides) -> str:
    """d1 as the number of least absolute value between the one-sided derivatives."""
    return (
        f"def d1({', '.join(arguments)}):\n"
        f"    a = {_print(found.left)}\n"
        f"    b = {_print(found.right)}\n"
        "    return where((a*b) <= 0.0, 0.0, where(abs_(a) < abs_(b), a, b))\n"
    )


def derive_field(formula: Formula) -> Derived:
    """f and grad f of all its variables as one function: d0(v0, ..., vn) returns (f, df/dv0, ..., df/dvn)."""
    f = build(formula)
    slopes = gradient(f, [symbol(name) for name in formula.variables])
    return joint(formula.source, formula.variables, (f, *slopes))


def joint(formula: str, variables: Sequence[str], expressions: Sequence[sp.Expr]) -> Derived:
    """Several expressions in `variables` as one function d0(v0, ..., vn), which returns them as a tuple.

    Pieces that several of them share are computed once.
    """
    arguments = tuple(f"v{i}" for i in range(len(variables)))
    ours = dict(zip(map(symbol, variables), map(sp.Symbol, arguments), strict=True))
    wanted = [without_cancellation(e).xreplace(ours) for e in expressions]
    shared, results = sp.cse(wanted, symbols=sp.numbered_symbols("t"))
    lines = [f"    {name} = {_print(piece)}\n" for name, piece in shared]
    body = f"{''.join(lines)}    return ({', '.join(map(_print, results))},)\n"
    return Derived(formula, arguments, (text(expressions[0]),), f"def d0({', '.join(arguments)}):\n{body}")


def _function(name: str, arguments: tuple[str, ...], expression: sp.Expr) -> str:
    return f"def {name}({', '.join(arguments)}):\n    return {_print(expression)}\n"


def _tails(expressions: Sequence[sp.Expr]) -> tuple[tuple[float, float], ...]:
    """Of every number that no double holds: the double that is printed for it, and the difference."""
    numbers = set().union(*(e.atoms(sp.Number, sp.NumberSymbol) for e in expressions)) - {sp.S.Infinity, sp.nan}
    pairs = {(float(v), float((v - sp.Rational(float(v))).evalf(20))) for v in numbers if v.is_finite}
    return tuple(sorted(pair for pair in pairs if pair[1] != 0.0))


def _print(node: sp.Basic) -> str:
    if isinstance(node, sp.log) and isinstance(node.args[0], sp.cosh):
        return f"logcosh({_print(node.args[0].args[0])})"
    for kind, printer in _PRINTERS:
        if isinstance(node, kind):
            return printer(node)
    kind_name = type(node).__name__
    if kind_name in _RECIPROCALS:
        return _RECIPROCALS[kind_name].format(_print(node.args[0]))
    name = NAMES.get(kind_name)
    if name is None:
        raise UsageError(f"{kind_name} cannot run in a descent", hint="use another function")
    return f"{name}({', '.join(_print(argument) for argument in node.args)})"


def _infix(operator: str) -> Callable[[sp.Basic], str]:
    def join(node: sp.Basic) -> str:
        return "(" + operator.join(_print(argument) for argument in node.args) + ")"

    return join


def _power(node: sp.Pow) -> str:
    base, exponent = node.as_base_exp()
    if exponent == sp.Rational(1, 2):
        return f"sqrt({_print(base)})"
    if exponent == -1:
        return f"(1.0/{_print(base)})"
    if exponent == sp.Rational(-1, 2):
        return f"(1.0/sqrt({_print(base)}))"
    shown = str(int(exponent)) if exponent.is_Integer else _print(exponent)
    return f"({_print(base)}**{shown})" if not shown.startswith("-") else f"({_print(base)}**({shown}))"


def _piecewise(node: sp.Piecewise) -> str:
    """Nested choices; where no branch applies the value is nan, which the run reports."""
    shown = "nan"
    for value, condition in reversed(node.args):
        shown = _print(value) if condition == sp.true else f"where({_print(condition)}, {_print(value)}, {shown})"
    return shown


def _relation(node: Relational) -> str:
    return f"({_print(node.lhs)} {node.rel_op} {_print(node.rhs)})"


_PRINTERS: tuple[tuple[type | tuple[type, ...], Callable[..., str]], ...] = (
    (sp.Symbol, lambda node: str(node.name)),
    ((sp.Number, sp.NumberSymbol), lambda node: repr(float(node))),
    (sp.Add, _infix(" + ")),
    (sp.Mul, _infix("*")),
    (sp.Pow, _power),
    (sp.Piecewise, _piecewise),
    (Relational, _relation),
    (sp.And, _infix(" & ")),
    (sp.Or, _infix(" | ")),
    (sp.Not, lambda node: f"negate({_print(node.args[0])})"),
)
