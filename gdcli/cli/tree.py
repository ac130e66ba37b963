"""The program and its commands as objects: for help, the manual and completion."""

from __future__ import annotations

from typing import Any


def program() -> tuple[Any, Any]:
    """The group of all commands, and a context for it."""
    import typer

    from gdcli.cli.app import app

    group = typer.main.get_command(app)
    return group, group.make_context("gdcli", [], resilient_parsing=True)


def command_of(name: str) -> tuple[Any, Any]:
    """A command and a context for it. Raises UsageError for a name that is none."""
    from gdcli.cli.app import unknown

    group, above = program()
    found = group.get_command(above, name)
    if found is None:
        raise unknown(name)
    return found, found.context_class(found, info_name=name, parent=above)
