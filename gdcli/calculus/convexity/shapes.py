"""Curvature of a function on a region, and how sums, multiples and compositions inherit it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import sympy

from gdcli.calculus.interval.arithmetic import Interval


class Curvature(StrEnum):
    """What is proven of a function on its domain within the region."""

    CONSTANT = "constant"
    AFFINE = "affine"
    CONVEX = "convex"
    CONCAVE = "concave"
    UNKNOWN = "unknown"

    @property
    def convex(self) -> bool:
        """Whether f((1-t) a + t b) <= (1-t) f(a) + t f(b) is proven."""
        return self in (Curvature.CONSTANT, Curvature.AFFINE, Curvature.CONVEX)

    @property
    def concave(self) -> bool:
        """Whether -f is proven convex."""
        return self in (Curvature.CONSTANT, Curvature.AFFINE, Curvature.CONCAVE)

    @property
    def affine(self) -> bool:
        """Whether both hold."""
        return self.convex and self.concave

    def flipped(self) -> Curvature:
        """The curvature of -f."""
        return _FLIPPED.get(self, self)


_FLIPPED = {Curvature.CONVEX: Curvature.CONCAVE, Curvature.CONCAVE: Curvature.CONVEX}

Direction = tuple[sympy.Expr, ...]


@dataclass(frozen=True)
class Shape:
    """A curvature with its proof, a sentence a step.

    `strict`: vectors a such that f is strictly convex (concave) along every d with a.d != 0 for one of them.
    """

    curvature: Curvature
    strict: frozenset[Direction] = frozenset()
    reasons: tuple[str, ...] = ()

    def scaled(self, sign: int) -> Shape:
        """The shape of c f for a number c of this sign."""
        if sign == 0:
            return Shape(Curvature.CONSTANT)
        return self if sign > 0 else replace(self, curvature=self.curvature.flipped())

    def because(self, reason: str) -> Shape:
        """The same with one more step of the proof."""
        return replace(self, reasons=(*self.reasons, reason))


UNKNOWN = Shape(Curvature.UNKNOWN)


def total(shapes: Sequence[Shape]) -> Shape:
    """The shape of a sum: sums of convex functions are convex, of concave ones concave."""
    for curvature in (Curvature.CONSTANT, Curvature.AFFINE):
        if all(s.curvature in (Curvature.CONSTANT, curvature) for s in shapes):
            return Shape(curvature)
    reasons = tuple(dict.fromkeys(reason for shape in shapes for reason in shape.reasons))
    strict = frozenset[Direction]().union(*(shape.strict for shape in shapes))
    if all(s.curvature.convex for s in shapes):
        return Shape(Curvature.CONVEX, strict, reasons)
    return Shape(Curvature.CONCAVE, strict, reasons) if all(s.curvature.concave for s in shapes) else UNKNOWN


@dataclass(frozen=True)
class Branch:
    """h on [low, high]: convex or concave there, rising (1), falling (-1) or neither (0); `strict` if strictly."""

    curvature: Curvature
    monotone: int
    low: float = -math.inf
    high: float = math.inf
    strict: bool = True

    def holds(self, values: Interval) -> bool:
        """Whether the inner function stays where this branch says something."""
        return self.low <= values[0] and values[1] <= self.high


def composed(branch: Branch, inner: Shape, gradient: Direction | None) -> Shape:
    """The shape of h(g): convex where h is convex and g affine, or g convex and h rising, or g concave and h falling.

    (Boyd and Vandenberghe, "Convex Optimization", 2004, 3.2.4.) `gradient` is that of an affine g.
    """
    g = inner.curvature
    if branch.curvature is Curvature.CONVEX:
        fits = g.affine or (g.convex and branch.monotone > 0) or (g.concave and branch.monotone < 0)
    else:
        fits = g.affine or (g.concave and branch.monotone > 0) or (g.convex and branch.monotone < 0)
    if not fits:
        return UNKNOWN
    strict = inner.strict if branch.monotone and branch.strict else frozenset()
    if branch.strict and gradient is not None:
        strict = frozenset([gradient])
    return Shape(branch.curvature, strict, inner.reasons)
