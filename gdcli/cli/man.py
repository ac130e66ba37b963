"""`gdcli man`: the manual page."""

from __future__ import annotations

import typer

from gdcli.cli.options import terminal


def command(ctx: typer.Context) -> None:
    """Print the manual page, in the troff form that man reads.

    \b
    gdcli man | man -l -        read it
    gdcli man > gdcli.1         keep it
    """
    from gdcli.cli.manual import manual

    terminal(ctx).write(manual())
