"""A run of `gdcli descend` as it goes on: its lines shown and kept, its end and its picture, and the exit code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gdcli.cli import github, picture
from gdcli.cli.ending import end, interrupted
from gdcli.cli.progress import Progress
from gdcli.cli.terminal import Terminal
from gdcli.errors import Exit, Stopped
from gdcli.render import foot, load
from gdcli.results.common import Failure

if TYPE_CHECKING:
    from gdcli.descent.keep.keeper import Keeper
    from gdcli.descent.loops.state import State
    from gdcli.descent.pictures.trail import Trail
    from gdcli.descent.plan import Plan
    from gdcli.descent.run import Run, Step
    from gdcli.results.descend import RunReport
    from gdcli.risk.empirical import Vector


@dataclass(frozen=True)
class Wanted:
    """What is asked of a run beside its result: a gap that it has to stay below, a picture."""

    max_gap: float | None = None
    plot: str | None = None


def watch(
    plan: Plan,
    place: Terminal,
    progress: Progress,
    wanted: Wanted,
    *,
    keeper: Keeper | None = None,
    reading: float | None = None,
    preparing: float | None = None,
) -> int:
    """Stream the run, print its end, draw it; an interruption ends it with the state it had reached. The exit code."""
    from gdcli.descent import report
    from gdcli.descent.run import Run

    told = _told(progress, plan)
    run = Run(plan, place.clock, watch=told) if keeper is None else keeper.run(told)
    trail = _trail(wanted.plot)
    last = _stream(run, place, progress, keeper, trail)
    progress.begin("summing up")
    result = report.run_report(run, last, reading=reading, preparing=preparing)
    if keeper is not None:
        keeper.end(run, last, load("json").result(result, place.look(place.stdout)))
    failure = interrupted(place) or _failure(result, wanted.max_gap)
    place.emit(result, failure)
    github.summarise(result, place)
    if wanted.plot is not None and trail is not None:
        _draw(plan, trail, None if result.reason == "diverged" else last.theta, keeper, wanted.plot, place)
    return end(result.warnings, failure, place)


def _stream(run: Run, place: Terminal, progress: Progress, keeper: Keeper | None, trail: Trail | None) -> Step:
    """The head and a line a step; the last step."""
    from gdcli.descent import report

    renderer, lines = load(place.format), load("ndjson")
    look, head = place.look(place.stdout), report.head(run.plan)
    if not place.quiet:
        place.write(renderer.head(head, look))
    last = None
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
        progress.begin("measuring where it stopped")
        run.interrupt()
        place.interruption = signal
        last = run.measure()
    if not place.quiet:
        place.write(foot(renderer, head, look))
    assert last is not None  # the first step is always logged
    return last


def _told(progress: Progress, plan: Plan) -> Callable[[State], None] | None:
    """What tells of the steps, where somebody looks."""
    progress.begin("descending", "steps")
    return (lambda state: progress(state.t, plan.steps)) if progress.shows else None


def _trail(plot: str | None) -> Trail | None:
    """Where logged steps are kept, for a picture alone."""
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


def _failure(result: RunReport, max_gap: float | None) -> Failure | None:
    if result.reason == "diverged":
        return Failure("diverged", f"the descent diverged by step {result.step}", None, Exit.DIVERGED, {})
    if max_gap is None or result.gap_upper <= max_gap:
        return None
    message = f"the risk gap is {result.gap:.3g}, and --max-gap asks for at most {max_gap:.3g}"
    if result.above_local is not None:
        message = "--max-gap asks for a proven gap, and no R* is claimed for a loss not known to be convex"
    return Failure("not met", message, None, Exit.NOT_MET, {})
