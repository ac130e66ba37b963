"""The cache: what it takes, and its tables."""

from __future__ import annotations

from collections.abc import Iterator

from gdcli.render.pages.blocks import Block, Heading, Text, table
from gdcli.render.text.cache import sentences, size
from gdcli.results.cache import CacheReport


def result(result: CacheReport) -> Iterator[Block]:
    """The folder and what is kept in it, a line a table."""
    yield Heading(("Cache",))
    yield from (Text((sentence,)) for sentence in sentences(result))
    rows = [(size(each.bytes), each.rows, each.columns, each.used, each.file) for each in result.tables]
    yield table("rrrlp", ("size", "rows", "columns", "last used", "file"), rows)
