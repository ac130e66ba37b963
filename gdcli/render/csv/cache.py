"""The tables that are kept: a line a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple, fields

from gdcli.results.cache import CacheReport, KeptTable


def columns(result: CacheReport) -> Sequence[str]:
    """What is known of a table."""
    return [field.name for field in fields(KeptTable)]


def rows(result: CacheReport) -> Iterator[Sequence[object]]:
    """The last used first."""
    yield from map(astuple, result.tables)
