"""The log of a saved run, a file that grows by whole lines, and up to where it is vouched for."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gdcli.descent.keep.files import foreign, unwritable

STEPS = "steps.ndjson"


@dataclass(frozen=True)
class Mark:
    """The log's first `bytes` bytes, which are whole lines, and their SHA-256."""

    bytes: int = 0
    sha256: str = hashlib.sha256().hexdigest()


class Log:
    """steps.ndjson, open for more lines behind those of `mark`: what a killed process wrote beyond is cut off."""

    def __init__(self, folder: Path, mark: Mark) -> None:
        self.path = folder / STEPS
        kept = _vouched(self.path, mark)
        # Replaced as a whole: a signal may come between any two statements.
        self._written = hashlib.sha256(kept), len(kept)
        try:
            self._file = self.path.open("r+b" if self.path.exists() else "x+b", buffering=0)
            self._file.truncate(len(kept))
            self._file.seek(len(kept))
        except OSError as error:
            raise unwritable(self.path, error) from None

    def line(self, text: str) -> None:
        """One more line."""
        raw = f"{text}\n".encode("utf-8", "backslashreplace")
        try:
            rest = memoryview(raw)
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            raise unwritable(self.path, error) from None
        before, count = self._written
        after = before.copy()
        after.update(raw)
        self._written = after, count + len(raw)

    def mark(self) -> Mark:
        """Have what was written on the disk, and vouch for it."""
        try:
            os.fsync(self._file.fileno())
        except OSError as error:
            raise unwritable(self.path, error) from None
        found, count = self._written
        return Mark(count, found.hexdigest())

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def before(folder: Path, mark: Mark, t: int) -> Mark:
    """The mark without the line of step t, at which a run goes on: it writes that again, if it still is a line."""
    path = folder / STEPS
    raw = _vouched(path, mark)
    begin = raw.rfind(b"\n", 0, -1) + 1
    last = raw[begin:]
    if not last or _parsed(last, raw.count(b"\n"), path)["step"] != t:
        return mark
    return Mark(begin, hashlib.sha256(raw[:begin]).hexdigest())


def lines(folder: Path, mark: Mark | None) -> list[dict[str, Any]]:
    """The lines of the log that are vouched for; without a mark all that are whole.

    Raises DataError that names the file where it is not the log of a run.
    """
    path = folder / STEPS
    raw = _content(path) if mark is None else _vouched(path, mark)
    whole = raw[: raw.rfind(b"\n") + 1]
    return [_parsed(line, number, path) for number, line in enumerate(whole.split(b"\n")[:-1], 1)]


def all_lines(folder: Path, mark: Mark) -> list[dict[str, Any]]:
    """The lines that are vouched for, and the whole ones behind them, which a run that goes on has written since."""
    _vouched(folder / STEPS, mark)
    return lines(folder, None)


def _parsed(line: bytes, number: int, path: Path) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or found.get("kind") != "step" or type(found.get("step")) is not int:
        raise foreign(path, f"line {number} is no step of a run")
    return found


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise foreign(path, f"cannot be read: {error.strerror or error}") from None


def _vouched(path: Path, mark: Mark) -> bytes:
    raw = _content(path)[: mark.bytes]
    if len(raw) < mark.bytes or hashlib.sha256(raw).hexdigest() != mark.sha256:
        raise foreign(path, "these are not the lines that the checkpoint vouches for: edited, or cut short")
    return raw
