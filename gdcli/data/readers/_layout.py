"""The delimiter of a text, found from its first records; lines of comments before them."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from itertools import islice

from gdcli.data.numbers import missing, numeric
from gdcli.errors import DataError
from gdcli.escape import visible

LABELS = {",": "comma", "\t": "tab", ";": "semicolon", "|": "vertical bar", " ": "space"}
_SAMPLE_CHARACTERS = 1 << 16
_SAMPLE_RECORDS = 100
_FORMATS = (
    (re.compile(r"\s*(\{|\[\s*([{\[\"\d\]+-]|$))"), "JSON"),
    (re.compile(r"\s*<(!doctype|html|\?xml)", re.IGNORECASE), "HTML or XML"),
    (re.compile(r"\s*@relation", re.IGNORECASE), "ARFF"),
)


def comments(text: str) -> tuple[int, int]:
    """Return the position after the lines at the top that begin with #, and how many they are."""
    start = count = 0
    while text.startswith("#", start):
        end = re.compile(r"\r\n|\r|\n").search(text, start)
        start = end.end() if end else len(text)
        count += 1
    return start, count


def strip_trailing(fields: list[str], delimiter: str) -> list[str]:
    """Between blanks as delimiters, those at the end of a line are no empty field."""
    return fields[:-1] if delimiter == " " and len(fields) > 1 and fields[-1] == "" else fields


def delimiter_of(text: str, file: str, line: int) -> str:
    """Return the delimiter under which the first records have equally many fields and most of them are numbers.

    Raises DataError at `line` for other formats and where no delimiter splits the lines.
    """
    for pattern, name in _FORMATS:
        if pattern.match(text):
            hint = "convert it to CSV: one line for each observation, one column for each variable"
            raise DataError(f"this looks like {name}, not like delimited text", file=file, line=line, hint=hint)
    sample = _sample(text)
    scores = {delimiter: _score(sample, delimiter) for delimiter in LABELS}
    # max keeps the first of equals: the order of LABELS is the order of preference. Blanks are in names and texts
    # too, so they must explain more numbers than any other delimiter does.
    blank = scores.pop(" ")
    best = max(scores, key=lambda delimiter: scores[delimiter])
    if blank[0] > 0 and blank[1] > scores[best][1]:
        return " "
    if scores[best][0] == 0:
        raise _one_column(sample, file, line)
    return best


def _sample(text: str) -> str:
    if len(text) <= _SAMPLE_CHARACTERS:
        return text
    cut = max(text.rfind("\n", 0, _SAMPLE_CHARACTERS), text.rfind("\r", 0, _SAMPLE_CHARACTERS))
    return text[: cut + 1] if cut > 0 else text


def _score(sample: str, delimiter: str) -> tuple[int, float, float]:
    """Return (2: regular, 1: somewhat, 0: one column; share of numbers; share of records of the usual width)."""
    stream = io.StringIO(sample, newline="")
    try:
        found = list(islice(csv.reader(stream, delimiter=delimiter, skipinitialspace=True), _SAMPLE_RECORDS))
    except csv.Error:
        return 0, 0.0, 0.0
    records = [strip_trailing(fields, delimiter) for fields in found if any(map(str.strip, fields))]
    widths = Counter(map(len, records))
    width, count = widths.most_common(1)[0] if widths else (0, 0)
    if width < 2:
        return (1, 0.0, 0.0) if sum(widths.values()) > count else (0, 0.0, 0.0)
    cells = [cell.strip() for fields in (records[1:] or records) for cell in fields]
    plain = sum(1 for cell in cells if missing(cell) or numeric(cell)) / len(cells)
    share = count / len(records)
    return (2 if share >= 0.9 else 1), plain, share


def _one_column(sample: str, file: str, line: int) -> DataError:
    first = next(row for row in io.StringIO(sample) if row.strip()).strip()
    message = f'this file has one column only: "{visible(first)}" holds no delimiter'
    hint = "separate the columns by comma, semicolon, tab, vertical bar or blanks; two columns at least are needed"
    return DataError(message, file=file, line=line, hint=hint)
