"""The cosine law: along a unit vector at angle theta to grad f the slope is |grad f| cos(theta).

So no direction ascends faster than grad f, none descends faster than -grad f, and orthogonal to grad f the slope is 0:
that is the tangent of the level set f = f(x0).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import mpmath
import sympy

from gdcli.calculus.definition import Point, to_mpf
from gdcli.calculus.exact import sign_of
from gdcli.calculus.function import Function
from gdcli.calculus.steepest.directional import DIGITS, Vector, measured, normalised

ANGLES = (0, 30, 60, 90, 120, 150, 180)
"""Degrees; on the line only the first and the last."""


@dataclass(frozen=True)
class Turn:
    """One line of the table: the angle in degrees, |grad f| cos(theta), and the changes measured along it."""

    degrees: int
    promised: sympy.Expr
    measured: tuple[Any, ...]


def orthogonal(unit: Vector) -> Vector | None:
    """A unit vector orthogonal to `unit`, exact: (-u2, u1) in the plane; None on the line.

    From three variables on it is the part orthogonal to u of the first axis that u is farthest from.
    """
    if len(unit) == 1:
        return None
    if len(unit) == 2:
        return -unit[1], unit[0]
    sizes = [abs(to_mpf(entry)) for entry in unit]
    axis = sizes.index(min(sizes))
    rest = tuple((1 if i == axis else 0) - unit[axis] * entry for i, entry in enumerate(unit))
    return normalised(rest)[0]


def table(
    function: Function, point: Point, value: sympy.Expr, gradient: Sequence[sympy.Expr], unit: Vector
) -> tuple[Turn, ...]:
    """The law beside the changes, turning from `unit` = grad f/|grad f| towards the level set and on to -unit."""
    norm = sympy.sqrt(sympy.Add(*(g**2 for g in gradient)))
    side = orthogonal(unit)
    return tuple(
        Turn(degrees, norm * sympy.cos(sympy.pi * degrees / 180), _changes(function, point, value, unit, side, degrees))
        for degrees in ANGLES
        if side is not None or degrees in (0, 180)
    )


def _changes(
    function: Function, point: Point, value: sympy.Expr, unit: Vector, side: Vector | None, degrees: int
) -> tuple[Any, ...]:
    with mpmath.workdps(DIGITS + 15):
        turn = mpmath.pi * degrees / 180
        cosine, sine = mpmath.cos(turn), mpmath.sin(turn)
        first = [to_mpf(u) for u in unit]
        second = [mpmath.mpf(0)] * len(unit) if side is None else [to_mpf(w) for w in side]
        return measured(function, point, value, [cosine * u + sine * w for u, w in zip(first, second, strict=True)])


def angle(gradient: Sequence[sympy.Expr], unit: Vector) -> sympy.Expr:
    """The angle between grad f and a unit vector in degrees; exact where its cosine is one of a table."""
    norm = sympy.sqrt(sympy.Add(*(g**2 for g in gradient)))
    cosine = sympy.Add(*map(sympy.Mul, gradient, unit)) / norm
    for degrees in range(0, 181, 15):
        if sign_of(cosine - sympy.cos(sympy.pi * degrees / 180)) == 0:
            return sympy.Integer(degrees)
    return sympy.acos(cosine) * 180 / sympy.pi
