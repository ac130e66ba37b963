"""What came of a run, in about five lines: the certified gap, R*, the best bound, the work, theta."""

from __future__ import annotations

import math
from collections.abc import Iterator

from gdcli.escape import visible
from gdcli.render import Look
from gdcli.render.text.descend.details import averaged, details, kinks
from gdcli.render.text.descend.layout import beside, entry, items
from gdcli.render.text.descend.numbers import count, duration, gap_in_full, interval, known_to, number_of
from gdcli.render.text.descend.parameters import reference
from gdcli.results.descend import RunReport
from gdcli.results.findings import Bound

MOST = 3
"""Lines of parameters; -v has a table of all."""
HUES = {"gap": "bold green", "local": "bold green", "diverged": "bold red"}
"""The headline of a run that is at its goal, or lost, for this reason."""
ROWS = 8
"""Separated rows that are named."""


def result(result: RunReport, look: Look) -> str:
    """The certified gap, R*, the bound, why it stopped, and theta in the file's units; with -v everything else."""
    lines = ["", *[look.paint(line, HUES.get(result.reason, "bold")) for line in headline(result, look)]]
    for label, text in entries(result):
        lost = label == "stopped" and result.reason == "diverged"
        lines += [look.paint(line, "red") if lost else line for line in entry(label, text, look)]
    if look.verbose:
        lines += details(result, look)
    else:
        named = [f"{visible(name)} {value:.6g}" for name, value in result.theta.items()]
        lines += items("theta", named, look, MOST)
        best, title = reference(result)
        if result.step == 0 and best is not None:
            # --steps 0 asks for nothing else.
            found = [f"{visible(name)} {value:.10g}" for name, value in best.items()]
            lines += items(title, found, look, MOST)
    return "\n".join(lines) + "\n"


def headline(result: RunReport, look: Look) -> list[str]:
    """The risk gap and what is certified of it."""
    if result.above_local is not None:
        found = f"R(theta_T) - R_loc  =  {result.above_local:.3g}"
        return beside([found, "(no R* is claimed, and nothing is certified)"], look)
    if not math.isfinite(result.gap_upper):
        return beside([f"Risk gap  R(theta_T) - R*  =  {result.gap:.3g}", "(nothing is certified)"], look)
    ends = result.gap, result.gap_lower, result.gap_upper
    shown = f"Risk gap  R(theta_T) - R*  =  {gap_in_full(*ends)}"
    certified = f"certified in {interval(*ends)}"
    line = f"{shown}   {certified}"
    return [line] if len(line) <= look.width else [shown, f"    {certified}"]


def entries(result: RunReport) -> Iterator[tuple[str, str]]:
    """The lines between the gap and theta; what is no surprise (rows off every kink, a worse average) is for -v."""
    yield _reference(result)
    if result.risk_holdout is not None:
        rows = number_of(result.head.rows_holdout or 0, "row")
        yield "holdout", f"mean loss {result.risk_holdout:.8g} on {rows} that R does not hold"
    if result.head.optimum.separated_count:
        yield "separated", _separated(result)
    if result.kinks is not None and result.kinks.rows:
        yield "kinks", kinks(result.kinks)
    if result.head.l1:
        yield "zeros", f"{result.zeros} of {number_of(len(result.theta), 'parameter')}; {result.zeros_optimum} at R*"
    if result.averaged is not None and result.averaged.gap < result.gap:
        yield "average", averaged(result.averaged)
    if result.bounds:
        yield "theory", _theory(result.bounds)
    plain = result.head.sampling is None and result.epoch == result.step
    epochs = "" if plain else f"{number_of(result.epoch, 'epoch')}, "
    done = f"{number_of(result.step, 'step')}, {epochs}{duration(result.seconds)}"
    yield "stopped", f"{done}: {result.stopped}"


def _reference(result: RunReport) -> tuple[str, str]:
    optimum = result.head.optimum
    reached = f"R(theta_T) = {_risk(result)}"
    if optimum.lowest is not None:
        what = "a local minimum" if optimum.status == "local" else "no more than the lowest risk found"
        return "R_loc", f"{optimum.lowest:.12g}, {what} ({optimum.reason}); {reached}"
    shown = known_to(result.risk_optimum or 0.0, result.gap_floor)
    words = {
        "attained": f"proven to {optimum.omega:.1e}",
        "infimum": "an infimum that no theta attains",
        "unproven": "computed, not proven",
    }
    return "R*", f"{shown}, {words[optimum.status]}; {reached}"


def _risk(result: RunReport) -> str:
    """R(theta_T) with no digits that R* and the gap contradict."""
    if result.risk_optimum is None or not math.isfinite(result.risk) or not math.isfinite(result.gap_upper):
        return f"{result.risk:.12g}"
    return known_to(result.risk, abs(result.risk - (result.risk_optimum + result.gap)))


def _separated(result: RunReport) -> str:
    """Which rows can be told apart without end, the first few by their numbers."""
    number, rows = result.head.optimum.separated_count, result.head.data.rows
    if number == rows:
        return f"all {count(rows)} rows"
    named = ", ".join(map(str, result.head.optimum.separated_rows[:ROWS]))
    rest = f" and {count(number - ROWS)} more (--json lists them)" if number > ROWS else ""
    return f"{count(number)} of {count(rows)} rows: data rows {named}{rest}"


def _theory(bounds: tuple[Bound, ...]) -> str:
    """The smallest bound whose condition is met."""
    best = next((bound for bound in bounds if bound.met), None)
    if best is None or best.value is None:
        return f"no bound applies: {bounds[0].why}"
    left = "E gap" if best.expected else "gap"
    whose = "" if best.of == "last iterate" else f" of the {best.of}"
    return f"{left}{whose} <= {best.value:.3g} ({best.name}){_compared(best)}"


def _compared(bound: Bound) -> str:
    if bound.ratio is None:
        return ""
    times = f", {bound.ratio:.3g} times the measured one"
    above = "this run lies above it, the mean over all draws does not" if bound.expected else "it does not hold"
    return f"{times}: {_verdict(bound.holds, above)}"


def _verdict(holds: bool | None, above: str) -> str:
    if holds is None:
        return "both are below the rounding of R"
    return "it holds" if holds else above
