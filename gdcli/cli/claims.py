"""A file of claims: lines `EXPR => CLAIM`, or JSON: [{"expr": ..., "grad": ..., "vars": ...}, ...]."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO

from gdcli.cli.lines import numbered
from gdcli.errors import DataError

ARROW = "=>"
_SHAPE = 'write {"expr": "x^2 y", "grad": "2*x*y, x^2", "vars": "x,y"} (vars may be left out)'


@dataclass(frozen=True, slots=True)
class Entry:
    """One claim as the file has it, under its number; `unit` is "line" or "item"."""

    unit: str
    number: int
    expression: str
    claim: str | Sequence[str] | Mapping[str, str]
    variables: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line or item that is no claim."""

    unit: str
    number: int
    error: DataError


def entries(stream: BinaryIO, file: str) -> Iterator[Entry | Unreadable]:
    """The claims of a file, whose first character [ says that it is JSON. Raises DataError where the JSON is broken."""
    first = stream.readline()
    while first and not first.lstrip(b"\xef\xbb\xbf").strip():
        first += (more := stream.readline())
        if not more:
            break
    if first.lstrip(b"\xef\xbb\xbf").lstrip().startswith(b"["):
        yield from _items(first + stream.read(), file)
        return
    yield from (_line(number, text, file) for number, text in numbered(_Rest(first, stream), file))


class _Rest(BytesIO):
    """A stream whose first lines were read already."""

    def __init__(self, first: bytes, stream: BinaryIO) -> None:
        super().__init__(first)
        self._stream = stream

    def readline(self, size: int | None = -1, /) -> bytes:
        """The next line: one of the first lines, then those of the stream."""
        return super().readline(size) or self._stream.readline(-1 if size is None else size)


def _line(number: int, text: str | DataError, file: str) -> Entry | Unreadable:
    if isinstance(text, DataError):
        return Unreadable("line", number, text)
    expression, *claims = text.split(ARROW)
    if len(claims) != 1:
        cause = f"no {ARROW} between formula and claim" if not claims else f"more than one {ARROW}"
        return Unreadable("line", number, DataError(cause, file=file, line=number, hint="write x^2 y => 2*x*y, x^2"))
    return Entry("line", number, expression.strip(), claims[0].strip())


def _items(raw: bytes, file: str) -> Iterator[Entry | Unreadable]:
    try:
        items = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise DataError("the file is no UTF-8 text", file=file, hint="save it as UTF-8") from None
    except json.JSONDecodeError as error:
        raise DataError(
            f"the JSON cannot be read: {error.msg}", file=file, line=error.lineno, hint="a file of claims is one array"
        ) from None
    except RecursionError:
        raise DataError("the JSON nests too deep", file=file, hint="a file of claims is one array") from None
    yield from (_item(number, item, file) for number, item in enumerate(items, 1))


def _item(number: int, item: Any, file: str) -> Entry | Unreadable:
    found = item if isinstance(item, dict) else {}
    claim = _claim(found.get("grad"))
    variables = _names(found.get("vars"))
    if (
        not isinstance(found.get("expr"), str)
        or claim is None
        or (variables is None and "vars" in found)
        or not set(found) <= {"expr", "grad", "vars"}
    ):
        return Unreadable("item", number, DataError(f"item {number} is no claim", file=file, hint=_SHAPE))
    return Entry("item", number, found["expr"], claim, variables)


def _claim(value: Any) -> str | Sequence[str] | Mapping[str, str] | None:
    """A text, a list of texts or a mapping to texts; numbers count as text."""
    if isinstance(value, dict):
        texts = {name: _text(part) for name, part in value.items()}
        return None if None in texts.values() else {name: str(text) for name, text in texts.items()}
    if isinstance(value, list):
        parts = [_text(part) for part in value]
        return None if None in parts else [str(part) for part in parts]
    return _text(value)


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _names(value: Any) -> tuple[str, ...] | None:
    if isinstance(value, str):
        value = value.replace(",", " ").split()
    return tuple(value) if isinstance(value, list) and all(isinstance(name, str) for name in value) else None
