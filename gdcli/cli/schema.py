"""`gdcli schema [COMMAND]`: what the JSON of every command holds, as JSON Schema."""

from __future__ import annotations

from typing import Annotated

import typer

from gdcli.cli.options import Verbose, terminal


def command(
    ctx: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="COMMAND", help="One command's schema (default: all).")] = None,
    verbose: Verbose = 0,
) -> None:
    """Print the JSON Schema (draft 2020-12) of all JSON and NDJSON output.

    \b
    gdcli schema                     a document, or a line, of any command
    gdcli schema descend             of one command

    A document holds one schema of `anyOf`: a result in its envelope {command,
    version}, a line of NDJSON by its `kind`, or an error. A result whose exit
    code is not 0 says why under `error` (check and rerun have a verdict).
    """
    from gdcli.errors import UsageError
    from gdcli.escape import visible
    from gdcli.render.json import dumps
    from gdcli.schema.documents import RESULTS, schema
    from gdcli.suggest import nearest

    place = terminal(ctx)
    if name is not None and name not in RESULTS:
        near = nearest(name, RESULTS)
        hint = f"did you mean {near}?" if near else f"choose {', '.join(RESULTS)}"
        raise UsageError(f'no command "{visible(name)}" prints JSON', hint=hint)
    place.write(dumps(schema(name), indent=2))
