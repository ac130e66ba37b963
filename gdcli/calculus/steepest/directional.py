"""The directional derivative D_u f(x0) = lim (f(x0 + t u) - f(x0))/t, t -> 0+, along a unit vector u.

Where f is differentiable it is grad f(x0)^T u, linear in u. Elsewhere it is the one-sided limit along the ray, which
may exist along some u and not along others, and need not be linear; the ray is a function of one variable, and the
limits are those of `definition`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import mpmath
import sympy

from gdcli.calculus.definition import Point, Side, one_sided, to_mpf
from gdcli.calculus.exact import sign_of
from gdcli.calculus.function import Function
from gdcli.calculus.numeric import Numeric
from gdcli.language import parse
from gdcli.language.build import symbol
from gdcli.language.formula import Formula
from gdcli.language.series import expand
from gdcli.language.substitute import substituted
from gdcli.language.text import text

Vector = tuple[sympy.Expr, ...]
DIGITS = 50
"""Digits of the measured changes."""
EPSILONS = (2, 4, 6)
"""Measured at eps = 10^-2, 10^-4, 10^-6."""


@dataclass(frozen=True)
class Direction:
    """A unit vector u with the derivatives along u and along -u: numbers, or why there are none."""

    unit: Vector
    forward: Side
    backward: Side


def normalised(vector: Sequence[sympy.Expr]) -> tuple[Vector, sympy.Expr]:
    """vector/||vector|| and ||vector||, exact. Raises ValueError for the zero vector."""
    length = sympy.sqrt(sympy.Add(*(entry**2 for entry in vector)))
    if sign_of(length) != 1:
        raise ValueError("the zero vector has no direction")
    # 1/sqrt(5) as sqrt(5)/5; on anything but fractions that form is no shorter.
    rational = all(entry.is_Rational for entry in vector)
    return tuple(sympy.radsimp(entry / length) if rational else entry / length for entry in vector), length


def linear(gradient: Sequence[sympy.Expr], unit: Vector) -> Direction:
    """Along u and -u where f is differentiable: grad f^T u and its opposite."""
    slope = sympy.Add(*map(sympy.Mul, gradient, unit))
    return Direction(unit, Side("value", slope), Side("value", -slope))


def along_ray(function: Function, point: Point, value: sympy.Expr, unit: Vector) -> Direction:
    """Along u and -u from the limits of (f(x0 + t u) - f(x0))/t on both sides, nothing assumed of f."""
    ray = on_ray(function, point, unit)
    (t,) = ray.variables
    origin = {t.name: sympy.S.Zero}
    right, left = (one_sided(ray, origin, value, t, side) for side in (1, -1))
    opposite = Side(left.kind, None if left.value is None else -left.value, left.jump)
    return Direction(unit, right, opposite)


def on_ray(function: Function, point: Point, unit: Vector) -> Function:
    """t -> f(x0 + t u)."""
    t = symbol("t")
    names = [v.name for v in function.variables]
    places = {name: parse(text(point[name] + t * u)).tree for name, u in zip(names, unit, strict=True)}
    formula = Formula(function.source, expand(function.tree, function.source), tuple(names), ())
    return Function.of(substituted(formula, places, ("t",)))


def measured(function: Function, point: Point, value: sympy.Expr, unit: Sequence[Any]) -> tuple[Any, ...]:
    """(f(x0 + eps u) - f(x0))/eps in 50 digits for each eps; None where f is not defined. `unit` in mpmath numbers."""
    numeric = Numeric(function.tree)
    names = [v.name for v in function.variables]
    with mpmath.workdps(DIGITS + 2 * EPSILONS[-1]):
        start, base = [to_mpf(point[name]) for name in names], to_mpf(value)
        quotients = []
        for k in EPSILONS:
            eps = mpmath.mpf(10) ** -k
            end = numeric.at({name: a + eps * u for name, a, u in zip(names, start, unit, strict=True)})
            quotients.append(None if end is None else (end - base) / eps)
        return tuple(quotients)
