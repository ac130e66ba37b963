"""`gdcli descend --dry-run`: what would run, and no step of it."""

from __future__ import annotations

from pathlib import Path

from gdcli.cli.beginning import check
from gdcli.cli.options import check_plan
from gdcli.cli.terminal import Terminal
from gdcli.descent.load import Source, open_problem
from gdcli.descent.options import Chosen
from gdcli.descent.plan import prepare
from gdcli.descent.report import plan_report
from gdcli.escape import visible


def show(source: Source, chosen: Chosen, save: Path | None, place: Terminal) -> None:
    """The plan and its warnings; the folder `save` is only looked at."""
    check_plan(place)
    check(save)
    if save is not None:
        place.note(f"--dry-run saves nothing in {visible(str(save), 4096)}")
    dataset, options = open_problem(source, chosen)
    report = plan_report(prepare(dataset, options, dry=True))
    place.emit(report)
    for warning in report.warnings:
        place.say("warning", warning)
