"""Room for arrays: memory for what fits, a file of the cache for what does not.

A run has one matrix, and its other arrays as long as the data are few: of the memory it may take the matrix leaves a
third to all the rest, and a vector is one of many.
"""

from __future__ import annotations

import math
import mmap
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np

from gdcli.data.folders import cache_folder
from gdcli.data.table import Floats

# Numbers in a block of rows, and bytes of a map to hold before they are given back.
_BLOCK = 1 << 17
_HELD = 1 << 23
# How many times a matrix, and a vector, must fit into the memory.
_MATRIX, _VECTOR = 1.5, 16


class _Bound:
    """How many bytes the arrays of a run may take in memory; None: three quarters of the machine's."""

    bytes: int | None = None


def bound(size: int | None) -> None:
    """Set how many bytes the arrays of a run may take in memory; None: three quarters of the machine's."""
    _Bound.bytes = size


def promised() -> int | None:
    """Return how many bytes a run was told to keep to, None where it was not."""
    return _Bound.bytes


def fits(shape: tuple[int, ...]) -> bool:
    """Whether a float64 array of that shape lies in memory."""
    memory = 0.75 * _machine() if _Bound.bytes is None else _Bound.bytes
    return 8 * math.prod(shape) * (_VECTOR if len(shape) == 1 else _MATRIX) <= memory


def streamed() -> int:
    """Return how many bytes of a stream are taken: it is held whole, and its table beside it."""
    return int((0.75 * _machine() if _Bound.bytes is None else _Bound.bytes) / 4)


def mapped(X: Floats) -> bool:
    """Whether X lies in a file."""
    return _map(X) is not None


def room(shape: tuple[int, ...]) -> Floats:
    """Return an uninitialised array (float64, C order): in memory, or as a map of a file that goes with it.

    Raises OSError where neither the cache nor the folder for temporary files has room.
    """
    if fits(shape):
        return np.empty(shape)
    import tempfile

    try:
        return _scratch(shape, cache_folder() / "tables")
    except OSError:
        return _scratch(shape, Path(tempfile.gettempdir()))


def blocks(X: Floats, most: int = _BLOCK) -> Iterator[slice]:
    """Yield the rows of X in slices that a processor's cache holds, giving back the pages of a map as they are done.

    A slice is of `most` rows, or of fewer so that it holds no more than a block's numbers.
    """
    step = min(most, max(1, _BLOCK // max(1, X.shape[1])))
    held = 0
    for start in range(0, len(X), step):
        yield slice(start, min(start + step, len(X)))
        held += step * X.strides[0]
        if held >= _HELD:
            release(X)
            held = 0
    release(X)


def release(X: Floats) -> None:
    """Give back the memory of a mapped file's pages: they stay in the system's cache, and come again when asked for."""
    base = _map(X)
    if base is not None and hasattr(mmap, "MADV_DONTNEED"):
        base.madvise(mmap.MADV_DONTNEED)


def _map(X: Floats) -> mmap.mmap | None:
    base: object = X
    while isinstance(base, np.ndarray):
        base = base.base
    return base if isinstance(base, mmap.mmap) else None


def _scratch(shape: tuple[int, ...], folder: Path) -> Floats:
    import tempfile

    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(suffix=".part", dir=folder)
    with os.fdopen(handle, "r+b") as file:
        try:
            # Blocks are claimed now: on a full disk this fails, and no write to the map does later.
            _claim(file.fileno(), 8 * math.prod(shape))
            return np.asarray(np.memmap(file, dtype=np.float64, mode="r+", shape=shape))
        finally:
            # The map keeps the file alive where a mapped file can be removed; elsewhere the store sweeps it up.
            with suppress(OSError):
                Path(name).unlink()


def _claim(handle: int, size: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(handle, 0, size)
    else:
        os.ftruncate(handle, size)


def _machine() -> int:
    """Return the machine's memory in bytes; where it does not tell, 8 GiB."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 8 << 30
