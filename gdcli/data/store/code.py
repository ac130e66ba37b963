"""Compiled code in the cache (kernels.native.store writes it): how much there is, and its removal."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from gdcli.data.folders import cache_folder


def size() -> int:
    """Return how many bytes it takes."""
    return sum(map(_size, _files()))


def clear() -> None:
    """Remove it: it is compiled again when it is asked for."""
    for file in _files():
        with suppress(OSError):
            file.unlink()


def _files() -> list[Path]:
    return sorted((cache_folder() / "kernels").glob("*.gdcli-code"))


def _size(file: Path) -> int:
    """The bytes of a file; 0 for one that another run has just removed."""
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0
