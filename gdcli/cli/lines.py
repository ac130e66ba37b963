"""Formulas a line each out of a stream: blank lines and # comments left out, every line with its number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO, TypeVar

from gdcli.errors import DataError, GdcliError
from gdcli.language.bounds import TEXT_BYTES
from gdcli.results.common import Failure

T = TypeVar("T")
_LONGEST = 4 * TEXT_BYTES


def numbered(stream: BinaryIO, file: str) -> Iterator[tuple[int, str | DataError]]:
    """(line number, text) as the lines come in; an error in place of a line that is too long or no UTF-8."""
    number = 0
    while raw := stream.readline(_LONGEST):
        number += 1
        whole = raw.endswith(b"\n") or len(raw) < _LONGEST
        while not raw.endswith(b"\n") and len(raw) == _LONGEST:
            raw = stream.readline(_LONGEST)
        line = _read(raw, number, file) if whole else _error("a line too long for a formula", number, file)
        if isinstance(line, DataError) or (line and not line.startswith("#")):
            yield number, line


def _read(raw: bytes, number: int, file: str) -> str | DataError:
    try:
        return raw.decode("utf-8-sig" if number == 1 else "utf-8").strip()
    except UnicodeDecodeError:
        return _error("a line that is no UTF-8 text", number, file)


def _error(cause: str, number: int, file: str) -> DataError:
    return DataError(cause, file=file, line=number, hint="save the file as UTF-8, one formula a line")


def attempt(work: Callable[[], T]) -> tuple[T | None, Failure | None]:
    """What `work` returns, or the expected failure it ends in."""
    try:
        return work(), None
    except GdcliError as error:
        return None, failure(error)


def failure(error: GdcliError) -> Failure:
    """An error as a part of a result."""
    return Failure(error.kind, error.message, error.hint, int(error.exit), error.where)
