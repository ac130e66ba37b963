"""The options that can be set: the files, and a table of the options."""

from __future__ import annotations

from collections.abc import Iterator

from gdcli.render.pages.blocks import Block, Heading, Text, table
from gdcli.render.text.config import files, shown, told
from gdcli.results.config import ConfigReport


def result(result: ConfigReport) -> Iterator[Block]:
    """Where options are set, then a line for each command's own."""
    yield Heading(("Options",))
    yield from (Text((f"{name}: {file}",)) for name, file in files(result))
    rows = [(each.for_command, each.option, shown(each.value), told(each)[1]) for each in result.settings]
    yield table("lllp", ("command", "option", "value", "set in"), rows)
