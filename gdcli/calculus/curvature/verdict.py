"""Is f convex, concave, or neither, and how strongly? By composition rules first, then by the Hessian on boxes.

"Neither" needs two witnesses: a place and a direction of negative curvature, and one of positive curvature, each
checked in exact numbers. What is neither proven nor refuted is undecided.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import sympy

from gdcli.calculus.convexity.rules import Rules
from gdcli.calculus.convexity.shapes import Curvature, Shape
from gdcli.calculus.curvature.constant import exact_extremes
from gdcli.calculus.curvature.domain import Need, needs
from gdcli.calculus.curvature.extremes import Extreme, Search
from gdcli.calculus.curvature.field import Field
from gdcli.calculus.curvature.hessian import Hessian
from gdcli.calculus.curvature.spectrum import lowest_direction
from gdcli.calculus.exact import sign_of
from gdcli.calculus.function import Function
from gdcli.calculus.interval.region import Region, enclosure
from gdcli.language.text import text

BY_RULES = "composition rules"
BY_HESSIAN = "interval Hessian"
BY_CONSTANT = "constant Hessian"
BY_WITNESS = "witness"


@dataclass(frozen=True)
class Witness:
    """d^T H(place) d = `curvature` != 0, in exact numbers."""

    place: tuple[sympy.Expr, ...]
    direction: tuple[int, ...]
    curvature: sympy.Expr


@dataclass(frozen=True)
class Eigenvalues:
    """A proven bracket [lower, upper] of an extreme eigenvalue over the region, exact where f is quadratic."""

    lower: float
    upper: float
    exact: sympy.Expr | None = None


@dataclass(frozen=True)
class Verdict:
    """`kind`: affine, convex, concave, neither or undecided; `strict` with it; `where` restricts the domain.

    `least` brackets the infimum of lambda_min(H) and `greatest` the supremum of lambda_max(H) over the region; None
    where f is not known to be smooth on all of it.
    """

    kind: str
    strict: bool
    method: str
    reasons: tuple[str, ...]
    where: tuple[str, ...]
    not_convex: Witness | None
    not_concave: Witness | None
    least: Eigenvalues | None
    greatest: Eigenvalues | None

    @property
    def mu(self) -> float:
        """A proven lower bound on every eigenvalue, if it is positive; else 0."""
        return 0.0 if self.least is None else max(self.least.lower, 0.0)

    @property
    def smoothness(self) -> Eigenvalues | None:
        """The bracket of L, the supremum of ||H||; None where none is known."""
        if self.least is None or self.greatest is None:
            return None
        exact = None
        if self.least.exact is not None and self.greatest.exact is not None:
            exact = sympy.Max(self.greatest.exact, -self.least.exact)
        lower = max(self.greatest.lower, -self.least.upper, 0.0)
        return Eigenvalues(lower, max(self.greatest.upper, -self.least.lower, 0.0), exact)


def judge(function: Function, hessian: Hessian, region: Region) -> Verdict:
    """The verdict on a region."""
    asked = needs(function)
    rules = Rules(function.variables, region.outer)
    where = restrictions(asked, rules)
    shape = rules.shape(function.expr) if where is not None else Shape(Curvature.UNKNOWN)
    exact = exact_extremes(hessian) if hessian.constant and not asked else None
    if exact is not None:
        return _by_constant(function, hessian, next(region.samples()), *exact)
    field = Field(function.variables, hessian, asked)
    least, greatest = Search(field, region).run(), Search(field, region, negated=True).run()
    smooth = least.smooth and greatest.smooth
    verdict = _by_shape(shape, where or (), function)
    if verdict is None:
        verdict = _by_signs(function, hessian, least, greatest)
    elif (verdict.kind != "concave" and least.upper < 0.0) or (verdict.kind != "convex" and greatest.upper < 0.0):
        raise ArithmeticError(f"the rules say {verdict.kind}, and the Hessian at a point says otherwise")
    if not smooth:
        return verdict
    low, high = _brackets(verdict.kind, least, greatest)
    return replace(verdict, least=low, greatest=high)


def restrictions(asked: Sequence[Need], rules: Rules) -> tuple[str, ...] | None:
    """What the domain asks beyond the region, such as x > 0; None where the domain is not known to be convex."""
    found: list[str] = []
    for need in asked:
        if not need.domain:
            continue
        low, high = rules.values(need.expr)
        if low > 0.0 or (need.kind == "nonzero" and high < 0.0) or (need.closed and low >= 0.0):
            continue
        curvature = rules.shape(need.expr).curvature
        if curvature.concave and (need.kind == "positive" or low >= 0.0):
            found.append(f"{text(need.expr)} {'>=' if need.closed else '>'} 0")
        elif curvature.convex and need.kind == "nonzero" and high <= 0.0:
            found.append(f"{text(need.expr)} < 0")
        else:
            return None
    return tuple(dict.fromkeys(found))


def _by_shape(shape: Shape, where: tuple[str, ...], function: Function) -> Verdict | None:
    kinds = {
        Curvature.CONSTANT: "affine",
        Curvature.AFFINE: "affine",
        Curvature.CONVEX: "convex",
        Curvature.CONCAVE: "concave",
    }
    kind = kinds.get(shape.curvature)
    if kind is None:
        return None
    return Verdict(kind, _is_strict(shape, function), BY_RULES, shape.reasons, where, None, None, None, None)


def _is_strict(shape: Shape, function: Function) -> bool:
    """Whether the directions in which f is strictly convex span the space."""
    rows = [row for row in shape.strict if all(entry.is_number for entry in row)]
    if shape.curvature.affine or not rows:
        return False
    return int(sympy.Matrix(rows).rank()) == len(function.variables)


def _by_constant(
    function: Function, hessian: Hessian, place: tuple[float, ...], low: sympy.Expr, high: sympy.Expr
) -> Verdict:
    """A quadratic: the signs of its extreme eigenvalues, in exact numbers; `place` is any of the region."""
    signs = sign_of(low), sign_of(high)
    kind = "undecided"
    if signs[0] is not None and signs[1] is not None:
        kind = "affine" if signs == (0, 0) else "convex" if signs[0] >= 0 else "concave" if signs[1] <= 0 else "neither"
    return Verdict(
        kind=kind,
        strict=signs[0] == 1 or signs[1] == -1,
        method=BY_CONSTANT,
        reasons=("f is quadratic: its Hessian is constant",),
        where=(),
        not_convex=_witness(function, hessian, place, 1) if kind == "neither" else None,
        not_concave=_witness(function, hessian, place, -1) if kind == "neither" else None,
        least=Eigenvalues(*enclosure(low), low),
        greatest=Eigenvalues(*enclosure(high), high),
    )


def _by_signs(function: Function, hessian: Hessian, least: Extreme, greatest: Extreme) -> Verdict:
    """The signs of the extreme eigenvalues: bounds prove, witnesses refute."""
    smooth = least.smooth and greatest.smooth
    for kind, ends in (("convex", least), ("concave", greatest)):
        if smooth and ends.lower >= 0.0:
            reason = f"every eigenvalue of {'H' if kind == 'convex' else '-H'} is >= {ends.lower:.6g}"
            return Verdict(kind, ends.lower > 0.0, BY_HESSIAN, (reason,), (), None, None, None, None)
    down, up = _witness(function, hessian, least.place, 1), _witness(function, hessian, greatest.place, -1)
    if down is not None and up is not None:
        return Verdict("neither", False, BY_WITNESS, (), (), down, up, None, None)
    return Verdict("undecided", False, BY_WITNESS, _open_question(smooth, down, up), (), down, up, None, None)


def _open_question(smooth: bool, down: Witness | None, up: Witness | None) -> tuple[str, ...]:
    gaps = "the bounds on the eigenvalues of H have both signs"
    if not smooth:
        gaps = "f is not known to be smooth, or not known to be defined, on all of the region"
    known = "f is not convex; " if down else "f is not concave; " if up else ""
    return (f"{known}no composition rule applies, and {gaps}",)


def _brackets(kind: str, least: Extreme, greatest: Extreme) -> tuple[Eigenvalues, Eigenvalues]:
    """Both brackets, sharpened by what is known of the sign."""
    low, high = least.lower, -greatest.lower
    if kind in ("convex", "affine"):
        low = max(low, 0.0)
    if kind in ("concave", "affine"):
        high = min(high, 0.0)
    return Eigenvalues(low, max(least.upper, low)), Eigenvalues(min(-greatest.upper, high), high)


def _witness(function: Function, hessian: Hessian, found: tuple[float, ...] | None, sign: int) -> Witness | None:
    """Where sign H has a direction of negative curvature, with short whole numbers for the direction."""
    if found is None:
        return None
    place = tuple(sympy.Rational(Fraction(x)) for x in found)
    numbers: Mapping[sympy.Symbol, sympy.Expr] = dict(zip(function.variables, place, strict=True))
    matrix = hessian.at(numbers)
    size = range(len(place))
    rows = [{j: enclosure(sign * matrix[i][j]) for j in size if matrix[i][j] != 0} for i in size]
    vector = lowest_direction(rows)
    for scale in (1, 3, 10, 100, 10_000):
        direction = _whole(vector, scale)
        terms = (matrix[i][j] * a * b for i, a in enumerate(direction) for j, b in enumerate(direction) if a and b)
        curvature = sympy.Add(*terms)
        if any(direction) and sign_of(sign * curvature) == -1:
            return Witness(place, direction, curvature)
    return None


def _whole(vector: Sequence[float], scale: int) -> tuple[int, ...]:
    """Whole numbers along a vector, its largest component `scale`, in lowest terms and led by a positive one."""
    top = max(map(abs, vector))
    whole = [round(x / top * scale) for x in vector]
    common = math.gcd(*whole) or 1
    lead = next((x for x in whole if x), 1)
    return tuple(x // common * (1 if lead > 0 else -1) for x in whole)
