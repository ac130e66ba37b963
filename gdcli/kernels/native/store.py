"""Object code on disk, so that a second run compiles nothing. What is torn, damaged or not the user's own is not used.

A file is a line with the digest of the rest, then the code; it is written beside its place and moved there whole, so
that two runs may share the directory. Without a place to write, code lives as long as the process, and `note` says so.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

SUFFIX = ".gdcli-code"
# Kernels are about 10 kB each.
MOST_FILES = 512


class Store:
    """Bytes by key, in `directory` or, where that is None or cannot be used, nowhere."""

    def __init__(self, directory: Path | None) -> None:
        self.directory = directory
        self.note: str | None = None if directory else "compiled code is not kept: there is no folder for it"

    def get(self, key: str) -> bytes | None:
        """The bytes, if they are there whole and only this user could have written them."""
        if self.directory is None:
            return None
        path = self._path(key)
        try:
            with path.open("rb") as file:
                if not _own(os.fstat(file.fileno())):
                    self.note = f"{path} is not used: others may write to it"
                    return None
                digest, _, content = file.read().partition(b"\n")
        except FileNotFoundError:
            return None
        except OSError as error:
            self._refuse(error)
            return None
        return content if digest.decode("ascii", "replace") == _digest(key, content) else None

    def put(self, key: str, content: bytes) -> None:
        """Keep the bytes, if there is a place."""
        if self.directory is None:
            return
        try:
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._trim()
            handle, name = tempfile.mkstemp(dir=self.directory)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(_digest(key, content).encode() + b"\n" + content)
                Path(name).replace(self._path(key))
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise
        except OSError as error:
            self._refuse(error)

    def _path(self, key: str) -> Path:
        assert self.directory is not None
        return self.directory / f"{key}{SUFFIX}"

    def _trim(self) -> None:
        """Drop the files written longest ago, beyond MOST_FILES."""
        assert self.directory is not None
        kept = sorted(self.directory.glob(f"*{SUFFIX}"), key=_written, reverse=True)
        for path in kept[MOST_FILES - 1 :]:
            path.unlink(missing_ok=True)

    def _refuse(self, error: OSError) -> None:
        self.note = f"compiled code is not kept: {self.directory}: {error.strerror}"


def _digest(key: str, content: bytes) -> str:
    return hashlib.sha256(key.encode() + b"\0" + content).hexdigest()


def _written(path: Path) -> float:
    """When; a file that another run has just removed counts as the oldest."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _own(status: os.stat_result) -> bool:
    """Whether the file is the user's and nobody else may write to it; Windows keeps that by the directory."""
    if not hasattr(os, "getuid"):
        return True
    return status.st_uid == os.getuid() and not status.st_mode & 0o022
