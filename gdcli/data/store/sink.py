"""Where the rows of a table go while they are read: files in the store's folder, or memory where those fail."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from gdcli.data.store.arrays import Growing
from gdcli.data.table import Floats

_ROWS = 1 << 12


class Memory:
    """Rows in memory: an array that grows by half when it is full."""

    def __init__(self, inner: tuple[int, ...]) -> None:
        self.rows = 0
        self._array = np.empty((0, *inner))

    def append(self, block: Floats) -> None:
        """Copy the rows of `block` behind the others."""
        need = self.rows + len(block)
        if need > len(self._array):
            more = np.empty((max(need, len(self._array) * 3 // 2, _ROWS), *self._array.shape[1:]))
            more[: self.rows] = self._array[: self.rows]
            self._array = more
        self._array[self.rows : need] = block
        self.rows = need

    def close(self) -> None:
        """Nothing is open."""

    def finish(self) -> Floats:
        """Return the rows."""
        found = self._array[: self.rows]
        found.flags.writeable = False
        return found


class Sink:
    """Takes blocks (n, k) and parts them: the column `aside`, and the others.

    In `folder` as two files whose names begin with `key`; without a folder, or once it fails, in memory. `trouble` is
    what the system said when it failed.
    """

    def __init__(self, width: int, aside: int, folder: Path | None = None, key: str = "") -> None:
        self.aside = aside
        self.trouble = ""
        self.files: tuple[Path, Path] | None = None
        self._others = [j for j in range(width) if j != aside]
        self._inner: tuple[tuple[int, ...], tuple[int, ...]] = ((width - 1,), ())
        self._parts: Sequence[Growing | Memory] = [Memory(inner) for inner in self._inner]
        if folder is not None:
            self._open(folder, f"{key}.{os.getpid()}-{secrets.token_hex(4)}")

    def append(self, values: Floats) -> None:
        """Take the rows of one block."""
        rest = values[:, : self.aside] if self.aside == values.shape[1] - 1 else values[:, self._others]
        pieces = (rest, values[:, self.aside])
        try:
            for part, piece in zip(self._parts, pieces, strict=True):
                part.append(piece)
        except OSError as error:
            self._to_memory(error, min(part.rows for part in self._parts))
            for part, piece in zip(self._parts, pieces, strict=True):
                part.append(piece)

    def finish(self) -> tuple[Floats, Floats]:
        """Return the rows: (N, k-1) and (N,)."""
        rows = self._parts[0].rows
        try:
            return self._parts[0].finish(), self._parts[1].finish()
        except OSError as error:
            self._to_memory(error, rows)
            return self._parts[0].finish(), self._parts[1].finish()

    def discard(self) -> None:
        """Remove the files."""
        for part in self._parts:
            part.close()
        for file in self.files or ():
            file.unlink(missing_ok=True)
        self.files = None

    def _open(self, folder: Path, stem: str) -> None:
        files = (folder / f"{stem}.rest.npy", folder / f"{stem}.beside.npy")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self.files = files
            opened: list[Growing] = []
            self._parts = opened
            for file, inner in zip(files, self._inner, strict=True):
                opened.append(Growing(file, inner))
        except OSError as error:
            self._to_memory(error, 0)

    def _to_memory(self, error: OSError, rows: int) -> None:
        """Go on in memory, with the first `rows` rows that the files hold."""
        self.trouble = error.strerror or str(error)
        parts = [Memory(inner) for inner in self._inner]
        for part, file in zip(parts, self._parts, strict=False):
            if rows and isinstance(file, Growing):
                part.append(file.written(rows))
        self.discard()
        self._parts = parts
