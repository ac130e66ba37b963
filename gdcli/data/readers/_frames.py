"""Columns in a binary file that polars reads: batches of rows, never the whole."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from gdcli.data.blocks import Block, Scan
from gdcli.data.names import label
from gdcli.data.source import Source
from gdcli.data.stored import Cells
from gdcli.data.table import Floats, Place
from gdcli.errors import DataError
from gdcli.escape import visible

if TYPE_CHECKING:
    import polars as pl

    Open = Callable[[Path | io.BytesIO], pl.LazyFrame]

_ROWS = 1 << 16
_CELLS = ("String", "Boolean", "Categorical", "Enum")
T = TypeVar("T")


def scan(source: Source, format: str, opener: Callable[[Any], Open]) -> Scan:
    """Read the columns of `source`; `opener` takes polars and returns what opens a file or bytes lazily.

    Raises DataError where polars is missing or the file is damaged.
    """
    sha256 = source.digest()
    frame = _lazy(source, format, opener)
    names = _guarded(lambda: frame.collect_schema().names(), source, format)
    blocks = _blocks(frame, len(names), source, format)
    return Scan(tuple(names), None, len(names), "", (f"format: {format}",), blocks, lambda: sha256)


def again(source: Source, index: int, format: str, opener: Callable[[Any], Open]) -> Cells:
    """Read one column's values as texts, a missing one as ""."""
    frame = _lazy(source, format, opener)
    name, dtype = list(_guarded(frame.collect_schema, source, format).items())[index]
    if dtype.is_nested() or not (dtype.is_numeric() or dtype.is_temporal() or str(dtype).startswith(_CELLS)):
        message = f"this column holds {visible(str(dtype))}, neither numbers nor texts"
        hint = "leave it out with --features, or write its parts as columns of their own"
        raise DataError(message, file=source.file, column=label(index, name), hint=hint)
    column: list[Any] = _guarded(lambda: frame.select(name).collect().to_series().to_list(), source, format)
    cells = ["" if value is None else str(value).strip() for value in column]
    return cells, lambda row: Place(row=f" (row {row + 1})")


def _lazy(source: Source, format: str, opener: Callable[[Any], Open]) -> pl.LazyFrame:
    if find_spec("polars") is None:
        hint = 'install what reads it: pip install "gdcli[fast]"'
        raise DataError(f"this is a file in the {format} format", file=source.file, hint=hint)
    import polars

    whole = source.compression or source.path is None or source.raw is not None
    opened = io.BytesIO(source.content) if whole else source.path
    assert opened is not None
    return _guarded(lambda: opener(polars)(opened), source, format)


def _guarded(work: Callable[[], T], source: Source, format: str) -> T:
    import polars

    try:
        return work()
    except (polars.exceptions.PolarsError, polars.exceptions.PanicException, OSError) as error:
        first = (str(error).splitlines() or ["no reason given"])[0]
        hint = f"write it again; polars says: {first[:200]}"
        raise DataError(f"this {format} file is damaged", file=source.file, hint=hint) from None


def _blocks(frame: pl.LazyFrame, width: int, source: Source, format: str) -> Iterator[Block]:
    batches = _guarded(lambda: iter(frame.collect_batches(chunk_size=_ROWS, maintain_order=True)), source, format)
    while (batch := _guarded(lambda: next(batches, None), source, format)) is not None:
        yield _block(batch, width)


def _block(batch: pl.DataFrame, width: int) -> Block:
    values = np.zeros((batch.height, width))
    texts: dict[int, list[str]] = {}
    odd = set()
    for j, column in enumerate(batch.get_columns()):
        encoded = _encoded(column)
        if encoded is None:
            odd.add(j)
            continue
        values[:, j], names = encoded
        if names is not None:
            texts[j] = names
    return Block(values, texts, frozenset(odd))


def _encoded(column: pl.Series) -> tuple[Floats, list[str] | None] | None:
    """Return numbers, or codes and their texts; None for what is missing, not finite, or of another type."""
    import polars as pl

    if column.null_count():
        return None
    if column.dtype.is_numeric() or column.dtype == pl.Boolean:
        values = column.cast(pl.Float64).to_numpy()
        return (values, None) if bool(np.isfinite(values).all()) else None
    if column.dtype in (pl.String, pl.Categorical, pl.Enum):
        words = column.cast(pl.String)
        names = words.unique().to_list()
        return words.cast(pl.Enum(names)).to_physical().to_numpy().astype(np.float64), names
    return None
