"""The report of `gdcli curvature`, made in the worker process."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gdcli.calculus.interval.arithmetic import around
from gdcli.calculus.interval.box import Ranges, everywhere
from gdcli.calculus.report import point_report, quantity, written
from gdcli.errors import DomainError
from gdcli.language import Formula
from gdcli.language.recursion import deep
from gdcli.results.curvature import Bracket, Convexity, CurvaturePoint, CurvatureReport, CurvatureWitness

if TYPE_CHECKING:
    from gdcli.calculus.curvature.hessian import Hessian
    from gdcli.calculus.curvature.stationary import Claim
    from gdcli.calculus.curvature.verdict import Eigenvalues, Verdict, Witness
    from gdcli.calculus.function import Function
    from gdcli.calculus.interval.region import Region

ARITHMETIC = (
    "intervals of doubles rounded outward: the errors of +, * and sqrt are computed exactly, other functions are "
    "evaluated with 110 bits; a quadratic's eigenvalues in exact numbers"
)
KINK = "a piece of the formula is not smooth at this point, so there is no Hessian to rely on"


@deep()
def curvature_report(formula: Formula, at: Mapping[str, Formula] | None, on: Ranges | None) -> CurvatureReport:
    """Hessian and convexity of f, on the box `on` or on all of R^n, and second order at `at`.

    Raises DomainError where f is constant, or not defined at the point; UsageError for an empty box.
    """
    from gdcli.calculus.curvature.hessian import Hessian
    from gdcli.calculus.curvature.stationary import Claim
    from gdcli.calculus.curvature.verdict import judge
    from gdcli.calculus.function import Function
    from gdcli.calculus.interval.region import Region

    if not formula.variables:
        raise DomainError("f is a constant: it has no curvature", hint="give a formula with a variable")
    function = Function.of(formula)
    hessian = Hessian.of(function)
    region = Region.of(on or everywhere(formula.variables))
    verdict = judge(function, hessian, region)
    point = None if at is None else _at(function, hessian, at, Claim(verdict.kind, region))
    size = range(len(formula.variables))
    return CurvatureReport(
        expression=written(function.expr),
        variables=tuple(formula.variables),
        hessian=tuple(tuple(written(hessian.entry(i, j)) for j in size) for i in size),
        symbols={v.name: written(v).latex for v in function.variables},
        point=point,
        convexity=convexity(verdict, function, region),
        arithmetic=ARITHMETIC,
        warnings=tuple(formula.notes),
    )


def convexity(verdict: Verdict, function: Function, region: Region) -> Convexity:
    """The verdict in plain numbers and words."""
    L = verdict.smoothness
    exact = None if L is None or L.exact is None or L.exact == 0 else written(1 / L.exact)
    upper = None if L is None or not 0.0 < L.upper < math.inf else L.upper
    return Convexity(
        verdict=verdict.kind,
        strict=verdict.strict,
        region=region.shown,
        bounded=region.bounded,
        where=verdict.where,
        method=verdict.method,
        reasons=verdict.reasons,
        not_convex=_witness(verdict.not_convex, function),
        not_concave=_witness(verdict.not_concave, function),
        smallest=_bracket(verdict.least),
        largest=_bracket(verdict.greatest),
        L=_bracket(L),
        eta=None if upper is None else around(1 / Fraction(upper))[0],
        eta_exact=exact,
    )


def _bracket(found: Eigenvalues | None) -> Bracket | None:
    if found is None:
        return None
    lower, upper = (end + 0.0 if math.isfinite(end) else None for end in (found.lower, found.upper))
    return Bracket(lower, upper, None if found.exact is None or _is_implicit(found.exact) else written(found.exact))


def _is_implicit(number: Any) -> bool:
    """Whether the number is only known as a root of a polynomial, for which the language has no word."""
    import sympy

    return bool(number.has(sympy.CRootOf))


def _witness(found: Witness | None, function: Function) -> CurvatureWitness | None:
    if found is None:
        return None
    at = {v.name: quantity(x) for v, x in zip(function.variables, found.place, strict=True)}
    return CurvatureWitness(at, found.direction, quantity(found.curvature))


def _at(function: Function, hessian: Hessian, at: Mapping[str, Formula], claim: Claim) -> CurvaturePoint:
    from gdcli.calculus.curvature.inertia import inertia
    from gdcli.calculus.curvature.stationary import Place, kind_of
    from gdcli.calculus.definition import local
    from gdcli.calculus.taylor import taylor
    from gdcli.language.build import build_point

    place = build_point(at)
    names = [v.name for v in function.variables]
    found = local(function, {v.name: number for v, number in place.items()})
    report = point_report(names, {v.name: number for v, number in place.items()}, found)
    if not found.smooth:
        return CurvaturePoint(report, None, None, None, None, None, None, KINK)
    matrix = tuple(tuple(row) for row in hessian.at(place))
    gradient = tuple(slope.value for slope in found.slopes)
    signs = inertia(matrix)
    kind = kind_of(function, Place(place, found.value, gradient, matrix, signs), claim)
    return CurvaturePoint(
        point=report,
        hessian=tuple(tuple(map(quantity, row)) for row in matrix),
        eigenvalues=None if signs is None else (signs.positive, signs.negative, signs.zero),
        definiteness=None if signs is None else signs.definiteness,
        taylor=taylor(found.value, gradient, matrix, [(v, place[v]) for v in function.variables]),
        type=kind.name,
        type_reason=kind.reason,
        reason=None,
    )
