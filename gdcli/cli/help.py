"""`gdcli help [COMMAND]`: the page of a command."""

from __future__ import annotations

from typing import Annotated

import typer

from gdcli.cli.options import terminal


def command(
    ctx: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="COMMAND", help="The command to tell of.")] = None,
) -> None:
    """Show the help of a command, as gdcli COMMAND --help does.

    \b
    gdcli help descend          the page of gdcli descend
    gdcli help                  the commands
    """
    from gdcli.cli.tree import command_of, program

    found, at = program() if name is None else command_of(name)
    terminal(ctx).write(found.get_help(at))
