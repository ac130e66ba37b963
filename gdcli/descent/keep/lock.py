"""One process at a time writes to the folder of a run. The system lets go of the lock of a process that is gone."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from gdcli.descent.keep.files import unwritable
from gdcli.errors import UsageError
from gdcli.escape import visible

LOCK = "lock"


class Lock:
    """Holds the folder until it is released. Raises UsageError where another process does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        path = folder / LOCK
        try:
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise unwritable(path, error) from None
        try:
            _take(self._handle)
        except OSError:
            os.close(self._handle)
            message = f"another process is writing to {visible(str(folder), 4096)}"
            raise UsageError(message, hint="wait until it has ended, or take another folder") from None

    def release(self) -> None:
        """Let go."""
        os.close(self._handle)


if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
