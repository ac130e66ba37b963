"""Delimited text. A fast pass reads plain numbers; whatever is odd is left to a careful one that counts lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from gdcli.data.encoding import decode
from gdcli.data.readers._header import has_header
from gdcli.data.readers._layout import LABELS, comments, delimiter_of, strip_trailing
from gdcli.data.table import Table
from gdcli.errors import DataError
from gdcli.escape import visible

# With a blank as the delimiter these would split a line in one pass and not in the other.
_ODD_BLANKS = ("\t", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x1f")
_SAMPLE = 100


def claims(content: bytes) -> bool:
    """Any text is worth a try."""
    return True


def table(content: bytes, file: str) -> Table:
    """Read delimited text: its delimiter and header are found from its first lines.

    Raises DataError naming the line for text that is no table: ragged rows, one column, an open quote.
    """
    text, encoding = decode(content, file)
    start, skipped = comments(text)
    if not text[start:].strip():
        hint = "the file needs a line for each observation"
        raise DataError("there are no data in this file", file=file, hint=hint)
    delimiter = delimiter_of(text[start:], file, skipped + 1)
    sample = _first(text, start, skipped, delimiter, file)
    header = has_header([fields for _, fields, _ in sample], file, sample[0][0])
    line, fields, end = sample[0]
    choices = _choices(encoding, skipped, delimiter)
    names = tuple(field.strip() for field in fields) if header else ()
    values = _fast(text[end if header else start :], delimiter, len(fields))
    if values is not None:
        return Table(file, names, line, len(fields), delimiter, choices, values)
    lines, records = _careful(text, start, skipped, delimiter, file)
    return _without_empty_last(
        Table(file, names, line, len(fields), delimiter, choices, None, records[header:], lines[header:])
    )


def _choices(encoding: str, skipped: int, delimiter: str) -> tuple[str, ...]:
    """One line for each thing about the text that is not the usual one."""
    said = [f"encoding: {encoding}"] if encoding != "UTF-8" else []
    lines = "the first line, which begins" if skipped == 1 else f"the first {skipped} lines, which begin"
    said += [f"comments: {lines} with #, skipped (a header there counts without its #)"] if skipped else []
    return (*said, *([f"delimiter: {LABELS[delimiter]}"] if delimiter != "," else []))


def _records(text: str, start: int, skipped: int, delimiter: str, file: str) -> Iterator[tuple[int, list[str], int]]:
    """Yield (physical line on which the record starts, its fields, position in the text after it)."""
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
            yield line, strip_trailing(fields, delimiter), stream.tell()


def _quoting(error: str, line: int, last: int, file: str) -> DataError:
    hint = 'a quoted field ends with " before the next delimiter; a quote inside it is doubled: ""'
    if "expected after" in error:
        return DataError("text follows the closing quote of a field", file=file, line=last, hint=hint)
    if "unexpected end" in error or "field larger" in error:
        return DataError("a quoted field begins here and never ends", file=file, line=line, hint=hint)
    return DataError(f"this line is not delimited text: {error}", file=file, line=line, hint=hint)


def _first(text: str, start: int, skipped: int, delimiter: str, file: str) -> list[tuple[int, list[str], int]]:
    records = _records(text, start, skipped, delimiter, file)
    return [record for record, _ in zip(records, range(_SAMPLE), strict=False)]


def _fast(body: str, delimiter: str, width: int) -> npt.NDArray[np.float64] | None:
    """Return (N, k) if all of `body` is plain numbers in rows of equal length, else None."""
    blank = delimiter == " "
    if not body.isascii() or not body.strip() or (blank and any(c in body for c in _ODD_BLANKS)):
        return None
    try:
        values = np.loadtxt(
            io.StringIO(body, newline=None), delimiter=None if blank else delimiter, comments=None, ndmin=2
        )
    except ValueError:
        return None
    return values if values.shape[1] == width and bool(np.isfinite(values).all()) else None


def _careful(text: str, start: int, skipped: int, delimiter: str, file: str) -> tuple[list[int], list[list[str]]]:
    """Return the physical lines and fields of all records, which must have as many fields as the first."""
    lines: list[int] = []
    records: list[list[str]] = []
    for line, fields, _ in _records(text, start, skipped, delimiter, file):
        if records and len(fields) != len(records[0]):
            raise _ragged(fields, records, line, lines[0], file)
        lines.append(line)
        records.append(fields)
    return lines, records


def _ragged(fields: list[str], records: list[list[str]], line: int, first: int, file: str) -> DataError:
    """Say how many fields there are, how many were expected, and what is often the reason."""
    count, expected = len(fields), len(records[0])
    plural = "field" if count == 1 else "fields"
    message = f"this line has {count} {plural}, line {first} has {expected}"
    if len(records) == 1 and count == 2 * expected:
        hint = "are these decimal commas? write 1.5 for 1,5"
    elif len(records) == 1 and count == expected + 1:
        hint = "if the rows begin with a name or number that the header leaves out, add its name to the header"
    elif count > expected:
        hint = f'quote a field that holds the delimiter; the last field is "{visible(fields[-1])}"'
    else:
        hint = "fill in or remove this line; a missing cell still needs its delimiter"
    return DataError(message, file=file, line=line, hint=hint)


def _without_empty_last(table: Table) -> Table:
    """Drop a last column without name or cells: what a delimiter at the end of every line makes."""
    from dataclasses import replace

    last = table.width - 1
    named = bool(table.names) and bool(table.names[last])
    if last < 1 or named or not table.records or any(table.cells(last)):
        return table
    said = f"ignored: column {table.width}, which has neither a name nor cells"
    records = [record[:last] for record in table.records]
    return replace(table, width=last, names=table.names[:last], records=records, choices=(*table.choices, said))
