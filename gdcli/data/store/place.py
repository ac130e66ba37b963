"""The store's folder: which entries there are, how much they may take, and which go first."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from gdcli.data.folders import cache_folder
from gdcli.data.store.manifest import Manifest, load

LIMIT = 10 * 10**9
_LIMIT_FILE = "limit"
# A file that no manifest names and nobody has written to for so long belongs to a process that is gone.
_ABANDONED = 3600.0


@dataclass(frozen=True)
class Entry:
    """A kept table: its manifest and the file of it, the bytes it takes, and when it was last used (s since 1970)."""

    file: Path
    manifest: Manifest
    size: int
    used: float


def folder() -> Path:
    """Return the folder of kept tables."""
    return cache_folder() / "tables"


def entries() -> list[Entry]:
    """Return the kept tables, the last used first."""
    found = [entry for file in _files() if file.suffix == ".json" for entry in _entry(file)]
    return sorted(found, key=lambda entry: (-entry.used, entry.manifest.path))


def limit() -> int:
    """Return how many bytes all entries together may take."""
    try:
        return int((folder() / _LIMIT_FILE).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return LIMIT


def set_limit(size: int) -> None:
    """Keep another limit, and hold it at once. OSError where the folder cannot be written."""
    folder().mkdir(parents=True, exist_ok=True)
    replace(folder() / _LIMIT_FILE, f"{size}\n")
    shrink(size)


def shrink(size: int) -> None:
    """Remove the entries used longest ago until the rest takes at most `size` bytes, and what nobody owns any more."""
    total = 0
    kept = entries()
    for entry in kept:
        total += entry.size
        if total > size:
            remove(entry)
    named = {name for entry in kept for name in (entry.manifest.rest, entry.manifest.beside)}
    for file in _files():
        if file.suffix in (".npy", ".part") and file.name not in named and _age(file) > _ABANDONED:
            _unlink(file)


def clear() -> None:
    """Remove every entry, and what killed processes left behind."""
    for file in _files():
        if file.suffix in (".json", ".npy", ".part"):
            _unlink(file)


def remove(entry: Entry) -> None:
    """Remove an entry: its manifest first, so that nobody finds the one without the other."""
    for name in (entry.file.name, entry.manifest.rest, entry.manifest.beside):
        _unlink(entry.file.parent / name)


def touch(file: Path) -> None:
    """Note that an entry was used now; a folder that cannot be written keeps its order."""
    with suppress(OSError):
        os.utime(file)


def replace(path: Path, text: str) -> None:
    """Write a small file whole or not at all: beside its place, to the disk, then moved there."""
    part = path.with_name(f"{path.name}.{os.getpid()}.{time.monotonic_ns()}.part")
    try:
        with part.open("x", encoding="ascii") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    finally:
        _unlink(part)


def _files() -> Iterator[Path]:
    try:
        yield from sorted(folder().iterdir())
    except OSError:
        return


def _entry(file: Path) -> list[Entry]:
    manifest = load(file)
    if manifest is None:
        return []
    try:
        size = sum((file.parent / name).stat().st_size for name in (manifest.rest, manifest.beside))
        return [Entry(file, manifest, size, file.stat().st_mtime)]
    except OSError:
        return []


def _age(file: Path) -> float:
    try:
        return time.time() - file.stat().st_mtime
    except OSError:
        return 0.0


def _unlink(file: Path) -> None:
    with suppress(OSError):
        file.unlink(missing_ok=True)
