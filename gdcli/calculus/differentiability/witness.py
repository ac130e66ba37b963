"""A path along which f is not what a continuous, or a differentiable, function would be.

Along h(t) with tangent c = h'(0) a differentiable f has (f(x0 + h(t)) - f(x0))/t -> grad f . c. The limits are taken
by `definition.one_sided`: symbolic, and held against numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import mpmath
import sympy

from gdcli.calculus.definition import Point, Side, one_sided, to_mpf
from gdcli.calculus.differentiability.oscillation import Oscillation, oscillation
from gdcli.calculus.differentiability.paths import Path, T, length
from gdcli.calculus.exact import sign_of
from gdcli.calculus.function import Function
from gdcli.calculus.numeric import Numeric
from gdcli.calculus.onesided import NoLimitError, resolve
from gdcli.language import tree
from gdcli.language.formula import parse
from gdcli.language.text import text

SCREEN = (20, 50, 100)
"""t = 2^-k at which every path is looked at before a limit is taken along the few that stand out."""
SCREEN_BITS = 2400
FAINT = mpmath.mpf(2) ** -30
TRIES = 8
"""Limits taken at most; each may cost a second."""
ORIGIN: Mapping[str, sympy.Expr] = {T.name: sympy.S.Zero}


@dataclass(frozen=True)
class Witness:
    """What happens along a path.

    `kind`: "undefined" (f has no value there), "value" (f -> `found`, not f(x0) = `expected`), "slope" (the quotient
    -> `found`, not grad f . c = `expected`; r/||h|| -> `ratio`), "oscillates" (`wave` gives two limits).
    """

    path: Path
    kind: str
    found: sympy.Expr | None = None
    expected: sympy.Expr | None = None
    ratio: sympy.Expr | None = None
    wave: Oscillation | None = None


@dataclass(frozen=True)
class Search:
    """f, the point, f there, and the paths to be tried."""

    function: Function
    point: Point
    value: sympy.Expr
    paths: Sequence[Path]

    @property
    def start(self) -> tuple[sympy.Expr, ...]:
        """The point as a tuple."""
        return tuple(self.point[v.name] for v in self.function.variables)

    def undefined(self) -> Witness | None:
        """A path on which f is not defined, however near the point."""
        for path, differences in self._screened():
            if all(difference is None for difference in differences):
                side = one_sided(path.follow(self.function, self.start), ORIGIN, self.value, T, 1)
                if side.kind == "undefined":
                    return Witness(path, "undefined")
        return None

    def settles(self) -> bool:
        """Whether f goes to f(x0) on every path on which it is defined."""
        sides = [self._difference(path) for path in self.paths]
        return all(s.kind == "undefined" or (s.kind == "value" and sign_of(s.value) == 0) for s in sides)

    def jump(self) -> Witness | None:
        """A path on which f does not go to f(x0)."""
        return self._first(lambda path, t, difference: difference, self.jump_along)

    def kink(self, gradient: Sequence[sympy.Expr]) -> Witness | None:
        """A path on which the quotient does not go to grad f . c."""
        slopes = [to_mpf(g) for g in gradient]

        def remainder(path: Path, t: Any, difference: Any) -> Any:
            return difference / t - mpmath.fdot(slopes, map(to_mpf, path.tangent))

        return self._first(remainder, lambda path: self._kink(path, gradient))

    def _first(
        self, quantity: Callable[[Path, Any, Any], Any], prove: Callable[[Path], Witness | None]
    ) -> Witness | None:
        """The first path whose quantity does not fade, and for which that is proven."""
        tried = 0
        for path, differences in self._screened():
            if any(difference is None for difference in differences):
                continue
            with mpmath.workprec(SCREEN_BITS):
                t = mpmath.ldexp(1, -SCREEN[-1])
                if abs(quantity(path, t, differences[-1])) < FAINT:
                    continue
            witness = prove(path)
            tried += 1
            if witness is not None or tried == TRIES:
                return witness
        return None

    def _screened(self) -> Iterator[tuple[Path, list[Any]]]:
        """f(x0 + h(t)) - f(x0) on each path at a few t; None where f is not defined."""
        numeric = Numeric(self.function.tree)
        names = [v.name for v in self.function.variables]
        for path in self.paths:
            with mpmath.workprec(SCREEN_BITS):
                start, value = list(map(to_mpf, self.start)), to_mpf(self.value)
                differences = []
                for k in SCREEN:
                    t = mpmath.ldexp(1, -k)
                    steps = zip(start, path.coefficients, path.weights, strict=True)
                    place = [a + to_mpf(c) * t ** (mpmath.mpf(w.numerator) / w.denominator) for a, c, w in steps]
                    found = numeric.at(dict(zip(names, place, strict=True)))
                    differences.append(None if found is None else found - value)
            yield path, differences

    def jump_along(self, path: Path) -> Witness | None:
        """What f does on a path on which it does not go to f(x0)."""
        side = self._difference(path)
        if side.kind == "infinite":
            return Witness(path, "value", side.value, self.value)
        if side.kind == "value" and sign_of(side.value) in (1, -1):
            return Witness(path, "value", self.value + side.value, self.value)
        near = _near(path.follow(self.function, self.start))
        wave = oscillation(near, _H) if side.kind == "undecided" else None
        return None if wave is None else Witness(path, "oscillates", expected=self.value, wave=wave)

    def _difference(self, path: Path) -> Side:
        """The limit of f(x0 + h(t)) - f(x0)."""
        return one_sided(_lifted(path.follow(self.function, self.start), self.value), ORIGIN, self.value, T, 1)

    def _kink(self, path: Path, gradient: Sequence[sympy.Expr]) -> Witness | None:
        along = path.follow(self.function, self.start)
        expected = sympy.Add(*(g * c for g, c in zip(gradient, path.tangent, strict=True)))
        side = one_sided(along, ORIGIN, self.value, T, 1)
        if side.kind == "infinite":
            return Witness(path, "slope", side.value, expected, side.value)
        if side.kind == "value":
            difference = side.value - expected
            if sign_of(difference) not in (1, -1):
                return None
            return Witness(path, "slope", side.value, expected, difference / length(path.tangent))
        wave = self.wave(path) if side.kind == "undecided" else None
        return None if wave is None else Witness(path, "oscillates", expected=expected, wave=wave)

    def wave(self, path: Path) -> Oscillation | None:
        """Two phases along which the quotient has different limits."""
        return oscillation((_near(path.follow(self.function, self.start)) - self.value) / _H, _H)


_H = sympy.Symbol("t", positive=True)


def _near(along: Function) -> sympy.Expr:
    """f along the path as an expression in t > 0, its piecewise branch chosen where that can be done."""
    expr = along.expr.xreplace({T: _H})
    try:
        return resolve(expr, _H)
    except NoLimitError:
        return expr


def _lifted(along: Function, value: sympy.Expr) -> Function:
    """v + t (f - v): its difference quotient at t = 0 is f - v."""
    span, constant = along.tree.span, parse(text(value)).tree
    t, minus = tree.Variable(span, T.name), tree.Negate(span, constant)
    node = tree.Sum(span, (constant, tree.Product(span, (t, tree.Sum(span, (along.tree, minus))))))
    return Function(value + T * (along.expr - value), (T,), along.source, node)
