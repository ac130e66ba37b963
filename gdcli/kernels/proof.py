"""What can be proven of a loss phi(p, y) as a function of p, for the targets y of a data set: made in the worker."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import sympy as sp

from gdcli.calculus.convexity.rules import Rules
from gdcli.calculus.curvature.domain import Need, needs
from gdcli.calculus.curvature.extremes import Extreme, Search
from gdcli.calculus.curvature.field import Field
from gdcli.calculus.curvature.hessian import Hessian
from gdcli.calculus.curvature.verdict import restrictions
from gdcli.calculus.function import Function
from gdcli.calculus.gradient import gradient
from gdcli.calculus.interval.region import Region
from gdcli.kernels.derived import Derived
from gdcli.kernels.facts import Facts, together
from gdcli.kernels.source import derive
from gdcli.kernels.straight import two_pieces
from gdcli.language import parse
from gdcli.language.build import symbol
from gdcli.language.text import text

Box = tuple[tuple[float, float], ...]
WHOLE = (-math.inf, math.inf)


def derived_with_facts(formula: str, targets: Sequence[float], each: bool, labels: bool) -> tuple[Derived, Facts]:
    """phi, phi', phi'' of a formula in p and y, and what holds of phi for `each` of the targets, or between them.

    `labels`: the targets are -1 and 1.
    """
    derived = derive(formula, ("p", "y"), 2)
    ranges = [(y, y) for y in targets] if each else [(min(targets), max(targets))]
    facts = together([_Question.of(formula, y_range).answer() for y_range in ranges])
    return derived, replace(facts, pieces=two_pieces(parse(formula, variables=("p", "y")), labels))


@dataclass(frozen=True)
class _Question:
    """phi over p in R and y in a range; over u = p - y alone where phi depends on nothing else."""

    function: Function
    asked: tuple[Need, ...]
    box: Box

    @classmethod
    def of(cls, formula: str, y_range: tuple[float, float]) -> _Question:
        function = Function.parse(formula, ("p", "y"))
        p, y = symbol("p"), symbol("y")
        shift = {p: p + y}
        if y_range[0] == y_range[1]:
            return cls._fixed(function, y, sp.Rational(Fraction(y_range[0])))
        located = function.expr.xreplace(shift)
        if y in located.free_symbols:
            return cls(function, needs(function), (WHOLE, y_range))
        asked = tuple(Need(n.kind, n.expr.xreplace(shift), n.domain, n.closed) for n in needs(function))
        return cls(Function(located, (p,), function.source, function.tree), asked, (WHOLE,))

    @classmethod
    def _fixed(cls, function: Function, y: sp.Symbol, value: sp.Rational) -> _Question:
        at = {y: value}
        asked = tuple(Need(n.kind, n.expr.subs(at), n.domain, n.closed) for n in needs(function))
        one = Function(function.expr.subs(at), function.variables[:1], function.source, function.tree)
        return cls(one, tuple(need for need in asked if not _granted(need)), (WHOLE,))

    def answer(self) -> Facts:
        """Convexity by the composition rules, else by phi'' >= 0; c = sup phi'' by branch and bound."""
        rules = Rules(self.function.variables, self.box)
        everywhere = restrictions(self.asked, rules) == ()
        shape = rules.shape(self.function.expr)
        smooth = not self.asked
        least, greatest = self._extremes() if smooth else (None, None)
        if everywhere and shape.curvature.convex:
            convex, reason = True, shape.reasons[-1] if shape.reasons else f"{text(self.function.expr)} is affine in p"
        elif least is not None and least.smooth and least.lower >= 0.0:
            convex, reason = True, "phi'' >= 0 on intervals that cover all p"
        else:
            convex, reason = False, "no composition rule applies, and phi'' is not proven >= 0"
        bounded = greatest is not None and greatest.smooth and math.isfinite(greatest.lower)
        return Facts(
            convex=convex,
            reason=reason,
            smooth=smooth,
            curvature=max(0.0, -greatest.lower) if greatest is not None and bounded else math.inf,
        )

    def _extremes(self) -> tuple[Extreme, Extreme]:
        """The least of phi'' and of -phi'', each below 0: a row of zeros stands for y."""
        p = self.function.variables[0]
        slope = gradient(self.function.expr, [p])[0]
        second = sp.sympify(gradient(slope, [p])[0])
        field = Field(self.function.variables, Hessian((slope,), {(0, 0): second}), self.asked)
        region = Region(self.box, self.box, "p in R")
        return Search(field, region).run(), Search(field, region, negated=True).run()


def _granted(need: Need) -> bool:
    """Whether a need that has become a number, or a function without zeros, holds."""
    return bool(need.expr.is_positive if need.kind == "positive" else need.expr.is_nonzero)
