"""A run of `gdcli descend` as it goes on: its lines shown and kept, its end, and what the exit code is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gdcli.cli import github
from gdcli.cli.ending import end, interrupted
from gdcli.cli.progress import Progress
from gdcli.cli.terminal import Terminal
from gdcli.errors import Exit, Stopped
from gdcli.render import foot, load
from gdcli.results.common import Failure

if TYPE_CHECKING:
    from gdcli.descent.keep.keeper import Keeper
    from gdcli.descent.loops.state import State
    from gdcli.descent.plan import Plan
    from gdcli.results.descend import RunReport


def watch(
    plan: Plan,
    place: Terminal,
    progress: Progress,
    *,
    keeper: Keeper | None = None,
    reading: float | None = None,
    preparing: float | None = None,
) -> RunReport:
    """Stream the run; an interruption ends it with the state it had reached. `judge` prints the end."""
    from gdcli.descent import report
    from gdcli.descent.run import Run

    renderer, lines = load(place.format), load("ndjson")
    look, head = place.look(place.stdout), report.head(plan)
    if not place.quiet:
        place.write(renderer.head(head, look))
    told = _told(progress, plan)
    run = Run(plan, place.clock, watch=told) if keeper is None else keeper.run(told)
    last = None
    try:
        for last in run:
            step = report.step_report(last)
            if keeper is not None:
                keeper.line(lines.step(step, look))
            if not place.quiet:
                place.write(renderer.step(step, look))
    except Stopped as signal:
        progress.begin("measuring where it stopped")
        run.interrupt()
        place.interruption = signal
        last = run.measure()
    if not place.quiet:
        place.write(foot(renderer, head, look))
    progress.begin("summing up")
    assert last is not None  # the first step is always logged
    result = report.run_report(run, last, reading=reading, preparing=preparing)
    if keeper is not None:
        keeper.end(run, last, load("json").result(result, look))
    return result


def _told(progress: Progress, plan: Plan) -> Callable[[State], None] | None:
    """What tells of the steps, where somebody looks."""
    progress.begin("descending", "steps")
    return (lambda state: progress(state.t, plan.steps)) if progress.shows else None


def judge(result: RunReport, max_gap: float | None, place: Terminal) -> int:
    """Print the end of a run; what it means for the exit code."""
    failure = interrupted(place) or _failure(result, max_gap)
    place.emit(result, failure)
    github.summarise(result, place)
    return end(result.warnings, failure, place)


def _failure(result: RunReport, max_gap: float | None) -> Failure | None:
    if result.reason == "diverged":
        return Failure("diverged", f"the descent diverged by step {result.step}", None, Exit.DIVERGED, {})
    if max_gap is None or result.gap_upper <= max_gap:
        return None
    message = f"the risk gap is {result.gap:.3g}, and --max-gap asks for at most {max_gap:.3g}"
    if result.above_local is not None:
        message = "--max-gap asks for a proven gap, and no R* is claimed for a loss not known to be convex"
    return Failure("not met", message, None, Exit.NOT_MET, {})
