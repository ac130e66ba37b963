"""One claimed partial derivative against the right one: a point where they differ, a proof, or many equal digits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import mpmath
import sympy

from gdcli.calculus.check.identity import proven_equal
from gdcli.calculus.check.points import (
    Point,
    beside_corners,
    edges_of,
    is_on_edge,
    random_points,
    small_points,
    value_at,
)
from gdcli.calculus.definition import Slope, local
from gdcli.calculus.exact import Exact, NoValueError, UndecidedError, sign_of
from gdcli.calculus.function import Function
from gdcli.calculus.numeric import Numeric
from gdcli.errors import DomainError
from gdcli.language import parse
from gdcli.language.build import symbol
from gdcli.language.text import text

DIGITS = 50
GUARD = 50
POINTS = 40
"""Random points of f's domain at which a claim must agree."""


@dataclass(frozen=True)
class Difference:
    """A point where claim and derivative differ. `truth` and `claimed` are exact; `claimed` None where it has no value.

    `reason` then says why.
    """

    point: Point
    truth: sympy.Expr
    claimed: sympy.Expr | None
    reason: str | None = None


@dataclass(frozen=True)
class Verdict:
    """`difference` for a wrong claim; else `proven`, or equal at `points` random points. `notes` on single points."""

    difference: Difference | None
    proven: bool
    points: int
    notes: tuple[str, ...] = ()


class Domain:
    """Points at which f has a value, found once for all its partials."""

    def __init__(self, function: Function, claims: Sequence[Function]) -> None:
        names = [variable.name for variable in function.variables]
        trees = [function.tree, *(claim.tree for claim in claims)]
        edges = edges_of(*trees) if len(names) == 1 else []
        chosen = (*small_points(names, edges), *beside_corners(names, *trees))
        self.small = [p for p in chosen if value_at(Numeric(function.tree), p) is not None]
        self.random: list[Point] = []
        for point in random_points(names):
            if len(self.random) < POINTS and value_at(Numeric(function.tree), point) is not None:
                self.random.append(point)


def compare(function: Function, name: str, partial: sympy.Expr, claim: Function, domain: Domain) -> Verdict:
    """The verdict on `claim` for df/d`name`, whose formula is `partial`.

    Raises DomainError where no point was found at which f has the derivative.
    """
    found = _Comparison(function, name, Numeric(parse(text(partial)).tree), claim)
    difference = found.among_small(domain.small) or found.among_random(domain.random)
    if difference is not None:
        return Verdict(difference, False, found.met)
    proven = proven_equal(partial, claim.expr)
    if not proven and not found.met:
        raise DomainError(
            f"no point was found at which f has a derivative in {name}", hint="check that the formula has real values"
        )
    return Verdict(None, proven, found.met, tuple(found.notes.values()))


class _Comparison:
    """The search for a difference; it counts the random points `met` and keeps one note of a kind."""

    def __init__(self, function: Function, name: str, partial: Numeric, claim: Function) -> None:
        self._function, self._name, self._partial, self._claim = function, name, partial, claim
        self._claimed = Numeric(claim.tree)
        self.met = 0
        self.notes: dict[str, str] = {}

    def among_small(self, points: Sequence[Point]) -> Difference | None:
        """The first small point at which f has the derivative and the claim another value."""
        differences = (self._at_small(point) for point in points if self._suspect(point))
        return next((difference for difference in differences if difference is not None), None)

    def among_random(self, points: Sequence[Point]) -> Difference | None:
        """The first random point at which they differ, or at which the claim has no value."""
        for point in points:
            right = value_at(self._partial, point)
            if right is None:
                continue
            self.met += 1
            if self._differ(point):
                return self._exactly(point, self._slope(point))
        return None

    def _suspect(self, point: Point) -> bool:
        return self._differ(point) or is_on_edge(point, self._function.tree, self._claim.tree)

    def _differ(self, point: Point) -> bool:
        """Whether the claim has no value, or one that differs: by a part that more digits do not take away."""
        gaps = []
        for extra in (GUARD, 3 * GUARD):
            with mpmath.workdps(DIGITS + extra):
                right, claimed = value_at(self._partial, point), value_at(self._claimed, point)
                if right is None or claimed is None:
                    return right is not claimed
                gap = abs(right - claimed)
                if gap <= mpmath.mpf(10) ** -DIGITS * max(abs(right), abs(claimed)):
                    return False
                gaps.append(gap)
        return bool(abs(gaps[0] - gaps[1]) <= gaps[1] / 100)

    def _at_small(self, point: Point) -> Difference | None:
        slope = self._slope(point)
        if slope is None or slope.kind != "value":
            self._note("kink", point, f"f has no derivative in {self._name}: no claim is right or wrong there")
            return None
        difference = self._exactly(point, slope)
        if difference is not None and difference.claimed is None and not self._is_missing_around(point):
            shown = text(difference.truth)
            self._note("hole", point, f"the claim has no value ({difference.reason}), and df/d{self._name} = {shown}")
            return None
        return difference

    def _is_missing_around(self, point: Point) -> bool:
        """Whether the claim has no value at the points next to this one either."""
        near = [{n: v + side * Fraction(k + 7, 10**9) for k, (n, v) in enumerate(point.items())} for side in (1, -1)]
        return any(value_at(self._claimed, p) is None and value_at(self._partial, p) is not None for p in near)

    def _slope(self, point: Point) -> Slope | None:
        place = _exact(point)
        try:
            return local(self._function, place, [symbol(self._name)]).slopes[0]
        except (NoValueError, UndecidedError):
            return None

    def _exactly(self, point: Point, slope: Slope | None) -> Difference | None:
        """The difference in exact numbers, None where there is none after all."""
        if slope is None or slope.value is None or slope.kind != "value":
            return None
        try:
            claimed = Exact(_exact(point)).value(self._claim.tree)
        except NoValueError as error:
            return Difference(point, slope.value, None, error.message)
        except UndecidedError:
            return None
        return None if _same(claimed, slope.value) else Difference(point, slope.value, claimed)

    def _note(self, kind: str, point: Point, words: str) -> None:
        place = ", ".join(f"{name} = {value}" for name, value in point.items())
        self.notes.setdefault(kind, f"at {place} {words}")


def _exact(point: Point) -> Mapping[str, sympy.Expr]:
    return {name: sympy.Rational(value.numerator, value.denominator) for name, value in point.items()}


def _same(one: sympy.Expr, other: sympy.Expr) -> bool:
    """Whether two exact numbers are equal, or too near to tell; digits first, for a proof of equality is slow."""
    gap = (one - other).evalf(DIGITS)
    if gap.is_Float and gap._prec > 1 and abs(gap) > sympy.Float(10) ** (10 - DIGITS) * (1 + abs(other.evalf(15))):
        return False
    return sign_of(one - other) in (0, None)
