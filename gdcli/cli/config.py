"""`gdcli config [COMMAND]`: what is set for which options, and where."""

from __future__ import annotations

from typing import Annotated

import typer

from gdcli.cli.options import EVERY, Color, Format, Json, Quiet, Verbose, terminal

FORMATS = EVERY


def command(
    ctx: typer.Context,
    of: Annotated[str | None, typer.Argument(metavar="COMMAND", help="The options of one command.")] = None,
    format: Format = "text",
    json: Json = False,
    color: Color = "auto",
    quiet: Quiet = False,
    verbose: Verbose = 0,
) -> None:
    """Show the options that can be set for all calls, their values, and where from.

    \b
    gdcli config                       every option
    gdcli config descend               those of one command
    GDCLI_DESCEND_METHOD=sgd gdcli config descend --json

    A flag wins over GDCLI_METHOD and the like (GDCLI_DESCEND_METHOD: for descend alone), these over ./gdcli.toml
    (else [tool.gdcli] in ./pyproject.toml), that over config.toml in the folder the system has for settings.

    \b
    color = "never"      # a gdcli.toml: for every command that has --color
    [descend]            # for one command
    method = "sgd"
    l2 = 0.1

    CSV has a line an option: for_command, option, value, layer, source, line, variable.
    """
    from gdcli.cli.settings import listing
    from gdcli.cli.settings.keys import KEYS
    from gdcli.errors import UsageError
    from gdcli.escape import visible
    from gdcli.suggest import suggestion

    place = terminal(ctx)
    if of is not None and of not in KEYS:
        hint = f"{suggestion(of, KEYS)}the commands are {', '.join(KEYS)}"
        raise UsageError(f'there is no command "{visible(of)}"', hint=hint)
    place.emit(listing.report(list(KEYS) if of is None else [of], place.environ))
