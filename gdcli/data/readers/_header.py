"""Is the first record a header or data?"""

from __future__ import annotations

from collections.abc import Sequence

from gdcli.data.numbers import missing, numeric
from gdcli.errors import DataError
from gdcli.escape import visible


def has_header(records: Sequence[Sequence[str]], file: str, line: int) -> bool:
    """Decide from the first records.

    Only numbers (and missing cells): data. A header if some column has text first and only numbers below. Text and
    numbers: data if a text of the first record comes again below it in its column. Only text: a header, but data if
    every one of them comes again and no number is below. Raises DataError when none of these tells.
    """
    first = [cell.strip() for cell in records[0]]
    texts = [j for j, cell in enumerate(first) if not missing(cell) and not numeric(cell)]
    if not texts:
        return False
    columns = [(first[j], _below(records, j)) for j in texts]
    if any(below and all(map(numeric, below)) for _, below in columns):
        return True
    again = [cell in below for cell, below in columns]
    if any(map(numeric, first)):
        what = "numbers and the text"
        data, header = any(again), False
    else:
        what = "texts that come again below, such as"
        data = all(again) and list(records[0]) not in map(list, records[1:])
        header = not any(again) or any(numeric(cell) for _, below in columns for cell in below)
    if data or header:
        return header
    shown = visible(next((cell for (cell, _), found in zip(columns, again, strict=True) if found), columns[0][0]))
    message = f'this line may be a header or data: it holds {what} "{shown}"'
    raise DataError(message, file=file, line=line, hint="add a header line above it, or name its columns by words")


def _below(records: Sequence[Sequence[str]], index: int) -> list[str]:
    cells = (fields[index].strip() for fields in records[1:] if index < len(fields))
    return [cell for cell in cells if not missing(cell)]
