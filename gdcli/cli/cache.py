"""`gdcli cache [clear]`: the tables that are kept for the next run."""

from __future__ import annotations

from typing import Annotated

import typer

from gdcli.cli.options import EVERY, Color, Format, Json, Quiet, Verbose, terminal

FORMATS = EVERY


def command(
    ctx: typer.Context,
    action: Annotated[str | None, typer.Argument(metavar="ACTION", help="clear removes everything.")] = None,
    limit: Annotated[
        str | None, typer.Option("--limit", metavar="SIZE", help="How much may be kept (10GB at first).")
    ] = None,
    format: Format = "text",
    json: Json = False,
    color: Color = "auto",
    quiet: Quiet = False,
    verbose: Verbose = 0,
) -> None:
    """Show, bound or clear what is kept of large data files.

    \b
    gdcli cache                  what is kept, and where
    gdcli cache --limit 20GB     keep more, or less: what is oldest goes
    gdcli cache clear            remove all of it

    A data file of 4 MiB or more is read once and kept as binary numbers; a changed file is read again. The folder is
    GDCLI_CACHE_DIR, or the place the system has for caches. Everything in it can be removed at any time.

    CSV has a line a table: file, rows, columns, bytes, used.
    """
    from gdcli.data.store import listing
    from gdcli.errors import UsageError
    from gdcli.escape import visible
    from gdcli.suggest import suggestion

    place = terminal(ctx)
    if action is not None and action != "clear":
        hint = f"{suggestion(action, ['clear'])}gdcli cache clear, or gdcli cache alone"
        raise UsageError(f'there is no action "{visible(action)}"', hint=hint)
    if action is not None and limit is not None:
        raise UsageError("clear and --limit do not go together", hint="run one after the other")
    if action == "clear":
        place.emit(listing.clear())
    else:
        place.emit(listing.report() if limit is None else listing.limit(limit))
