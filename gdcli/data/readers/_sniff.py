"""What the first records of delimited text tell: comments, delimiter, header, and what the columns look like."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from gdcli.data.readers._careful import First, records
from gdcli.data.readers._cells import kinds
from gdcli.data.readers._header import has_header
from gdcli.data.readers._layout import LABELS, comments, delimiter_of
from gdcli.errors import DataError

SAMPLE = 100


@dataclass(frozen=True)
class Dialect:
    """How to read a text: where its first record and its data begin, and how many lines stand before each.

    texts, odd: columns whose sampled cells are texts, or neither numbers throughout nor texts.
    """

    start: int
    skipped: int
    delimiter: str
    first: First
    names: tuple[str, ...]
    choices: tuple[str, ...]
    body: int
    sampled: int
    texts: frozenset[int]
    odd: frozenset[int]
    trailing: bool


def sniff(text: str, encoding: str, file: str) -> Dialect:
    """Judge by the first 100 records. Raises DataError where they make no table."""
    start, skipped = comments(text)
    if not text[start:].strip():
        hint = "the file needs a line for each observation"
        raise DataError("there are no data in this file", file=file, hint=hint)
    delimiter = delimiter_of(text[start:], file, skipped + 1)
    sample = list(islice(records(text, start, skipped, delimiter, file), SAMPLE))
    header = has_header([record.fields for record in sample], file, sample[0].line)
    line, fields, end = sample[0]
    rows = [record.fields for record in sample[header:] if len(record.fields) == len(fields)]
    cells = [[row[j].strip() for row in rows] for j in range(len(fields))]
    texts, odd = kinds(cells)
    return Dialect(
        start=start,
        skipped=skipped,
        delimiter=delimiter,
        first=First(line, len(fields), header),
        names=tuple(field.strip() for field in fields) if header else (),
        choices=_choices(encoding, skipped, delimiter),
        body=end if header else start,
        sampled=len(sample),
        texts=texts,
        odd=odd,
        trailing=not (header and fields[-1].strip()) and not any(cells[-1]),
    )


def _choices(encoding: str, skipped: int, delimiter: str) -> tuple[str, ...]:
    """One line for each thing about the text that is not the usual one."""
    said = [f"encoding: {encoding}"] if encoding != "UTF-8" else []
    lines = "the first line, which begins" if skipped == 1 else f"the first {skipped} lines, which begin"
    said += [f"comments: {lines} with #, skipped (a header there counts without its #)"] if skipped else []
    return (*said, *([f"delimiter: {LABELS[delimiter]}"] if delimiter != "," else []))
