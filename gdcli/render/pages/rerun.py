"""A saved run beside the same run again."""

from __future__ import annotations

from collections.abc import Iterator

from gdcli.render.pages.blocks import Block, Heading, Text, table
from gdcli.render.text.rerun import sentence, told
from gdcli.results.rerun import RerunReport


def result(result: RerunReport) -> Iterator[Block]:
    """Equal to the bit, or the first difference."""
    yield Heading((f"{result.run} again",))
    yield Text((f"{sentence(result)}.",))
    first = result.difference
    if first is not None:
        yield table(
            "rlll", ("step", "key", "saved", "again"), [(first.step, first.key, told(first.saved), told(first.again))]
        )
