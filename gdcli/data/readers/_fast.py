"""Plain numbers and texts of delimited text at full speed: by polars where it is installed, else by NumPy.

Both read a piece whole or not at all: what they would fill in, retype or skip is left to the careful reader.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from gdcli.data.blocks import Block
from gdcli.data.table import Floats

if TYPE_CHECKING:
    import polars as pl

# With a blank as the delimiter these would split a line in one pass and not in the other.
_ODD_BLANKS = ("\t", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x1f")
# Importing polars costs as much time as NumPy takes for so many bytes.
_WORTH_POLARS = 12 << 20
# Bytes whose comparison with one stays in the cache.
_COUNTED = 1 << 18

Parse = Callable[[bytes, str, int, frozenset[int], frozenset[int]], Block | None]


def parser(size: int, delimiter: str) -> Parse:
    """Return the faster way for a file of `size` bytes: (piece, delimiter, width, texts, odd) -> Block or None."""
    from importlib.util import find_spec

    if size < _WORTH_POLARS or delimiter == " " or find_spec("polars") is None:
        return by_numpy
    return by_polars


def matrix(body: str, delimiter: str, width: int) -> Floats | None:
    """Return (N, k) if all of `body` is plain numbers in rows of equal length, else None."""
    blank = delimiter == " "
    if not body.isascii() or not body.strip() or (blank and any(c in body for c in _ODD_BLANKS)):
        return None
    try:
        values = np.loadtxt(
            io.StringIO(body, newline=None), delimiter=None if blank else delimiter, comments=None, ndmin=2
        )
    except ValueError:
        return None
    return values if values.shape[1] == width and bool(np.isfinite(values).all()) else None


def by_numpy(piece: bytes, delimiter: str, width: int, texts: frozenset[int], odd: frozenset[int]) -> Block | None:
    """Read whole lines that hold nothing but numbers."""
    if texts or odd or not piece.isascii() or b"\0" in piece or piece.count(b"\r") != piece.count(b"\r\n"):
        return None
    values = matrix(piece.decode("ascii"), delimiter, width)
    return None if values is None else Block(values)


def by_polars(piece: bytes, delimiter: str, width: int, texts: frozenset[int], odd: frozenset[int]) -> Block | None:
    """Read whole lines without quotes: numbers, texts as codes, and odd columns not at all."""
    import polars as pl

    # In a number none of these passes.
    if (texts or odd) and (b'"' in piece or b"\0" in piece or piece.count(b"\r") != piece.count(b"\r\n")):
        return None
    schema = {str(j): pl.String if j in texts or j in odd else pl.Float64 for j in range(width)}
    try:
        frame = pl.read_csv(piece, has_header=False, schema=schema, separator=delimiter, quote_char=None)
    except pl.exceptions.PolarsError:
        return None
    if frame.height != _count(piece, b"\n") + (not piece.endswith(b"\n")):
        return None
    if odd and _count(piece, delimiter.encode()) != (width - 1) * frame.height:
        # An empty cell in an odd column and a line that is too short would look alike.
        return None
    values = _values(frame, width, texts, odd)
    if values is None:
        return None
    levels = {}
    for j in sorted(texts):
        found = _codes(frame[str(j)])
        if found is None:
            return None
        values[:, j], levels[j] = found
    return Block(values, levels, odd)


def _count(piece: bytes, byte: bytes) -> int:
    """Return how often a byte stands in the piece: what comes every few hundred bytes costs `bytes.count` more."""
    whole = np.frombuffer(piece, np.uint8)
    parts = (whole[start : start + _COUNTED] for start in range(0, len(whole), _COUNTED))
    return sum(int(np.count_nonzero(part == ord(byte))) for part in parts)


def _values(frame: pl.DataFrame, width: int, texts: frozenset[int], odd: frozenset[int]) -> Floats | None:
    """Return (n, k), zeros where no number is wanted; None if a number is missing, or is none a double can hold."""
    if not texts and not odd:
        values: Floats = frame.to_numpy(order="c", writable=True)
        return values if bool(np.isfinite(values).all()) else None
    wanted = [j for j in range(width) if j not in texts and j not in odd]
    values = np.zeros((frame.height, width))
    if wanted:
        values[:, wanted] = frame.select([str(j) for j in wanted]).to_numpy(order="c")
    return values if bool(np.isfinite(values).all()) else None


def _codes(column: pl.Series) -> tuple[Floats, list[str]] | None:
    """Return a text column's codes (n,) and their texts; None where a text is missing."""
    import polars as pl

    if column.null_count():
        return None
    names = column.unique().to_list()
    return column.cast(pl.Enum(names)).to_physical().to_numpy().astype(np.float64), names
