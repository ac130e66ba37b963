"""What generated source may call, in its own language, over the functions of the mathematical library.

The same text runs as Python (native.plain) and is walked into machine code (native.lower): the same operations in the
same order, so the same bits.
"""

from __future__ import annotations

import ast
from functools import cache

LIBRARY = """
def relu(u):
    return max_(u, 0.0)

def sign(u):
    return where(u > 0.0, 1.0, 0.0) - where(u < 0.0, 1.0, 0.0)

def softplus(u):
    return max_(u, 0.0) + log1p(exp(-abs_(u)))

def sigmoid(u):
    e = exp(-abs_(u))
    return where(u >= 0.0, 1.0, e) / (1.0 + e)

def logcosh(u):
    size = abs_(u)
    near = log1p(2.0 * sinh(min_(size, 1.0) / 2.0)**2)
    far = size - 0.6931471805599453 + log1p(exp(-2.0 * size))
    return where(size < 1.0, near, far)

def oddroot(u, n):
    return copysign(pow(abs_(u), 1.0 / n), u)
"""

LIBM = (
    *("acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cos", "cosh", "erf", "exp", "log", "log1p"),
    *("pow", "sin", "sinh", "tan", "tanh"),
)
# Whole powers up to here are multiplied together.
GREATEST_POWER = 64


class UnsupportedError(Exception):
    """A piece of source without a counterpart in machine code (Gamma): the interpreter runs it."""


@cache
def functions(source: str) -> dict[str, ast.FunctionDef]:
    """The functions that a text of ours defines, by name."""
    return {node.name: node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}


def chain(n: int) -> list[bool]:
    """How u^n is multiplied together from u, n >= 1: True squares what is there, False multiplies it by u."""
    moves: list[bool] = []
    for bit in f"{n:b}"[1:]:
        moves += [True, False] if bit == "1" else [True]
    return moves


def whole(exponent: ast.expr) -> int | None:
    """The exponent, if it is written as a whole number from -64 to 64 other than 0."""
    match exponent:
        case ast.Constant(value=int() as value) if 0 < value <= GREATEST_POWER:
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)) if 0 < value <= GREATEST_POWER:
            return -value
    return None
