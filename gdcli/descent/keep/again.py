"""A saved run once more, from its manifest: are its bits what was saved?"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from gdcli.descent import report
from gdcli.descent.keep import checkpoint, log
from gdcli.descent.keep.checkpoint import Checkpoint
from gdcli.descent.keep.files import foreign
from gdcli.descent.keep.keeper import RESULT
from gdcli.descent.keep.log import Mark
from gdcli.descent.keep.manifest import read
from gdcli.descent.keep.saved import More, plan_of
from gdcli.descent.loops.state import State
from gdcli.descent.run import Run, Step
from gdcli.descent.stopping import Stopped
from gdcli.results.descend import RunReport, StepReport
from gdcli.results.rerun import Difference, RerunReport

# What two runs may differ in: their times, and what is said of where and by what they were run.
BESIDE = frozenset({"seconds", "times", "row_gradients_per_second", "version", "choices", "engine_reason"})


@dataclass(frozen=True)
class Written:
    """How the log and the report were written."""

    step: Callable[[StepReport], str]
    result: Callable[[RunReport], str]


def rerun(
    folder: Path, written: Written, clock: Callable[[], float], data: str | None = None, stdin: BinaryIO | None = None
) -> RerunReport:
    """Run again as far as it came, and compare: the lines of the log, the last state, the report if there is one."""
    manifest = read(folder)
    plan = plan_of(manifest, manifest.options, More(data, stdin))
    found = checkpoint.load(folder, manifest.run, plan.risk.width)
    lines = log.lines(folder, None if found is None else found[0].log)
    ended = found is not None and found[0].stopped not in (None, Stopped.INTERRUPTED.name)
    if not ended:
        last = found[1].t if found is not None else lines[-1]["step"] if lines else 0
        plan = replace(plan, steps=last)
    run = Run(plan, clock)
    steps: list[Step] = []
    first = _of_log(run, lines, written, steps)
    if first is None and found is not None:
        first = _of_state(found[0], run.state, plan.problem.coordinates.names)
    if first is None and ended:
        first = _of_report(folder, run, steps[-1], written)
    return RerunReport(str(folder), manifest.data.name, manifest.method, len(lines), run.t, first)


def _of_log(run: Run, lines: list[dict[str, Any]], written: Written, steps: list[Step]) -> Difference | None:
    """The first line that is another; `steps` holds the last step run."""
    saved: Iterator[dict[str, Any]] = iter(lines)
    for step in run:
        steps[:] = [step]
        line = next(saved, None)
        if line is None:
            # Where a run was interrupted no line was due.
            continue
        first = _first(line["step"], line, json.loads(written.step(report.step_report(step))))
        if first is not None:
            return first
    rest = next(saved, None)
    return None if rest is None else Difference(rest["step"], "step", rest["step"], None)


def _of_state(saved: Checkpoint, state: State, names: tuple[str, ...]) -> Difference | None:
    again = Checkpoint.of("", state, 0.0, None, Mark()).state
    for name in names if saved.state["theta"] != again["theta"] else ():
        place = names.index(name)
        was, now = checkpoint.theta(saved.state)[place], state.theta[place]
        if was != now:
            return Difference(state.t, f"theta: {name}", float(was), float(now))
    return _first(state.t, saved.state, again)


def _of_report(folder: Path, run: Run, last: Step, written: Written) -> Difference | None:
    path = folder / RESULT
    if not path.exists():
        return None
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        saved = None
    if not isinstance(saved, dict):
        raise foreign(path, f"this is no {RESULT} that gdcli wrote")
    return _first(last.t, saved, json.loads(written.result(report.run_report(run, last))))


def _first(step: int, saved: Mapping[str, Any], again: Mapping[str, Any]) -> Difference | None:
    """The first key whose values differ."""
    for key in [*again, *(key for key in saved if key not in again)]:
        if key not in BESIDE and (key not in saved or key not in again or saved[key] != again[key]):
            return Difference(step, key, saved.get(key), again.get(key))
    return None
