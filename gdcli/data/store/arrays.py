"""The two arrays of a kept table: written block by block, and mapped into memory afterwards."""

from __future__ import annotations

import os
import zlib
from pathlib import Path
from typing import IO, Any

import numpy as np

from gdcli.data.room import blocks
from gdcli.data.table import Floats

_HEADER = 128
# Words on a side of the squares that are summed: a square takes 512 KiB.
_SIDE = 256


def header(shape: tuple[int, ...]) -> bytes:
    """Return the 128 bytes before the numbers of a .npy file (version 1.0) of float64 in C order."""
    text = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape!r}, }}"
    return b"\x93NUMPY\x01\x00" + (_HEADER - 10).to_bytes(2, "little") + text.ljust(_HEADER - 11).encode() + b"\n"


class Growing:
    """A .npy file that grows by blocks of rows, each of the shape `inner`. Every method may raise OSError."""

    def __init__(self, path: Path, inner: tuple[int, ...]) -> None:
        self.path = path
        self.rows = 0
        self._inner = inner
        self._file = path.open("x+b", buffering=0)
        try:
            self._write(bytes(_HEADER))
        except OSError:
            self._file.close()
            raise

    def append(self, block: Floats) -> None:
        """Write the rows of `block` behind the others."""
        if block.size:
            table = block.reshape(len(block), -1)
            for rows in blocks(table):
                self._write(np.ascontiguousarray(table[rows], dtype="<f8"))
        self.rows += len(block)

    def finish(self) -> Floats:
        """Write the header and return the rows as a read-only map: of this very file, whatever its name holds now."""
        shape = (self.rows, *self._inner)
        self._file.seek(0)
        self._write(header(shape))
        with self._file:
            return _map(self._file, shape)

    def written(self, rows: int) -> Floats:
        """Read the first `rows` rows back."""
        self._file.seek(_HEADER)
        count = rows * int(np.prod(self._inner))
        return np.fromfile(self._file, "<f8", count).reshape(rows, *self._inner)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _write(self, data: Any) -> None:
        rest = memoryview(data).cast("B")
        while rest:
            rest = rest[self._file.write(rest) :]


def mapped(path: Path, shape: tuple[int, ...]) -> Floats:
    """Return the numbers of a .npy file that `Growing` wrote, as a read-only map of the file.

    Raises OSError where it is gone, ValueError where it is not such a file of that very shape and length.
    """
    with path.open("rb") as file:
        if file.read(_HEADER) != header(shape):
            raise ValueError(f"{path} is not an array of the shape {shape}")
        if os.fstat(file.fileno()).st_size != _HEADER + 8 * int(np.prod(shape)):
            raise ValueError(f"{path} has another length than its header says")
        return _map(file, shape)


def _map(file: IO[bytes], shape: tuple[int, ...]) -> Floats:
    if not np.prod(shape):
        return np.empty(shape)
    return np.asarray(np.memmap(file, dtype="<f8", mode="r", offset=_HEADER, shape=shape))


def checksum(*paths: Path) -> int:
    """Return one number for all bytes of the files: what damaged, cut or exchanged them changes it.

    It is the CRC-32 of the sums of the rows and of the columns of squares of words, modulo 2^64: as many bytes as fit
    into a processor's cache are added in less time than a CRC of them would take.
    """
    found = 0
    room = memoryview(bytearray(8 * _SIDE * _SIDE))
    square = np.frombuffer(room, dtype="<u8").reshape(_SIDE, _SIDE)
    for path in paths:
        with path.open("rb", buffering=0) as file:
            while size := file.readinto(room):
                room[size:] = bytes(len(room) - size)
                for axis in (0, 1):
                    found = zlib.crc32(square.sum(axis=axis, dtype="<u8").tobytes(), found)
                found = zlib.crc32(size.to_bytes(8, "little"), found)
    return found


def flush(*paths: Path) -> None:
    """Have the files on the disk before this returns."""
    for path in paths:
        with path.open("rb+") as file:
            os.fsync(file.fileno())
