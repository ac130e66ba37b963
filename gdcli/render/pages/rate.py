"""Rates of convergence: a table of slopes, one of T(eps), one of the comparison."""

from __future__ import annotations

from collections.abc import Iterator

from gdcli.render.pages.blocks import Block, Heading, Number, Row, Section, Text, table
from gdcli.render.text.rate import words
from gdcli.results.rate import FULL_AXIS, CurveRate, MethodRate, RateReport, Standing


def result(result: RateReport) -> Iterator[Block]:
    """The whole page."""
    yield Heading((f"Rates of convergence: {result.data}",))
    penalty = f", l2 = {result.l2:g}" if result.l2 else ""
    shape = f"{result.rows} rows x {result.features} features"
    yield Text((f"{result.data}: {shape}, {result.loss} loss{penalty}; {words.optimum(result)}",))
    yield Text((", ".join(words.risk(result)),))
    yield Text((f"Slopes: log gap against log {FULL_AXIS[result.at]}, the last {result.decades:g} decades.",))
    titles = ("curve", "step size", "slope", "95 %", "theory", "bound at T")
    yield table("lppppp", titles, (_slope(*pair) for pair in result.curves))
    yield Section(("T(eps): from this step on the gap stays at or below eps (R(theta_0) - R*)",))
    beside = "seconds" if result.at == "time" else "passes"
    yield table("lrrrrr", ("curve", "eps", "steps", beside, "growth", "1/eps^"), _reached(result))
    yield Section((f"Gap at equal {FULL_AXIS[result.at]}",))
    yield table(
        "r", (words.AXIS[result.at], *(words.name(*pair) for pair in result.curves)), map(_gaps, result.standings)
    )
    yield Text((f"{result.verdict}.",))
    yield from (Text((f"Warning: {warning}",)) for warning in result.warnings)


def _slope(method: MethodRate, curve: CurveRate) -> Row:
    found = curve.slope
    value = f"none: {found.reason}" if found.value is None else Number(f"{found.value:.3f}")
    ends = "" if found.lower is None else f"[{found.lower:.3f}, {found.upper:.3f}]"
    bound = words.bound(method.bound) if method.bound and method.bound.of == curve.of else ""
    return words.name(method, curve), words.step_size(method), value, ends, method.theory, bound


def _reached(result: RateReport) -> Iterator[Row]:
    for method, curve in result.curves:
        for reach in curve.reaching:
            if reach.step is not None:
                eps, steps, beside, *growth = words.reached(reach, result.at)
                yield words.name(method, curve), Number(eps), Number(steps), Number(beside), *growth


def _gaps(found: Standing) -> Row:
    gaps = zip(found.gaps, found.below, strict=True)
    return Number(f"{found.x:g}"), *(Number(words.gap(gap, below=below)) for gap, below in gaps)
