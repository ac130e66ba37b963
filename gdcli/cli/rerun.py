"""`gdcli rerun DIR`: a saved run again, compared with what was saved."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gdcli.cli.options import EVERY, Color, Format, Json, Quiet, Verbose, terminal
from gdcli.errors import Exit
from gdcli.render import load

FORMATS = EVERY


def command(
    ctx: typer.Context,
    run: Annotated[str, typer.Argument(metavar="DIR", help="The folder of a saved run.")],
    data: Annotated[
        str | None, typer.Argument(metavar="DATA", help="Its data, if they are not where they were.")
    ] = None,
    format: Format = "text",
    json: Json = False,
    color: Color = "auto",
    quiet: Quiet = False,
    verbose: Verbose = 0,
) -> None:
    """Repeat a saved run and compare: equal to the bit, or the first difference.

    \b
    gdcli descend diabetes --save run     a run
    gdcli rerun run                       exit 0 where it comes out the same

    CSV has one line: run, data, method, steps, lines, equal, and the first difference: step, key, saved, again.
    """
    from gdcli.descent.keep import manifest
    from gdcli.descent.keep.again import Written, rerun
    from gdcli.descent.keep.saved import warnings

    place = terminal(ctx)
    look, lines, document = place.look(place.stdout), load("ndjson"), load("json")
    written = Written(lambda step: lines.step(step, look), lambda report: document.result(report, look))
    report = rerun(Path(run), written, place.clock, data, place.stdin)
    for warning in warnings(manifest.read(Path(run))):
        place.say("warning", warning)
    place.emit(report)
    raise typer.Exit(Exit.DONE if report.equal else Exit.NOT_MET)
