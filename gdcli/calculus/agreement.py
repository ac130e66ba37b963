"""Whether two forms of one result are equal: by proof where sympy finds one, else in 50 digits at many points.

What is printed has passed here; two forms that differ are a mistake of ours, and are never shown as a result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import mpmath
import sympy

from gdcli.calculus.check.points import random_points, value_at
from gdcli.calculus.numeric import Numeric
from gdcli.calculus.tidy import expanded, is_small, tidy
from gdcli.errors import DomainError
from gdcli.language import Formula, parse
from gdcli.language.build import build
from gdcli.language.series import expand
from gdcli.language.text import text
from gdcli.language.tree import Node, Variable, walk

DIGITS = 50
GUARD = 50
"""Further digits, eaten by cancellation: a difference of 10^-50 is then no rounding."""
POINTS = 12


class DisagreementError(Exception):
    """Two independent ways to one result lead to different results: a mistake of ours."""


@dataclass(frozen=True)
class Agreement:
    """`proven` equal, or else equal at `points` points (none: both undefined wherever they were tried)."""

    proven: bool
    points: int = 0

    def __str__(self) -> str:
        if self.proven:
            return "equal, proven"
        return f"equal in {DIGITS} digits at {self.points} points" if self.points else "not compared: no point found"


def agreement(assembled: Node, printed: sympy.Expr, variables: Sequence[str]) -> Agreement:
    """Whether a derivative as assembled by the rules equals its printed form.

    Raises DisagreementError where they differ at a point at which both are defined, DomainError where a partial is no
    real function.
    """
    if printed.has(sympy.I):
        raise DomainError("the derivative is not real", hint="a power of a negative base has none in its exponent")
    whole = expand(assembled, "")
    points = compared(whole, parse(text(printed)).tree, variables)
    return Agreement(_proven(whole, printed, variables), points)


def compared(one: Node, other: Node, variables: Sequence[str]) -> int:
    """At how many points both are defined, and equal in 50 digits there. Raises DisagreementError."""
    left, right = Numeric(one), Numeric(other)
    met = 0
    with mpmath.workdps(DIGITS + GUARD):
        held = {node.name for root in (one, other) for node, _ in walk(root) if isinstance(node, Variable)}
        for point in random_points([name for name in variables if name in held]):
            a, b = value_at(left, point), value_at(right, point)
            if a is None or b is None:
                continue
            if abs(a - b) > mpmath.mpf(10) ** -DIGITS * (1 + abs(a) + abs(b)):
                place = ", ".join(f"{name} = {value}" for name, value in point.items())
                raise DisagreementError(f"two ways to one derivative give {a} and {b} at {place}")
            met += 1
            if met == POINTS:
                break
    return met


def _proven(assembled: Node, printed: sympy.Expr, variables: Sequence[str]) -> bool:
    """Whether the forms are equal as expressions, or their difference cancels."""
    try:
        built = build(Formula("", assembled, tuple(variables), ()))
    except DomainError:
        # A piece of the assembled form may have no value of its own (log(-2) in the derivative of (-2)^x).
        return False
    # A light proof only: the full one of gdcli check may take longer than all the steps, and the numbers decide here.
    if built == printed:
        return True
    if built.has(sympy.Piecewise) or not is_small([built, printed]):
        return False
    difference = expanded(built - printed)
    return bool(difference == 0 or tidy(difference) == 0)
