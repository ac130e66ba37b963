"""The derivative from its definition at a point: both one-sided limits of the quotient, and whether they agree.

What the quotient gives is held against `definition.local`: where f is smooth that is the gradient at the point, at a
kink a symbolic limit confirmed by quotients down to |h| = 2^-1024.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import mpmath
import sympy

from gdcli.calculus.agreement import DIGITS, DisagreementError
from gdcli.calculus.definition import INFINITE, Local, Side, Slope, goes_fast_to, goes_to, one_sided, to_mpf, verdict
from gdcli.calculus.difference.classic import STEP, printed
from gdcli.calculus.difference.sides import cancelled, free_letters
from gdcli.calculus.difference.written import as_typed, quotient_of
from gdcli.calculus.exact import sign_of
from gdcli.calculus.function import Function
from gdcli.calculus.numeric import Numeric
from gdcli.calculus.onesided import NoLimitError, resolve
from gdcli.calculus.report import quantity, written
from gdcli.calculus.tidy import is_small, tidy
from gdcli.calculus.words import reason, side
from gdcli.language.bounds import bits
from gdcli.language.tree import Number, walk
from gdcli.results.common import Quantity, Written
from gdcli.results.derive import Derivation, DifferenceQuotient, QuotientRow

SIDES = {1: "right", -1: "left"}
CONFIRMED = "the limit was taken symbolically, and quotients down to |h| = 2^-1024 confirm it"
BY_RULES = "every piece is smooth here, so the rules hold; quotients down to |h| = 2^-1024 confirm their value"
SMOOTH = "every piece is smooth here, so the rules hold"
JUMP = "f jumps: f(x0 + h) does not go to f(x0)"
UNDEFINED = "f is not defined on this side"
UNDECIDED = "not settled: no limit was found that the numbers confirm"
SAME = "the gradient found by the rules has the same value here"
LIMITS = "quotients down to |h| = 2^-1024 confirm the limits"
TABLE = 6


@dataclass(frozen=True)
class Approach:
    """One partial at a point: its slope, and the page of each quotient."""

    slope: Slope
    quotients: tuple[DifferenceQuotient, ...]
    check: str


@dataclass(frozen=True)
class Axis:
    """f along one axis through a point."""

    function: Function
    place: Mapping[str, sympy.Expr]
    value: sympy.Expr
    variable: sympy.Symbol

    @property
    def letters(self) -> tuple[str, ...]:
        """h, then letters for other increments."""
        return free_letters([v.name for v in self.function.variables])

    def along(self, h: sympy.Expr) -> sympy.Expr:
        """f(x0 + h)."""
        place = {v: self.place[v.name] + (h if v == self.variable else 0) for v in self.function.variables}
        return self.function.expr.xreplace(place)

    def approach(self, known: Slope, smooth: bool) -> Approach:
        """The quotients and their limits, held against what is `known`."""
        return self._smooth(known) if smooth else self._sided(known)

    def _smooth(self, known: Slope) -> Approach:
        h = sympy.Symbol(STEP, real=True)
        g = self.along(h)
        near = self._near(h, g)
        found = cancelled(near, h, self.letters, self.value)
        slope = Slope("value", known.value, Side("value", known.value), Side("value", known.value))
        if found is not None:
            _agree(found.limit, known.value)
            return Approach(slope, (quotient_of("both", near, self.value, h, found, quantity(known.value), g),), SAME)
        fast = (goes_fast_to(self.function, self.place, self.value, self.variable, sign, known.value) for sign in SIDES)
        how = BY_RULES if all(fast) else self._unconfirmed(known)
        return Approach(slope, (self._plain("both", g, h, quantity(known.value), how),), how)

    def _near(self, h: sympy.Symbol, g: sympy.Expr) -> sympy.Expr:
        """g for all small h, without the branches that x0 does not lie on: |1 + h| is 1 + h."""
        step = sympy.Dummy("h", positive=True)
        try:
            right, left = (resolve(self.along(sign * step), step).xreplace({step: sign * h}) for sign in SIDES)
        except NoLimitError:
            return g
        return right if right == left else g

    def _unconfirmed(self, known: Slope) -> str:
        """The reason left where the numbers do not reach: the rules, unless a limit that they do reach denies them."""
        for sign in SIDES:
            limit = one_sided(self.function, self.place, self.value, self.variable, sign)
            if limit.kind == "value":
                _agree(limit.value, known.value)
        return SMOOTH

    def _sided(self, known: Slope) -> Approach:
        pages: list[DifferenceQuotient] = []
        limits: dict[int, Side] = {}
        for sign in SIDES:
            given = known.right if sign > 0 else known.left
            limits[sign] = given or one_sided(self.function, self.place, self.value, self.variable, sign)
            page, limits[sign] = self._side(sign, limits[sign])
            pages.append(page)
        slope = verdict(limits[-1], limits[1])
        if known.kind == "value":
            _agree(slope.value, known.value)
        seen = {side.kind for side in limits.values()} & {"value", "infinite"}
        return Approach(slope, tuple(pages), LIMITS if seen and slope.kind != "undecided" else "")

    def _side(self, sign: int, given: Side) -> tuple[DifferenceQuotient, Side]:
        """The page of one side and its limit, which cancelling may settle where the symbolic limit could not."""
        h = sympy.Symbol(STEP, positive=True) if sign > 0 else sympy.Symbol(STEP, negative=True)
        if given.kind == "undefined":
            return _empty(SIDES[sign], given, UNDEFINED), given
        step = sympy.Dummy("h", positive=True)
        try:
            near = resolve(self.along(sign * step), step).xreplace({step: sign * h})
        except NoLimitError:
            return _empty(SIDES[sign], given, _how(given)), given
        found = cancelled(near, h, self.letters, self.value)
        if found is None:
            return self._plain(SIDES[sign], near, h, limit_of(given), _how(given)), given
        if given.kind == "undecided" and goes_to(
            self.function, self.place, self.value, self.variable, sign, found.limit
        ):
            given = Side("value", found.limit)
        elif given.kind != "undecided":
            _agree(found.limit, given.value)
        return quotient_of(SIDES[sign], near, self.value, h, found, limit_of(given), near), given

    def _plain(self, name: str, g: sympy.Expr, h: sympy.Symbol, limit: Quantity, how: str) -> DifferenceQuotient:
        """The page of a quotient that no identity cancels."""
        whole = (g - self.value) / h
        shown = tidy(sympy.powsimp(whole)) if is_small([whole]) else whole
        moved = None if name == "both" else self._printed(g)
        return DifferenceQuotient(name, moved, None, self._printed(shown), {}, (), (), limit, how)

    def _printed(self, expr: sympy.Expr) -> Written:
        return printed(written(expr), self.letters[0])

    def table(self) -> tuple[QuotientRow, ...]:
        """The quotients at h = 10^-1 ... 10^-6 and at -h."""
        steps = [sympy.Rational(1, 10**k) for k in range(1, TABLE + 1)]
        return tuple(QuotientRow(float(h), self._number(h), self._number(-h)) for h in steps)

    def _number(self, h: sympy.Rational) -> float | None:
        with mpmath.workprec(self._bits):
            place = {name: to_mpf(number) for name, number in self.place.items()}
            place[self.variable.name] += to_mpf(h)
            end = Numeric(self.function.tree).at(place)
            return None if end is None else float((end - to_mpf(self.value)) / to_mpf(h))

    @property
    def _bits(self) -> int:
        """Working bits that leave 200 and more of a quotient, beside numbers as large as those of the formula."""
        largest = max((bits(node.value) for node, _ in walk(self.function.tree) if isinstance(node, Number)), default=1)
        return 400 + largest + max(0, int(mpmath.mag(to_mpf(self.value))) if self.value != 0 else 0)


def approached(
    function: Function, place: Mapping[str, sympy.Expr], found: Local, variables: tuple[sympy.Symbol, ...]
) -> tuple[Local, tuple[Derivation, ...]]:
    """f at the point with every slope taken from the definition, and the pages that show how."""
    axes = [Axis(function, place, found.value, variable) for variable in variables]
    ways = [axis.approach(known, found.smooth) for axis, known in zip(axes, found.slopes, strict=True)]
    pages = tuple(_derivation(axis, way) for axis, way in zip(axes, ways, strict=True))
    return replace(found, slopes=tuple(way.slope for way in ways)), pages


def _derivation(axis: Axis, way: Approach) -> Derivation:
    letter = axis.letters[0]
    typed = as_typed(axis.function, axis.place, axis.variable.name, letter)
    slope, left, right = way.slope, way.slope.left, way.slope.right
    if left is None or right is None:
        raise TypeError("a derivative from its definition has two sides")
    number = quantity(slope.value) if slope.kind == "value" else Quantity(None, None, reason(slope))
    return Derivation(
        variable=axis.variable.name,
        h=written(sympy.Symbol(letter)),
        place=typed.place,
        place_moved=typed.place_moved,
        start=written(axis.value),
        moved=typed.moved,
        quotients=way.quotients,
        left=limit_of(left),
        right=limit_of(right),
        kind=slope.kind,
        slope=number,
        table=axis.table(),
        check=way.check,
    )


def limit_of(limit: Side) -> Quantity:
    """A one-sided limit as a number, or in words."""
    return quantity(limit.value) if limit.kind == "value" else Quantity(None, None, side(limit))


def _how(given: Side) -> str:
    if given.jump:
        return JUMP
    return UNDECIDED if given.kind == "undecided" else CONFIRMED


def _empty(name: str, given: Side, how: str) -> DifferenceQuotient:
    return DifferenceQuotient(name, None, None, None, {}, (), (), limit_of(given), how)


def _agree(one: sympy.Expr, other: sympy.Expr) -> None:
    """Raises DisagreementError unless two exact numbers are the same."""
    if one == other or one in INFINITE or other in INFINITE:
        if one != other:
            raise DisagreementError(f"the definition gives {one}, the gradient {other}")
        return
    sign = sign_of(one - other)
    with mpmath.workdps(DIGITS):
        far = sign is None and abs(to_mpf(one) - to_mpf(other)) > mpmath.mpf(10) ** (5 - DIGITS)
    if sign or far:
        raise DisagreementError(f"the definition gives {one}, the gradient {other}")
