"""Functions of one variable whose curvature is known, on the ranges where it is. A function is one line."""

from __future__ import annotations

import math

import sympy

from gdcli.calculus.convexity.shapes import Branch, Curvature

CONVEX, CONCAVE = Curvature.CONVEX, Curvature.CONCAVE
# The doubles on the near side of pi and pi/2, so that a range within them is within the true ones.
_PI, _HALF = math.nextafter(math.pi, 0.0), math.nextafter(math.pi / 2, 0.0)

_VALLEY = (
    Branch(CONVEX, 1, low=0.0),
    Branch(CONVEX, -1, high=0.0),
    Branch(CONVEX, 0),
)
"""An even convex function with its minimum at 0."""
_STEP = (Branch(CONCAVE, 1, low=0.0), Branch(CONVEX, 1, high=0.0))
"""A rising function with its inflection at 0, steepest there."""
_ARCH = (Branch(CONVEX, 1, low=0.0), Branch(CONCAVE, 1, high=0.0))
"""A rising function with its inflection at 0, flattest there."""

ATOMS: dict[str, tuple[Branch, ...]] = {
    "Abs": (
        Branch(CONVEX, 1, low=0.0, strict=False),
        Branch(CONVEX, -1, high=0.0, strict=False),
        Branch(CONVEX, 0, strict=False),
    ),
    "acos": (Branch(CONCAVE, -1, low=0.0), Branch(CONVEX, -1, high=0.0)),
    "acosh": (Branch(CONCAVE, 1),),
    "asin": _ARCH,
    "asinh": _STEP,
    "atan": _STEP,
    "atanh": _ARCH,
    "cos": (Branch(CONCAVE, 0, low=-_HALF, high=_HALF),),
    "cosh": _VALLEY,
    "erf": _STEP,
    "exp": (Branch(CONVEX, 1),),
    "gamma": (Branch(CONVEX, 0, low=0.0),),
    "log": (Branch(CONCAVE, 1),),
    "oddroot": _STEP,
    "relu": (Branch(CONVEX, 1, strict=False),),
    "sigmoid": _STEP,
    "sin": (Branch(CONCAVE, 0, low=0.0, high=_PI), Branch(CONVEX, 0, low=-_PI, high=0.0)),
    "sinh": _ARCH,
    "softplus": (Branch(CONVEX, 1),),
    "tan": (Branch(CONVEX, 1, low=0.0, high=_HALF), Branch(CONCAVE, 1, low=-_HALF, high=0.0)),
    "tanh": _STEP,
}


def power(p: sympy.Expr) -> tuple[Branch, ...]:
    """u^p for a number p other than 0 and 1; for one that is no integer u >= 0 is the domain."""
    if p.is_integer is None:
        return ()
    if not p.is_integer:
        return (Branch(CONCAVE, 1),) if 0 < p < 1 else (Branch(CONVEX, 1 if p > 1 else -1),)
    if p > 0:
        return _VALLEY if p % 2 == 0 else _ARCH
    left = Branch(CONVEX, 1, high=0.0) if p % 2 == 0 else Branch(CONCAVE, -1, high=0.0)
    return (Branch(CONVEX, -1, low=0.0), left)
