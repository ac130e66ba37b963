"""`gdcli plot RUN`: the log of a saved run as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gdcli.cli.options import EVERY, Color, Format, Json, Quiet, Verbose, terminal

FORMATS = EVERY


def command(
    ctx: typer.Context,
    run: Annotated[str, typer.Argument(metavar="RUN", help="The folder of a saved run.")],
    format: Format = "text",
    json: Json = False,
    color: Color = "auto",
    quiet: Quiet = False,
    verbose: Verbose = 0,
) -> None:
    """Draw a saved run: the gap against the steps on log-log axes, with the bound.

    \b
    gdcli descend diabetes --save run
    gdcli plot run

    CSV has a line a point: series, step, value.
    """
    from gdcli.descent.keep.picture import curves

    terminal(ctx).emit(curves(Path(run)))
