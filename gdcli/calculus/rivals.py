"""Other slopes beside the best one: why the best linear approximation is unique.

For a differentiable f and any c in R^d, (f(x0 + t u) - f(x0) - t c^T u)/t -> (grad f(x0) - c)^T u as t -> 0+. So the
error of c over ||h|| tends to |(c - grad f(x0))^T u| along u, at most ||c - grad f(x0)||, which is 0 for the gradient
alone and reached along +-(c - grad f(x0)).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import mpmath
import sympy

from gdcli.calculus.definition import to_mpf
from gdcli.calculus.exact import sign_of
from gdcli.calculus.linearization import DIGITS, Linearization, directions


@dataclass(frozen=True)
class Rival:
    """A slope c, `limit` = ||c - grad f(x0)||, and its errors over ||h|| at the steps of the decay table."""

    slope: tuple[sympy.Expr, ...]
    limit: sympy.Expr
    errors: tuple[Any, ...]


def rival(linear: Linearization, slope: Sequence[sympy.Expr]) -> Rival:
    """The errors of `slope` along +-(c - grad f(x0)), the larger of the two; None where f is not defined."""
    apart = [c - g for c, g in zip(slope, linear.gradient, strict=True)]
    limit = _length(apart)
    rows = linear.errors(slope, _both_ways(apart, limit))
    return Rival(tuple(slope), limit, tuple(None if None in row else max(row) for row in rows))


def _length(vector: Sequence[sympy.Expr]) -> sympy.Expr:
    if all(sign_of(entry) == 0 for entry in vector):
        return sympy.S.Zero
    return sympy.Abs(*vector) if len(vector) == 1 else sympy.sqrt(sympy.Add(*(entry**2 for entry in vector)))


def _both_ways(apart: Sequence[sympy.Expr], length: sympy.Expr) -> tuple[tuple[Any, ...], ...]:
    """The unit vectors along which c errs most; any directions where c is the gradient itself."""
    if length == 0:
        return directions(len(apart))
    with mpmath.workdps(DIGITS):
        unit = tuple(to_mpf(entry) / to_mpf(length) for entry in apart)
        return unit, tuple(-u for u in unit)
