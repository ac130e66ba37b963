"""A proven bound held against numbers: a disagreement is an error of ours, and must not pass for a proof."""

from __future__ import annotations

from collections.abc import Sequence

import mpmath
import sympy

from gdcli.calculus.definition import Point, to_mpf
from gdcli.calculus.differentiability.paths import Path
from gdcli.calculus.differentiability.proof import Bound
from gdcli.calculus.function import Function
from gdcli.calculus.numeric import Numeric

SIZES = (2, 20, 60)
"""t = radius 2^-k."""
BITS = 1200
ROUNDING = mpmath.mpf(2) ** -600


def check(
    function: Function,
    point: Point,
    value: sympy.Expr,
    gradient: Sequence[sympy.Expr],
    bound: Bound,
    paths: Sequence[Path],
) -> None:
    """Raises RuntimeError where |f(x0 + h) - f(x0) - gradient . h| is above the bound on a straight path."""
    numeric = Numeric(function.tree)
    with mpmath.workprec(BITS):
        start = {name: to_mpf(x) for name, x in point.items()}
        slopes, value_there = [to_mpf(g) for g in gradient], to_mpf(value)
        constant, order, radius = (
            mpmath.mpf(q.numerator) / q.denominator for q in (bound.constant, bound.order, bound.radius)
        )
        for path in paths:
            direction = [to_mpf(c) for c in path.tangent]
            length = mpmath.sqrt(mpmath.fdot(direction, direction))
            for k in SIZES:
                h = [radius * mpmath.ldexp(u, -k) / length for u in direction]
                found = numeric.at({name: a + s for (name, a), s in zip(start.items(), h, strict=True)})
                most = constant * mpmath.ldexp(radius, -k) ** order
                if found is None or abs(found - value_there - mpmath.fdot(slopes, h)) > most + ROUNDING:
                    raise RuntimeError(f"a bound that was proven fails at h = {h}: {bound}")
