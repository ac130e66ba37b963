"""`gdcli predict RUN DATA`: the parameters of a saved run used on another file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from gdcli.cli.options import EVERY, Color, Format, Json, Memory, Quiet, Timeout, Verbose, terminal
from gdcli.cli.terminal import Terminal
from gdcli.escape import visible
from gdcli.render import foot, load
from gdcli.results.predict import PredictReport

FORMATS = EVERY
# Rows that are written at once.
BLOCK = 4096


def command(
    ctx: typer.Context,
    run: Annotated[str, typer.Argument(metavar="RUN", help="The folder of a saved run.")],
    data: Annotated[str, typer.Argument(metavar="DATA", help="A file with the run's columns, - for standard input.")],
    target: Annotated[
        str | None, typer.Option("--target", help="What the target is called here (default: as in the run).")
    ] = None,
    timeout: Timeout = 10.0,
    memory: Memory = "2GiB",
    format: Format = "csv",
    json: Json = False,
    color: Color = "auto",
    quiet: Quiet = False,
    verbose: Verbose = 0,
) -> None:
    """Predict with the parameters that a saved run found.

    \b
    gdcli descend old.csv --save run
    gdcli predict run new.csv                     CSV: row, prediction
    gdcli predict run new.csv --format json       with the risk, given a target

    Columns are found by their names and texts encoded as in the run; other columns are ignored (-v names them).

    CSV has a line a row: row, prediction, and for classes probability or score. A class is written as it is: import it
    into a spreadsheet as text, which would take one that begins with = for a formula.
    """
    from gdcli.descent.unseen.predict import predict
    from gdcli.language.budget import Budget

    place = terminal(ctx)
    report = predict(Path(run), data, target, place.stdin, Budget.of(timeout, memory))
    if report.ignored and place.verbose:
        place.note(f"ignored: {', '.join(map(visible, report.ignored))}")
    _write(report, place)
    if report.judged is not None and place.format == "csv":
        place.note(report.judged)


def _write(report: PredictReport, place: Terminal) -> None:
    """All in one document, or a line a row and the rest behind them."""
    if place.format == "json":
        place.emit(report)
        return
    renderer, look = load(place.format), place.look(place.stdout)
    place.write(renderer.head(report.head, look))
    rows = report.predictions or ()
    try:
        for start in range(0, len(rows), BLOCK):
            lines = (renderer.step(row, look).rstrip("\n") for row in rows[start : start + BLOCK])
            place.write("\n".join(lines))
    finally:
        place.write(foot(renderer, report.head, look))
    place.emit(replace(report, predictions=None))
