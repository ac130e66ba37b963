"""Rates of convergence as a Markdown page: a table of slopes, one of T(eps), one of the comparison."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gdcli.escape import visible
from gdcli.render import Look
from gdcli.render.text.rate import words
from gdcli.results.rate import CurveRate, MethodRate, RateReport, Standing


def result(result: RateReport, look: Look) -> str:
    """The whole page."""
    return "\n\n".join(_blocks(result)) + "\n"


def _blocks(result: RateReport) -> Iterator[str]:
    yield f"## Rates of convergence: {_safe(result.data)}"
    penalty = f", l2 = {result.l2:g}" if result.l2 else ""
    shape = f"{result.rows} rows x {result.features} features"
    yield f"{shape}, {_safe(result.loss)} loss{penalty}; {words.optimum(result)}"
    yield ", ".join(words.risk(result))
    yield f"Slopes: log gap against log {words.FULL_AXIS[result.at]}, the last {result.decades:g} decades."
    pairs = result.curves
    yield _table(["curve", "step size", "slope", "95 %", "theory", "bound at T"], (_slope(*pair) for pair in pairs))
    yield "### T(eps): from this step on the gap stays at or below eps (R(theta_0) - R*)"
    beside = "seconds" if result.at == "time" else "passes"
    reached = (
        [words.name(*pair), *words.reached(reach, result.at)]
        for pair in pairs
        for reach in pair[1].reaching
        if reach.step is not None
    )
    yield _table(["curve", "eps", "steps", beside, "growth", "1/eps^"], reached)
    yield f"### Gap at equal {words.FULL_AXIS[result.at]}"
    yield _table([words.AXIS[result.at], *(words.name(*pair) for pair in pairs)], map(_standing, result.standings))
    yield f"{result.verdict}."
    yield from (f"**Warning:** {_safe(warning)}" for warning in result.warnings)


def _slope(method: MethodRate, curve: CurveRate) -> list[str]:
    found = curve.slope
    value = f"{found.value:.3f}" if found.value is not None else f"none: {found.reason}"
    ends = "" if found.lower is None else f"[{found.lower:.3f}, {found.upper:.3f}]"
    bound = words.bound(method.bound) if method.bound and method.bound.of == curve.of else ""
    return [words.name(method, curve), words.step_size(method), value, ends, method.theory, bound]


def _standing(found: Standing) -> list[str]:
    gaps = zip(found.gaps, found.below, strict=True)
    return [f"{found.x:g}", *(words.gap(gap, below=below) for gap, below in gaps)]


def _table(titles: Sequence[str], rows: Iterator[list[str]]) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(_safe(cell) for cell in line)} |" for line in lines)


def _safe(text: str) -> str:
    """A bar would end the cell, a star begin emphasis."""
    return visible(text, 4096).replace("|", "\\|").replace("*", "\\*")
