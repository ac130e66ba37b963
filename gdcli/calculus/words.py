"""Why a partial derivative has no value, in words."""

from __future__ import annotations

import sympy

from gdcli.calculus.definition import Side, Slope
from gdcli.language.text import text


def reason(slope: Slope) -> str:
    """That there is "no derivative: left -1, right 1", or that f jumps, rises vertically, or could not be decided."""
    left, right = slope.left, slope.right
    if left is None or right is None:
        raise ValueError("a slope with a value needs no reason")
    if slope.kind == "undecided":
        return f"undecided: left {side(left)}, right {side(right)}"
    if left.jump or right.jump:
        return "no derivative: f jumps here"
    if slope.kind == "infinite":
        return f"infinite: the tangent is vertical ({side(right)} from both sides)"
    return f"no derivative: left {side(left)}, right {side(right)}"


def side(limit: Side) -> str:
    """A one-sided limit: a number, an infinity, or what stands in its way."""
    if limit.kind == "value":
        return text(limit.value)
    if limit.kind == "infinite":
        return "+infinity" if limit.value == sympy.oo else "-infinity"
    return "f not defined" if limit.kind == "undefined" else "not settled"
