"""The loops of native.sgd as Python: for small work, and as the other of the two ways that give the same bits.

A source is run as it stands with the standard library; where that raises an exception (1/0, exp(1000), log(-1)) it is
run once more with the system's own functions, which return infinity or nan as compiled code does.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Sequence
from typing import Any

from gdcli.kernels.derived import Derived
from gdcli.kernels.native.libm import ieee
from gdcli.kernels.native.library import LIBM, LIBRARY, chain, whole

Scalar = Callable[..., Any]


# What a source raises where the standard library has no number to return.
NO_NUMBER = (ArithmeticError, ValueError)


def scalars(derived: Derived, name: str) -> Scalar:
    """The function `name` of the source over floats."""
    fast, slow = quick(derived, name), careful(derived, name)

    def at(*values: float) -> Any:
        try:
            return fast(*values)
        except NO_NUMBER:
            return slow(*values)

    return at


def quick(derived: Derived, name: str) -> Scalar:
    """The function `name` with the standard library alone, which raises one of NO_NUMBER where `careful` is needed."""
    return _compiled(derived, name, _Plain(), _QUICK)


def careful(derived: Derived, name: str) -> Scalar:
    """The function `name` with the system's own functions, made when it is first called."""
    made: list[Scalar] = []

    def at(*values: float) -> Any:
        if not made:
            functions: dict[str, Scalar] = {**{name: ieee(name) for name in LIBM}, "sqrt": _sqrt, "divide": _divide}
            made.append(_compiled(derived, name, _Careful(), functions))
        return made[0](*values)

    return at


class _Plain(ast.NodeTransformer):
    """where as Python's own choice, whole powers multiplied together as compiled code does."""

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "where":
            condition, yes, no = node.args
            return ast.IfExp(condition, yes, no)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        if not isinstance(node.op, ast.Pow):
            return node
        exponent = whole(node.right)
        if exponent is None:
            return _call("pow", node.left, node.right)
        power = _call("power", node.left, ast.Constant(abs(exponent)))
        return power if exponent > 0 else self.divided(ast.Constant(1.0), power)

    def divided(self, left: ast.expr, right: ast.expr) -> ast.expr:
        """left/right."""
        return ast.BinOp(left, ast.Div(), right)


class _Careful(_Plain):
    """Division too as a call."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        found = super().visit_BinOp(node)
        if isinstance(found, ast.BinOp) and isinstance(found.op, ast.Div):
            return self.divided(found.left, found.right)
        return found

    def divided(self, left: ast.expr, right: ast.expr) -> ast.expr:
        """divide(left, right)."""
        return _call("divide", left, right)


def _call(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])


def _compiled(derived: Derived, name: str, transformer: ast.NodeTransformer, functions: dict[str, Scalar]) -> Scalar:
    """The source with the library before it, rewritten and run; both texts are ours."""
    tree = ast.fix_missing_locations(transformer.visit(ast.parse(f"{LIBRARY}\n{derived.source}")))
    namespace: dict[str, Any] = {"__builtins__": {}, **_COMMON, **functions}
    exec(compile(tree, f"<{derived.formula}>", "exec"), namespace)
    found: Scalar = namespace[name]
    return found


def _power(u: float, n: int) -> float:
    product = u
    for squares in chain(n):
        product = product * (product if squares else u)
    return product


def _logsumexp(terms: Sequence[float], exp: Scalar, log: Scalar) -> float:
    top = max(terms)
    total = exp(terms[0] - top)
    for term in terms[1:]:
        total += exp(term - top)
    return float(top + log(total))


def _sqrt(u: float) -> float:
    return math.nan if u < 0.0 else math.sqrt(u)


def _divide(a: float, b: float) -> float:
    """a/b as IEEE 754 has it."""
    if b != 0.0:
        return a / b
    return math.nan if a == 0.0 or a != a else math.copysign(math.inf, a) * math.copysign(1.0, b)


_QUICK: dict[str, Scalar] = {name: getattr(math, name) for name in (*LIBM, "sqrt")}
_COMMON: dict[str, Any] = {
    "nan": math.nan,
    "abs_": abs,
    "max_": max,
    "min_": min,
    "negate": operator.not_,
    "copysign": math.copysign,
    "power": _power,
    "logsumexp": lambda *terms: _logsumexp(terms, ieee("exp"), ieee("log")),
}
