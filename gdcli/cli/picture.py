"""`--plot` and `--plot FILE`: a figure in the terminal, or as a file."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gdcli.errors import UsageError
from gdcli.escape import visible

if TYPE_CHECKING:
    from gdcli.cli.terminal import Terminal
    from gdcli.language import Formula
    from gdcli.results.figure import Figure

# What --plot holds where no file follows it.
TERMINAL = "-"
KINDS = (".svg", ".png", ".pdf", ".html")
# Kinds that are meant as a picture, too, and refused by name.
OTHERS = (".jpg", ".jpeg", ".gif", ".webp", ".eps", ".ps", ".tif", ".tiff", ".bmp", ".htm")
_ELSEWHERE = "name a file in a folder you can write"

Plot = Annotated[
    str | None,
    typer.Option("--plot", metavar="[FILE]", help="Draw a picture here, or into FILE.svg, .png, .pdf or .html."),
]


def is_file(word: str) -> bool:
    """Is this word behind --plot the name of a picture's file?"""
    return Path(word).suffix.lower() in KINDS + OTHERS


def check(plot: str | None, place: Terminal) -> None:
    """Before the work: a kind of file that can be drawn and written; in the terminal no format but text."""
    if plot is None:
        return
    if plot == TERMINAL:
        if place.format != "text":
            hint = "--plot FILE.svg goes with any format"
            raise UsageError(f"--plot draws on a page of text, not in {place.format}", hint=hint)
        return
    check_file(plot, "--plot FILE")


def check_file(file: str, named: str) -> None:
    """Before the work: a kind of file that can be drawn and written; `named` is what its place is called."""
    if Path(file).suffix.lower() not in KINDS:
        raise UsageError(f"{named}: cannot draw {file!r}", hint=f"give a file that ends with {', '.join(KINDS)}")
    if find_spec("matplotlib") is None:
        raise UsageError(f"{named} needs matplotlib", hint='pip install "gdcli[plot]"')
    if not Path(file).parent.is_dir():
        raise UsageError(f"{named}: there is no folder {visible(str(Path(file).parent), 4096)}", hint=_ELSEWHERE)
    if Path(file).is_dir():
        raise UsageError(f"{named}: {visible(file, 4096)} is a folder", hint=_ELSEWHERE)


def check_variables(plot: str | None, formula: Formula, wanted: tuple[int, ...] = (1, 2)) -> None:
    """Before the work: a formula of as many variables as a picture has room for."""
    count = len(formula.variables)
    if plot is not None and count not in wanted:
        words = "one or two variables" if len(wanted) > 1 else "one variable" if 1 in wanted else "two variables"
        others = ", or put numbers for the other variables" if count > max(wanted) else ""
        hint = f"leave --plot away{others}"
        raise UsageError(f"--plot draws functions of {words}, and f has {count or 'none'}", hint=hint)


def show(figure: Figure, plot: str, place: Terminal) -> None:
    """The figure in the terminal, or as a whole file."""
    if plot == TERMINAL:
        place.write(import_module("gdcli.render.plots.terminal").draw(figure, place.look(place.stdout)))
        return
    from gdcli import whole

    path = Path(plot)
    picture = import_module(f"gdcli.render.plots.{path.suffix.lower()[1:]}").draw(figure)
    try:
        whole.replace(path, picture)
    except OSError as error:
        raise whole.unwritable(path, error, full="make room", other=_ELSEWHERE) from None
