"""What the calculus says of a formula before a descent: its kernel, its start, its L and mu. Made in the worker."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from gdcli.calculus.interval.box import Ranges, everywhere
from gdcli.kernels.derived import Derived
from gdcli.language import Formula
from gdcli.language.recursion import deep
from gdcli.results.common import Written


@dataclass(frozen=True, slots=True)
class Facts:
    """The kernel of f and grad f, x0 (d,), and what is proven on `region`.

    L is None where no finite bound is known; `hessian` is H(x0) in doubles, None where f is not smooth there. `bends`
    gives H, row by row, where it is asked for.
    """

    kernel: Derived
    expression: Written
    symbols: Mapping[str, str]
    start: tuple[float, ...]
    region: str
    box: tuple[tuple[float, float], ...]
    verdict: str
    L: float | None
    mu: float
    hessian: tuple[tuple[float, ...], ...] | None
    bends: Derived | None


@deep()
def facts(formula: Formula, at: Mapping[str, Formula], on: Ranges | None, bends: bool) -> Facts:
    """Everything above for a formula with variables; the errors of parsing and building a point."""
    from gdcli.calculus.curvature.domain import needs
    from gdcli.calculus.curvature.field import Field
    from gdcli.calculus.curvature.hessian import Hessian
    from gdcli.calculus.curvature.verdict import judge
    from gdcli.calculus.function import Function
    from gdcli.calculus.interval.region import Region, enclosure
    from gdcli.calculus.report import written
    from gdcli.kernels.source import derive_field, joint
    from gdcli.language.build import build_point

    function = Function.of(formula)
    hessian = Hessian.of(function)
    region = Region.of(on or everywhere(formula.variables))
    verdict = judge(function, hessian, region)
    place = [enclosure(number) for number in build_point(at).values()]
    rows = Field(function.variables, hessian, needs(function)).at(place)
    size = range(len(place))
    L = verdict.smoothness
    return Facts(
        kernel=derive_field(formula),
        expression=written(function.expr),
        symbols={v.name: written(v).latex for v in function.variables},
        start=tuple(_middle(*part) for part in place),
        region=region.shown,
        box=region.outer,
        verdict=verdict.kind,
        L=None if L is None or not math.isfinite(L.upper) else L.upper,
        mu=verdict.mu if verdict.kind == "convex" else 0.0,
        bends=joint(formula.source, formula.variables, [hessian.entry(i, j) for i in size for j in size])
        if bends
        else None,
        hessian=None if rows is None else tuple(tuple(_middle(*row.get(j, (0.0, 0.0))) for j in size) for row in rows),
    )


def _middle(low: float, high: float) -> float:
    return low if low == high else low + (high - low) / 2
