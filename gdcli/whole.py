"""Files that are there whole or not at all. Imports nothing of gdcli but errors and escape."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from gdcli.errors import ExhaustedError, GdcliError, UsageError
from gdcli.escape import visible

_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}


def replace(path: Path, content: bytes) -> None:
    """Write beside the file's place, to the disk, then move it there. Raises OSError where that cannot be done."""
    assemble(path, (content,))


def assemble(path: Path, blocks: Iterable[bytes]) -> None:
    """`replace` with content that comes in blocks."""
    part = path.with_name(f"{path.name}.part")
    try:
        _write(part, blocks)
        part.replace(path)
        _settle(path.parent)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def unwritable(path: Path, error: OSError, *, full: str, other: str) -> GdcliError:
    """What a failed `replace` means for the user, with the remedy for a full disk and for any other cause."""
    message = f"{visible(str(path), 4096)} cannot be written: {error.strerror or error}"
    return ExhaustedError(message, hint=full) if error.errno in _FULL else UsageError(message, hint=other)


def _write(path: Path, blocks: Iterable[bytes]) -> None:
    """To the disk, by a plain handle: a signal may come between any two calls, and an open stream would complain."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o666)
    try:
        for block in blocks:
            rest = memoryview(block)
            while rest:
                rest = rest[os.write(handle, rest) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def _settle(folder: Path) -> None:
    """Have the new name on the disk, too, where folders can be synced."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
