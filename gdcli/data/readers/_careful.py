"""Delimited text record by record: slow, exact about lines, and the only one that says what is wrong."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gdcli.data.readers._layout import strip_trailing
from gdcli.errors import DataError
from gdcli.escape import visible


class Record(NamedTuple):
    """The physical line on which a record starts, its fields, and the position in the text behind it."""

    line: int
    fields: list[str]
    end: int


class OpenQuoteError(DataError):
    """The text ends within quotes; more text may close them."""


def records(text: str, start: int, skipped: int, delimiter: str, file: str) -> Iterator[Record]:
    """Yield the records of `text` from the position `start`, before which there are `skipped` lines."""
    stream = io.StringIO(text, newline="")
    stream.seek(start)
    reader = csv.reader(iter(stream.readline, ""), delimiter=delimiter, skipinitialspace=True, strict=True)
    while True:
        line = skipped + reader.line_num + 1
        try:
            fields = next(reader, None)
        except csv.Error as error:
            raise _quoting(str(error), line, skipped + reader.line_num, file) from None
        if fields is None:
            return
        if len(fields) > 1 or (fields and fields[0].strip()):
            yield Record(line, strip_trailing(fields, delimiter), stream.tell())


def _quoting(error: str, line: int, last: int, file: str) -> DataError:
    hint = 'a quoted field ends with " before the next delimiter; a quote inside it is doubled: ""'
    if "expected after" in error:
        return DataError("text follows the closing quote of a field", file=file, line=last, hint=hint)
    if "unexpected end" in error:
        return OpenQuoteError("a quoted field begins here and never ends", file=file, line=line, hint=hint)
    if "field larger" in error:
        return DataError("a quoted field begins here and never ends", file=file, line=line, hint=hint)
    return DataError(f"this line is not delimited text: {error}", file=file, line=line, hint=hint)


class First(NamedTuple):
    """The first record: its line and how many fields it has; `header`: whether it is one."""

    line: int
    width: int
    header: bool


def rectangular(found: Iterator[Record], first: First, at: int, file: str) -> tuple[list[int], list[list[str]]]:
    """Return the lines and fields of the records, of which the first is the record number `at` of the file (from 0).

    Raises DataError for one that has more or fewer fields than the first of the file.
    """
    lines: list[int] = []
    rows: list[list[str]] = []
    for line, fields, _ in found:
        if len(fields) != first.width:
            raise _ragged(fields, first, line, at + len(rows), file)
        lines.append(line)
        rows.append(fields)
    return lines, rows


def _ragged(fields: Sequence[str], first: First, line: int, at: int, file: str) -> DataError:
    """Say how many fields there are, how many were expected, and what is often the reason."""
    count, expected = len(fields), first.width
    plural = "field" if count == 1 else "fields"
    message = f"this line has {count} {plural}, line {first.line} has {expected}"
    if at == 1 and count == 2 * expected:
        hint = "are these decimal commas? write 1.5 for 1,5"
    elif at == 1 and count == expected + 1:
        hint = "if the rows begin with a name or number that the header leaves out, add its name to the header"
    elif count > expected:
        hint = f'quote a field that holds the delimiter; the last field is "{visible(fields[-1])}"'
    else:
        hint = "fill in or remove this line; a missing cell still needs its delimiter"
    return DataError(message, file=file, line=line, hint=hint)
