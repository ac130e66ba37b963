"""What kind of point a stationary point is: minimum, maximum, saddle, or undecided by everything tried.

The signs of H decide where it is regular. Where it is not: convexity, a lower bound on f over the whole region, and the
first derivative of f along a line that does not vanish (odd: no extremum).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import sympy

from gdcli.calculus.curvature.inertia import Inertia
from gdcli.calculus.exact import sign_of
from gdcli.calculus.function import Function
from gdcli.calculus.interval.arithmetic import WHOLE, EmptyError
from gdcli.calculus.interval.region import Region
from gdcli.calculus.interval.tape import Tape
from gdcli.errors import DomainError

ORDER = 12
"""The highest derivative along a line that is tried."""
LINES = 40
"""Lines that are tried at the most."""


@dataclass(frozen=True)
class Place:
    """A point: exact coordinates, f, grad f and the signs of H there."""

    coordinates: Mapping[sympy.Symbol, sympy.Expr]
    value: sympy.Expr
    gradient: tuple[sympy.Expr, ...]
    matrix: tuple[tuple[sympy.Expr, ...], ...]
    signs: Inertia | None


@dataclass(frozen=True)
class Kind:
    """`name`: not stationary, strict local minimum, global minimum, ..., saddle, undecided; and the reason."""

    name: str
    reason: str


@dataclass(frozen=True)
class Claim:
    """What is known of f on a region: its convexity verdict, and where the verdict holds."""

    kind: str
    region: Region


def kind_of(function: Function, place: Place, claim: Claim) -> Kind:
    """The kind of a point at which f is smooth."""
    slopes = [sign_of(slope) for slope in place.gradient]
    if any(slopes):
        return Kind("not stationary", "grad f is not 0 here")
    if None in slopes:
        return Kind("undecided", "whether grad f is exactly 0 here could not be decided")
    return _globally(function, place, claim) or _by_signs(place.signs) or _degenerate(function, place)


def _globally(function: Function, place: Place, claim: Claim) -> Kind | None:
    """A point at which f meets a lower bound proven everywhere, or a stationary point of a convex function."""
    return _at_bound(function, place) or _by_convexity(function, place, claim)


def _by_convexity(function: Function, place: Place, claim: Claim) -> Kind | None:
    region = claim.region
    if not region.holds(dict(place.coordinates), function.variables):
        return None
    scope, where = ("global {}", "") if region.whole else ("{} over the box", f" on {region.shown}")
    if claim.kind == "affine":
        return Kind("minimum and maximum", f"f is constant{where}")
    if claim.kind not in ("convex", "concave"):
        return None
    name = "minimum" if claim.kind == "convex" else "maximum"
    return Kind(scope.format(name), f"f is {claim.kind}{where}: where grad f = 0 it has its {name}")


def _at_bound(function: Function, place: Place) -> Kind | None:
    """Whether f(x0) is a bound on f that interval arithmetic proves for all of R^n."""
    try:
        low, high = Tape(function.variables, [function.expr]).run([WHOLE] * len(function.variables))[0]
    except (EmptyError, DomainError):
        return None
    for name, bound, relation in (("minimum", low, ">="), ("maximum", high, "<=")):
        if math.isfinite(bound) and sign_of(sympy.Rational(Fraction(bound)) - place.value) == 0:
            return Kind(f"global {name}", f"f {relation} {bound + 0.0:g} everywhere, with equality here")
    return None


def _by_signs(signs: Inertia | None) -> Kind | None:
    """The second-derivative test."""
    if signs is None:
        return None
    if signs.positive and signs.negative:
        return Kind("saddle", "H has eigenvalues of both signs")
    if signs.zero:
        return None
    name, words = ("minimum", "positive") if signs.positive else ("maximum", "negative")
    return Kind(f"strict local {name}", f"grad f = 0 and H is {words} definite")


def _degenerate(function: Function, place: Place) -> Kind:
    """H has an eigenvalue 0, or its signs are not known: derivatives along lines."""
    if place.signs is None:
        return Kind("undecided", "the signs of H's eigenvalues could not be proven")
    found: set[int] = set()
    line = len(place.gradient) == 1
    for direction in _lines(place):
        order, sign = _first_derivative(function, place, direction)
        if order % 2:
            name = "inflection" if line else "saddle"
            return Kind(
                name,
                f"along {_shown(direction)} the first derivative that is not 0 has order {order}: f crosses its value",
            )
        found.add(sign)
        if line and sign:
            name = "minimum" if sign > 0 else "maximum"
            return Kind(f"strict local {name}", f"the first derivative that is not 0 has the even order {order}")
    if {1, -1} <= found or (-1 in found and place.signs.positive) or (1 in found and place.signs.negative):
        return Kind("saddle", "f rises along one line through the point and falls along another")
    return Kind("undecided", "H has an eigenvalue 0, and no line tried shows f on both sides of its value here")


def _lines(place: Place) -> Iterator[tuple[int, ...]]:
    """Directions in the kernel of H with small whole components; every direction where H is 0."""
    n = len(place.gradient)
    kernel = sympy.Matrix(place.matrix).nullspace()
    basis = [_cleared(vector) for vector in kernel]
    known = [vector for vector in basis if vector is not None]
    pairs = [
        [a + s * b for a, b in zip(u, v, strict=True)] for i, u in enumerate(known) for v in known[:i] for s in (1, -1)
    ]
    for vector in [*known, *pairs][:LINES]:
        if len(vector) == n and any(vector):
            yield tuple(vector)


def _cleared(vector: sympy.Matrix) -> list[int] | None:
    """A rational vector without its denominators; None for an irrational one."""
    if not all(entry.is_Rational for entry in vector):
        return None
    common = sympy.ilcm(1, *(entry.q for entry in vector))
    return [int(entry * common) for entry in vector]


def _first_derivative(function: Function, place: Place, direction: Sequence[int]) -> tuple[int, int]:
    """(k, sign) of the first derivative of f(x0 + t d) at t = 0 that is not 0; (0, 0) where none is found."""
    t = sympy.Dummy("t", real=True)
    path = {v: place.coordinates[v] + t * d for v, d in zip(function.variables, direction, strict=True)}
    slope = function.expr.xreplace(path)
    for order in range(1, ORDER + 1):
        slope = slope.diff(t)
        sign = sign_of(slope.subs(t, 0))
        if sign is None:
            return 0, 0
        if sign:
            return order, sign
    return 0, 0


def _shown(direction: Sequence[int]) -> str:
    return f"({', '.join(map(str, direction))})"
