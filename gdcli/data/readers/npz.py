"""NumPy's .npz archives: a matrix X and a target y, one matrix, or a vector for each column."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from gdcli.data.blocks import Block, Scan
from gdcli.data.room import streamed
from gdcli.data.source import LARGE, Source
from gdcli.data.stored import Cells
from gdcli.data.table import Floats, Place
from gdcli.errors import DataError, ExhaustedError
from gdcli.escape import visible

if TYPE_CHECKING:
    import zipfile

_HINT = "save numpy.savez(name, X=matrix, y=vector), one matrix, or a vector for each column"


def claims(source: Source) -> bool:
    """It is a zip archive of .npy files only."""
    if not source.head.startswith(b"PK\x03\x04"):
        return False
    import zipfile

    try:
        names = zipfile.ZipFile(io.BytesIO(source.content)).namelist()
    except zipfile.BadZipFile:
        return False
    return bool(names) and all(name.endswith(".npy") for name in names)


def read(source: Source) -> Scan:
    """Read the arrays, all at once. Nothing in the file is ever unpickled.

    Raises DataError for arrays that make no table, and for damaged files.
    """
    sha256 = source.digest()
    names, values = _table(source)
    odd = frozenset(np.flatnonzero(~np.isfinite(values).all(axis=0)).tolist())
    blocks = iter([Block(values, odd=odd)])
    return Scan(names, None, values.shape[1], "", ("format: NumPy archive",), blocks, lambda: sha256)


def again(source: Source, index: int) -> Cells:
    """Read one column's values as texts."""
    cells = [repr(value) for value in _table(source)[1][:, index].tolist()]
    return cells, lambda row: Place(row=f" (row {row + 1})")


def _table(source: Source) -> tuple[tuple[str, ...], Floats]:
    arrays = _arrays(source)
    lone = next(iter(arrays.values()))
    if set(arrays) == {"X", "y"} and arrays["X"].ndim == 2 and arrays["y"].ndim == 1:
        names = (*(f"x{j + 1}" for j in range(arrays["X"].shape[1])), "y")
        columns = [*arrays["X"].T, arrays["y"]]
    elif len(arrays) == 1 and lone.ndim == 2:
        names, columns = (), list(lone.T)
    elif all(array.ndim == 1 for array in arrays.values()):
        names, columns = tuple(arrays), list(arrays.values())
    else:
        shapes = ", ".join(f"{visible(name)} {array.shape}" for name, array in arrays.items())
        raise DataError(f"these arrays make no table: {shapes[:200]}", file=source.file, hint=_HINT)
    if len({len(column) for column in columns}) > 1 or len(columns) < 2:
        lengths = ", ".join(f"{visible(name)} {len(array)}" for name, array in arrays.items())
        message = f"these arrays make no table of two columns or more: rows of {lengths[:200]}"
        raise DataError(message, file=source.file, hint=_HINT)
    return names, np.column_stack(columns)


def _arrays(source: Source) -> Mapping[str, Floats]:
    import zipfile
    import zlib

    try:
        with zipfile.ZipFile(io.BytesIO(source.content)) as archive:
            _check_members(archive.infolist(), source)
            return {info.filename.removesuffix(".npy"): _array(archive, info, source) for info in archive.infolist()}
    except (ValueError, OSError, EOFError, NotImplementedError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        reason = str(error).partition("\n")[0][:200]
        raise DataError("this NumPy archive is damaged", file=source.file, hint=f"zip says: {reason}") from None


def _check_members(members: Sequence[zipfile.ZipInfo], source: Source) -> None:
    """Each array has a name of its own, and all of them together fit into memory once they are unpacked."""
    names = [info.filename for info in members]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        message = f'the array "{visible(twice.removesuffix(".npy"))}" is in this archive twice'
        raise DataError(message, file=source.file, hint=_HINT)
    most = max(streamed(), LARGE)
    if sum(info.file_size for info in members) > most:
        hint = "save the arrays as one .npy file, which is read in pieces"
        raise ExhaustedError(f"{source.file} is beyond {most / 1e6:.0f} MB once it is unpacked", hint=hint)


def _array(archive: zipfile.ZipFile, info: zipfile.ZipInfo, source: Source) -> Floats:
    """Read one array, whose header and size are checked before any room is made for it."""
    from gdcli.data.readers.npy import header

    with archive.open(info) as stream:
        shape, fortran, dtype, offset = header(stream.read(1 << 16), "archive", source.file)
    if dtype.kind not in "biuf" or dtype.itemsize > 8:
        kind = "Python objects" if dtype.hasobject else str(dtype)[:60]
        message = f'the array "{visible(info.filename.removesuffix(".npy"))}" holds {kind}, not real numbers'
        raise DataError(message, file=source.file, hint=_HINT)
    if info.file_size != offset + math.prod(shape) * dtype.itemsize:
        raise ValueError("an array has another length than its header says")
    values = np.frombuffer(archive.read(info), dtype, offset=offset)
    return values.reshape(shape, order="F" if fortran else "C").astype(np.float64)
