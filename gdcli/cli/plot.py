"""`gdcli plot RUN`: the log of a saved run as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gdcli.cli import picture
from gdcli.cli.options import EVERY, Color, Format, Json, Quiet, Verbose, terminal

FORMATS = EVERY


def command(
    ctx: typer.Context,
    run: Annotated[str, typer.Argument(metavar="RUN", help="The folder of a saved run.")],
    file: Annotated[
        str | None, typer.Argument(metavar="[FILE]", help="Draw into FILE.svg, .png, .pdf or .html (default: here).")
    ] = None,
    format: Format = "text",
    json: Json = False,
    color: Color = "auto",
    quiet: Quiet = False,
    verbose: Verbose = 0,
) -> None:
    """Draw a saved run: its gap with the bound, and the data with the fit.

    \b
    gdcli descend diabetes --save run
    gdcli plot run                         here
    gdcli plot run run.svg                 into a file

    The data are read again; they are drawn where there are one or two features of numbers.

    CSV has a line a point: series, step, value.
    """
    from gdcli.descent.keep.picture import curves
    from gdcli.descent.pictures.run import saved_figure

    place, folder = terminal(ctx), Path(run)
    if file is not None:
        picture.check_file(file, "FILE")
    if place.format != "text":
        place.emit(curves(folder))
    if file is not None or place.format == "text":
        picture.show(saved_figure(folder), file or picture.TERMINAL, place)
