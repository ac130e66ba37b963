"""Parquet files, through polars (the extra `fast`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gdcli.data.blocks import Scan
from gdcli.data.source import Source
from gdcli.data.stored import Cells

if TYPE_CHECKING:
    from gdcli.data.readers._frames import Open

_MAGIC = b"PAR1"


def claims(source: Source) -> bool:
    """The magic word is the first and the last in the file."""
    return source.head.startswith(_MAGIC) and source.tail.endswith(_MAGIC)


def read(source: Source) -> Scan:
    """Read the columns: numbers and booleans as numbers, strings as texts."""
    from gdcli.data.readers import _frames

    return _frames.scan(source, "Parquet", _opener)


def again(source: Source, index: int) -> Cells:
    """Read one column's values as texts."""
    from gdcli.data.readers import _frames

    return _frames.again(source, index, "Parquet", _opener)


def _opener(polars: Any) -> Open:
    return lambda opened: polars.scan_parquet(opened, glob=False, hive_partitioning=False)
