"""A run of `gdcli descend` as it goes on: its lines shown and kept, its end, and what the exit code is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdcli.cli import picture
from gdcli.cli.terminal import Terminal
from gdcli.errors import Exit, Stopped
from gdcli.render import load

if TYPE_CHECKING:
    from gdcli.descent.keep.keeper import Keeper
    from gdcli.descent.pictures.trail import Trail
    from gdcli.descent.plan import Plan
    from gdcli.results.descend import RunReport
    from gdcli.risk.empirical import Vector


def watch(
    plan: Plan,
    place: Terminal,
    *,
    keeper: Keeper | None = None,
    reading: float | None = None,
    preparing: float | None = None,
    plot: str | None = None,
) -> RunReport:
    """Stream the run; an interruption ends it with the state it had reached. Its logged steps are kept for --plot."""
    from gdcli.descent import report
    from gdcli.descent.run import Run

    renderer, lines = load(place.format), load("ndjson")
    look = place.look(place.stdout)
    if not place.quiet:
        place.write(renderer.head(report.head(plan), look))
    run = Run(plan, place.clock) if keeper is None else keeper.run()
    last, trail = None, _trail(plot)
    try:
        for last in run:
            step = report.step_report(last)
            if keeper is not None:
                keeper.line(lines.step(step, look))
            if trail is not None:
                trail.add(step, run.met())
            if not place.quiet:
                place.write(renderer.step(step, look))
    except Stopped as signal:
        run.interrupt()
        place.interruption = signal
        last = run.measure()
    assert last is not None  # the first step is always logged
    result = report.run_report(run, last, reading=reading, preparing=preparing)
    if keeper is not None:
        keeper.end(run, last, load("json").result(result, look))
    place.write(renderer.result(result, look))
    if plot is not None and trail is not None:
        _draw(plan, trail, None if result.reason == "diverged" else last.theta, keeper, plot, place)
    return result


def _trail(plot: str | None) -> Trail | None:
    if plot is None:
        return None
    from gdcli.descent.pictures.trail import Trail

    return Trail()


def _draw(plan: Plan, trail: Trail, theta: Vector | None, keeper: Keeper | None, plot: str, place: Terminal) -> None:
    """The picture of the run; of one that goes on, from its first step."""
    from gdcli.descent.pictures.run import run_figure
    from gdcli.descent.pictures.trail import Trail

    if keeper is not None and keeper.state is not None:
        from gdcli.descent.keep.log import lines

        trail = Trail(list(lines(keeper.folder, None)))
    picture.show(run_figure(plan, trail, theta), plot, place)


def judge(result: RunReport, max_gap: float | None, place: Terminal) -> int:
    """What the end of a run means for the exit code; warnings go to stderr."""
    for warning in result.warnings:
        place.say("warning", warning)
    if place.interruption is not None:
        raise place.interruption
    if result.reason == "diverged":
        place.say("error", f"the descent diverged by step {result.step}")
        return Exit.DIVERGED
    if max_gap is not None and result.above_local is not None:
        place.say("error", "--max-gap asks for a proven gap, and no R* is claimed for a loss not known to be convex")
        return Exit.NOT_MET
    if max_gap is not None and not result.gap_upper <= max_gap:
        place.say("error", f"the risk gap is {result.gap:.3g}, and --max-gap asks for at most {max_gap:.3g}")
        return Exit.NOT_MET
    return Exit.DONE
