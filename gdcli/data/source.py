"""Where the bytes come from: a path or standard input, plain or compressed, whole or as a stream."""

from __future__ import annotations

import io
import os
import stat
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from gdcli.data.compression import Inflated, compression
from gdcli.data.progress import BYTES, UNWATCHED, Progress
from gdcli.data.urls import scheme, shown
from gdcli.errors import DataError, ExhaustedError, UsageError
from gdcli.escape import visible
from gdcli.suggest import nearest

if TYPE_CHECKING:
    from hashlib import _Hash

# From so many bytes on a file is read in pieces, and what was read is kept in the store.
LARGE = 4 << 20
_BUFFER = 1 << 16
_PIECE = 1 << 20


@dataclass(frozen=True)
class Print:
    """A file's fingerprint: what a change of its content cannot leave alone."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int

    @classmethod
    def of(cls, path: Path) -> Print:
        """Take it. Raises OSError."""
        found = path.stat()
        return cls(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


@dataclass(frozen=True)
class Source:
    """A named file of `size` bytes: its bytes `raw`, or None for a large file, which is read in pieces from `path`.

    compression: "gzip", "zstd" or "". seen: a large file's fingerprint before it was opened, at the time `began` (ns).
    progress: told of a large file's bytes as they are read.
    """

    name: str
    path: Path | None
    raw: bytes | None
    size: int
    compression: str
    seen: Print | None = None
    began: int = 0
    progress: Progress = UNWATCHED

    @property
    def file(self) -> str:
        """The name as messages show it."""
        return visible(self.name, 4096)

    @property
    def large(self) -> bool:
        """Whether it is read in pieces."""
        return self.raw is None

    def open(self) -> Stream:
        """Return a stream of the bytes after decompression."""
        if self.raw is not None:
            return Stream(io.BytesIO(self.raw), self.compression, self.file)
        assert self.path is not None
        return Stream(_opened(self.path, self.name), self.compression, self.file, lambda n: self.progress(n, self.size))

    @cached_property
    def head(self) -> bytes:
        """The first bytes after decompression, enough to tell the format."""
        with self.open() as stream:
            return stream.read(_BUFFER)

    @cached_property
    def tail(self) -> bytes:
        """The last bytes, where they are at hand: those of a compressed large file are not."""
        if self.path is None or self.raw is not None:
            return self.content[-16:]
        if self.compression:
            return b""
        with _opened(self.path, self.name) as file:
            file.seek(max(self.size - 16, 0))
            return bytes(file.read())

    @cached_property
    def whole(self) -> tuple[bytes, str]:
        """All bytes after decompression, and the SHA-256 of those before."""
        with self.open() as stream:
            return _bounded(stream, self.file), stream.sha256()

    def digest(self) -> str:
        """Return the SHA-256 of the file, read for it alone."""
        with self.open() as stream:
            return stream.sha256()

    @property
    def content(self) -> bytes:
        """All bytes after decompression."""
        return self.whole[0]


class Stream:
    """Bytes after decompression, in pieces; `sha256` is of those before."""

    def __init__(self, raw: BinaryIO, kind: str, file: str, told: Callable[[int], None] = lambda _: None) -> None:
        self._hashed = _Hashed(raw, told)
        plain: Any = io.BufferedReader(self._hashed, _BUFFER)
        self._top = io.BufferedReader(Inflated(plain, kind, file), _BUFFER) if kind else plain
        self._plain = plain

    def read(self, size: int) -> bytes:
        """Return `size` bytes (all: -1), fewer at the end only."""
        return self._top.read(size)

    def lines(self, size: int) -> bytes:
        """Return whole lines of `size` bytes and the rest of the last of them; b"" at the end."""
        piece = self._top.read(size)
        return piece if not piece or piece.endswith(b"\n") else piece + self._top.readline()

    def sha256(self) -> str:
        """Return the SHA-256 of all bytes of the file as they stand there, the rest of it read first."""
        while self._plain.read(1 << 20):
            pass
        return self._hashed.digest.hexdigest()

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self._top.close()
        self._plain.close()


class _Hashed(io.RawIOBase):
    """A raw stream that hashes what is read from it, and tells how many bytes that were."""

    def __init__(self, raw: BinaryIO, told: Callable[[int], None]) -> None:
        import hashlib

        self._raw: Any = raw
        self._told, self._count = told, 0
        self.digest: _Hash = hashlib.sha256()

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer`; 0 at the end."""
        count = int(self._raw.readinto(buffer))
        self.digest.update(buffer[:count])
        self._count += count
        self._told(self._count)
        return count

    def close(self) -> None:
        """Close the file, too."""
        self._raw.close()
        super().close()


def load(source: str, stdin: BinaryIO | None, progress: Progress = UNWATCHED) -> Source:
    """Find the file `source`, or read `stdin` for ``-``; compression is known by the first bytes, not by a name.

    Raises DataError for what cannot be found or opened, UsageError for ``-`` without a stream.
    """
    path, source = _located(source, progress)
    progress.begin(f"reading {'standard input' if source == '-' else visible(Path(source).name, 30)}", BYTES)
    if source == "-":
        raw = _stream(stdin, progress)
        return Source("standard input", None, raw, len(raw), compression(raw))
    began = time.time_ns()
    seen = regular(path)
    if seen is not None and seen.size >= LARGE:
        with _opened(path, source) as file:
            return Source(source, path, None, seen.size, compression(file.read(4)), seen, began, progress)
    raw = _bytes(path, source)
    return Source(source, path, raw, len(raw), compression(raw))


def _located(source: str, progress: Progress) -> tuple[Path, str]:
    """The file to read, and its name in messages: of a URL the file that it was fetched to, and the URL."""
    if not scheme(source):
        return Path(source), source
    from gdcli.data import remote

    return remote.fetched(source, progress), shown(source)


def _stream(stdin: BinaryIO | None, progress: Progress) -> bytes:
    if stdin is None:
        raise UsageError("there is no standard input to read", hint="give the path of a file instead of -")
    return _bounded(stdin, "standard input", progress)


def _bounded(stream: BinaryIO | Stream, file: str, progress: Progress = UNWATCHED) -> bytes:
    """Return all bytes of a stream; one that does not end is no reason to take the machine's whole memory."""
    from gdcli.data.room import streamed

    # What is in a BytesIO alone is handed out without a copy.
    most, found = max(streamed(), LARGE), io.BytesIO()
    while piece := stream.read(_PIECE):
        found.write(piece)
        progress(found.tell())
        if found.tell() > most:
            raise ExhaustedError(f"{file} is beyond {most / 1e6:.0f} MB and goes on", hint="save it, and give the file")
    return found.getvalue()


def regular(path: Path) -> Print | None:
    """Return a regular file's fingerprint, None for anything else: reading it will say what it is."""
    try:
        return Print.of(path) if stat.S_ISREG(path.stat().st_mode) else None
    except (OSError, ValueError):
        return None


def _bytes(path: Path, source: str) -> bytes:
    with _opened(path, source) as file:
        if _is_device(file):
            hint = "give a file, or - for standard input"
            raise DataError("this is a device, not a file", file=visible(source, 4096), hint=hint)
        try:
            return _bounded(file, visible(source, 4096))
        except OSError as error:
            raise _unreadable(path, source, error) from None


def _is_device(file: BinaryIO) -> bool:
    """Whether it is none that ends: a terminal does, when its user says so."""
    mode = os.fstat(file.fileno()).st_mode
    return stat.S_ISBLK(mode) or (stat.S_ISCHR(mode) and not file.isatty())


def _opened(path: Path, source: str) -> Any:
    try:
        return os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0)), "rb", buffering=0)
    except (OSError, ValueError) as error:
        raise _unreadable(path, source, error) from None


def _unreadable(path: Path, source: str, error: OSError | ValueError) -> DataError:
    shown = visible(source, 4096)
    if isinstance(error, FileNotFoundError):
        return DataError("there is no such file", file=shown, hint=near(path))
    if isinstance(error, IsADirectoryError):
        return DataError("this is a folder, not a file", file=shown, hint=_inside(path))
    if isinstance(error, PermissionError):
        return DataError("no permission to read this file", file=shown, hint="see its owner and mode: ls -l")
    reason = getattr(error, "strerror", None) or str(error)
    return DataError(f"cannot be read: {reason}", file=shown, hint="check the path")


def near(path: Path) -> str:
    """A hint for a path where nothing is: the file beside it that may have been meant."""
    folder = path.parent
    if not folder.is_dir():
        return f"there is no folder {visible(str(folder), 200)} either"
    try:
        names = [entry.name for entry in folder.iterdir() if entry.is_file()]
    except OSError:
        names = []
    found = nearest(path.name, names)
    return f"did you mean {visible(str(folder / found), 200)}?" if found else "check the path"


def _inside(path: Path) -> str:
    try:
        tables = sorted(entry.name for entry in path.iterdir() if entry.suffix in (".csv", ".tsv", ".gz"))
    except OSError:
        tables = []
    return f"give a file in it, such as {visible(str(path / tables[0]), 200)}" if tables else "give a file"
