"""The derivative of every function of the language in each of its arguments, written in the language itself.

Arguments are u, v; a function of any number of arguments says how its partial in one of them, u, is made. The matrix
test of the steps goes over the table of the language: a function without an entry here fails it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from gdcli.calculus.steps.nodes import (
    NOWHERE,
    ONE,
    ZERO,
    filled,
    less_one,
    negated,
    number,
    power,
    product,
    quotient,
    rational,
    total,
)
from gdcli.language import parse
from gdcli.language.tree import Call, Comparison, Junction, Node, Piecewise, Sum

FORMULAS: dict[str, tuple[str, ...]] = {
    "sin": ("cos(u)",),
    "cos": ("-sin(u)",),
    "tan": ("1 + tan(u)^2",),
    "cot": ("-(1 + cot(u)^2)",),
    "sec": ("sec(u)*tan(u)",),
    "csc": ("-csc(u)*cot(u)",),
    "asin": ("1/sqrt(1 - u^2)",),
    "acos": ("-1/sqrt(1 - u^2)",),
    "atan": ("1/(1 + u^2)",),
    "acot": ("-1/(1 + u^2)",),
    "asec": ("1/(u^2*sqrt(1 - 1/u^2))",),
    "acsc": ("-1/(u^2*sqrt(1 - 1/u^2))",),
    "sinh": ("cosh(u)",),
    "cosh": ("sinh(u)",),
    "tanh": ("1 - tanh(u)^2",),
    "coth": ("-1/sinh(u)^2",),
    "sech": ("-sech(u)*tanh(u)",),
    "csch": ("-csch(u)*coth(u)",),
    "asinh": ("1/sqrt(u^2 + 1)",),
    "acosh": ("1/sqrt(u^2 - 1)",),
    "atanh": ("1/(1 - u^2)",),
    "acoth": ("1/(1 - u^2)",),
    "asech": ("-1/(u*sqrt(1 - u^2))",),
    "acsch": ("-1/(u^2*sqrt(1 + 1/u^2))",),
    "atan2": ("v/(u^2 + v^2)", "-u/(u^2 + v^2)"),
    "exp": ("exp(u)",),
    "log": ("1/u",),
    "log2": ("1/(u*log(2))",),
    "log10": ("1/(u*log(10))",),
    "sqrt": ("1/(2*sqrt(u))",),
    "cbrt": ("1/(3*cbrt(u)^2)",),
    "abs": ("sign(u)",),
    "sign": ("0",),
    "relu": ("1 if u > 0 else 0",),
    "sigmoid": ("sigmoid(u)*(1 - sigmoid(u))",),
    "softplus": ("sigmoid(u)",),
    "erf": ("2/sqrt(pi)*exp(-u^2)",),
    "Gamma": ("Gamma(u)*polygamma(0, u)",),
}
LOGARITHM = ("1/(u*log(v))", "-log(u)/(v*log(v)^2)")
"""log(u, v), the logarithm of u in the base v."""


@cache
def template(formula: str) -> Node:
    """The tree of a formula of this table."""
    return parse(formula).tree


def partials(call: Call) -> Sequence[Node]:
    """d call / d argument for each argument, where the call is smooth."""
    u = call.arguments
    match call.name:
        case "log" if len(u) == 2:
            return _by_formula(LOGARITHM, u)
        case "root":
            return quotient(ONE, product([u[1], power(call, less_one(u[1]))])), ZERO
        case "polygamma":
            return ZERO, Call(NOWHERE, call.name, (_next(u[0]), u[1]))
        case "norm":
            return [quotient(argument, call) for argument in u]
        case "logsumexp":
            return [Call(NOWHERE, "exp", (_difference(argument, call),)) for argument in u]
        case "dot":
            half = len(u) // 2
            return [*u[half:], *u[:half]]
    return _by_formula(FORMULAS[call.name], u)


def _by_formula(formulas: Sequence[str], arguments: Sequence[Node]) -> Sequence[Node]:
    pieces = dict(zip("uv", arguments, strict=False))
    return [filled(template(formula), pieces) for formula in formulas]


def _difference(u: Node, v: Node) -> Node:
    return Sum(NOWHERE, (u, negated(v)))


def _next(order: Node) -> Node:
    value = rational(order)
    return total([order, ONE]) if value is None else number(value + 1)


def winner(call: Call, derivatives: Sequence[Node]) -> Node:
    """The derivative of max or min: that of the argument which wins alone; none at a tie."""
    if len(derivatives) == 1:
        return derivatives[0]
    sign = ">" if call.name == "max" else "<"
    conditions = []
    for argument in call.arguments:
        others = [other for other in call.arguments if other is not argument]
        beats = tuple(Comparison(NOWHERE, (argument, other), (sign,)) for other in others)
        conditions.append(beats[0] if len(beats) == 1 else Junction(NOWHERE, "and", beats))
    return Piecewise(NOWHERE, tuple(derivatives), tuple(conditions), None)
