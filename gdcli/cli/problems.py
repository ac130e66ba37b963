"""`gdcli problems [NAME]`: the bundled problems."""

from __future__ import annotations

from typing import Annotated

import typer

from gdcli.cli.options import EVERY, Color, Format, Json, Quiet, Verbose, terminal

FORMATS = EVERY


def command(
    ctx: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="One problem's card.")] = None,
    copy: Annotated[
        str | None, typer.Option("--copy", metavar="FILE", help="Copy the problem's CSV to FILE (a new file).")
    ] = None,
    format: Format = "text",
    json: Json = False,
    color: Color = "auto",
    quiet: Quiet = False,
    verbose: Verbose = 0,
) -> None:
    """List the bundled problems, show one, or copy one out.

    \b
    gdcli problems                                 all of them
    gdcli problems longley                         one card
    gdcli problems longley --copy longley.csv      its data as a file of yours

    CSV has a line a problem, with what its card tells.
    """
    from gdcli.data import problems
    from gdcli.errors import UsageError

    place = terminal(ctx)
    if copy == "":
        raise UsageError("--copy names no file", hint="gdcli problems longley --copy longley.csv")
    if name is None and copy is not None:
        raise UsageError("--copy needs the name of a problem", hint="gdcli problems longley --copy longley.csv")
    if name is None:
        place.emit(problems.listing())
        return
    card = problems.card(name)
    copied = None if copy is None else problems.copy(name, copy)
    place.emit(problems.summary(card))
    if copied is not None:
        place.note(f"copied to {copied}")
