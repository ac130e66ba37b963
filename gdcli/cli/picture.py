"""`--plot` and `--plot FILE`: a figure in the terminal, or as a file."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gdcli.errors import UsageError

if TYPE_CHECKING:
    from gdcli.cli.terminal import Terminal
    from gdcli.results.figure import Figure

# What --plot holds where no file follows it.
TERMINAL = "-"
KINDS = (".svg", ".png", ".pdf", ".html")

Plot = Annotated[
    str | None,
    typer.Option("--plot", metavar="[FILE]", help="Draw a picture here, or into FILE.svg, .png, .pdf or .html."),
]


def is_file(word: str) -> bool:
    """Is this word behind --plot the name of a picture's file?"""
    return Path(word).suffix.lower() in KINDS


def check(plot: str | None, place: Terminal) -> None:
    """Before the work: a kind of file that can be drawn, and in the terminal no format but text."""
    if plot is None:
        return
    if plot == TERMINAL:
        if place.format != "text":
            hint = "--plot FILE.svg goes with any format"
            raise UsageError(f"--plot draws on a page of text, not in {place.format}", hint=hint)
        return
    if not is_file(plot):
        raise UsageError(f"--plot cannot draw {plot!r}", hint=f"give a file that ends with {', '.join(KINDS)}")


def show(figure: Figure, plot: str, place: Terminal) -> None:
    """The figure in the terminal, or as a whole file."""
    if plot == TERMINAL:
        place.write(import_module("gdcli.render.plots.terminal").draw(figure, place.look(place.stdout)))
        return
    picture = import_module(f"gdcli.render.plots.{Path(plot).suffix.lower()[1:]}").draw(figure)
    Path(plot).write_bytes(picture)
