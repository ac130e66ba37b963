"""NumPy's .npy files: a matrix of numbers whose columns have no names, or a structured array whose fields do."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from tokenize import TokenError
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.lib import format as npy

from gdcli.data.blocks import Block, Scan
from gdcli.data.source import Source, Stream
from gdcli.data.stored import Cells
from gdcli.data.table import Floats, Place
from gdcli.errors import DataError

_MAGIC = b"\x93NUMPY"
_BATCH_BYTES = 1 << 20
_HEADER = 1 << 16


@dataclass(frozen=True)
class Layout:
    """What the header says: rows, columns and their names (() without), the type of an element, the order."""

    rows: int
    names: tuple[str, ...]
    width: int
    dtype: np.dtype[Any]
    fortran: bool
    offset: int


def claims(source: Source) -> bool:
    """The file begins with NumPy's magic word."""
    return source.head.startswith(_MAGIC)


def read(source: Source) -> Scan:
    """Read a matrix (N, k) of real numbers, or N records of real fields. Nothing in the file is ever unpickled.

    Raises DataError for arrays of other shapes and types, and for damaged files.
    """
    sha256 = source.digest()
    layout = _layout(source)
    choices = ("format: NumPy",)
    return Scan(layout.names, None, layout.width, "", choices, _blocks(source, layout), lambda: sha256)


def again(source: Source, index: int) -> Cells:
    """Read one column's values as texts."""
    layout = _layout(source)
    cells = [repr(value) for values in _batches(source, layout) for value in values[:, index].tolist()]
    return cells, lambda row: Place(row=f" (row {row + 1})")


def _layout(source: Source) -> Layout:
    shape, fortran, dtype, offset = header(source.head, "file", source.file)
    return _checked(source, Layout(0, (), 0, dtype, fortran, offset), shape)


def header(head: bytes, what: str, file: str) -> tuple[tuple[int, ...], bool, np.dtype[Any], int]:
    """Return the shape, the order, the type and the length of a header. Raises DataError for a damaged one."""
    stream = io.BytesIO(head[:_HEADER])
    try:
        version = npy.read_magic(stream)
        reader = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        return *reader(stream), stream.tell()
    except (ValueError, SyntaxError, TypeError, EOFError, OverflowError, RecursionError, TokenError) as error:
        reason = str(error).partition("\n")[0][:200]
        raise DataError(f"this NumPy {what} is damaged", file=file, hint=f"NumPy says: {reason}") from None


def _checked(source: Source, found: Layout, shape: tuple[int, ...]) -> Layout:
    names = found.dtype.names or ()
    kinds = [found.dtype[name] for name in names] if names else [found.dtype]
    if any(kind.kind not in "biuf" or kind.itemsize > 8 or kind.shape for kind in kinds):
        message = f"this NumPy array holds {_type_name(found.dtype)}, not real numbers"
        raise DataError(message, file=source.file, hint="save an array of float64: numpy.save(name, x.astype(float))")
    if len(shape) != (1 if names else 2):
        message = f"this NumPy array has {len(shape)} dimension{'s' * (len(shape) != 1)}, and a table has 2"
        raise DataError(message, file=source.file, hint="save a matrix of a row for each observation")
    width = len(names) if names else shape[1]
    if width < 2:
        hint = "a target and at least one feature are needed"
        raise DataError(f"this NumPy array has {width} column{'s' * (width != 1)}", file=source.file, hint=hint)
    return Layout(shape[0], tuple(names), width, found.dtype, found.fortran and not names, found.offset)


def _type_name(dtype: np.dtype[Any]) -> str:
    return "Python objects" if dtype.hasobject else f"elements of the type {str(dtype)[:60]}"


def _blocks(source: Source, layout: Layout) -> Iterator[Block]:
    for values in _batches(source, layout):
        finite = np.isfinite(values).all(axis=0)
        odd = frozenset(np.flatnonzero(~finite).tolist())
        yield Block(values, odd=odd)


def _batches(source: Source, layout: Layout) -> Iterator[Floats]:
    """Yield rows as float64 (n, k). Raises DataError where there are fewer or more bytes than the header says."""
    if layout.fortran:
        yield from _columnwise(source, layout)
        return
    row = layout.dtype.itemsize * (1 if layout.names else layout.width)
    step = max(1, _BATCH_BYTES // row)
    with source.open() as stream:
        stream.read(layout.offset)
        for start in range(0, layout.rows, step):
            count = min(step, layout.rows - start)
            yield _table(_exactly(stream, count * row, source), layout)
        _ended(stream, source)


def _columnwise(source: Source, layout: Layout) -> Iterator[Floats]:
    """Columns one behind the other: their rows are gathered from a map of the file, or from all of its bytes."""
    if source.path is not None and not source.compression:
        size = layout.dtype.itemsize * layout.rows * layout.width
        if source.size != layout.offset + size:
            raise _length(source)
        shape = (layout.rows, layout.width)
        whole: npt.NDArray[Any] = np.memmap(source.path, layout.dtype, "r", layout.offset, shape, "F")
    else:
        with source.open() as stream:
            stream.read(layout.offset)
            raw = _exactly(stream, layout.dtype.itemsize * layout.rows * layout.width, source)
            _ended(stream, source)
        whole = np.frombuffer(raw, layout.dtype).reshape((layout.rows, layout.width), order="F")
    step = max(1, _BATCH_BYTES // (8 * layout.width))
    for start in range(0, layout.rows, step):
        yield np.array(whole[start : start + step], dtype=np.float64, order="C")


def _table(raw: bytes, layout: Layout) -> Floats:
    values = np.frombuffer(raw, layout.dtype)
    if not layout.names:
        return values.reshape(-1, layout.width).astype(np.float64)
    return np.column_stack([values[name].astype(np.float64) for name in layout.names])


def _exactly(stream: Stream, size: int, source: Source) -> bytes:
    raw = stream.read(size)
    if len(raw) < size:
        raise _length(source)
    return raw


def _ended(stream: Stream, source: Source) -> None:
    if stream.read(1):
        raise _length(source)


def _length(source: Source) -> DataError:
    hint = "write it again with numpy.save"
    return DataError("this NumPy file has another length than its header says", file=source.file, hint=hint)
