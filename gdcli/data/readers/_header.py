"""Is the first record a header or data?"""

from __future__ import annotations

from collections.abc import Sequence

from gdcli.data.numbers import missing, numeric
from gdcli.errors import DataError
from gdcli.escape import visible


def has_header(records: Sequence[Sequence[str]], file: str, line: int) -> bool:
    """Decide from the first records.

    Only numbers (and missing cells): data. Only text: a header. Both: a header if some column has text first and
    only numbers below, data if a text of the first record comes again below it in its column.
    Raises DataError when none of these tells.
    """
    first = [cell.strip() for cell in records[0]]
    texts = [j for j, cell in enumerate(first) if not missing(cell) and not numeric(cell)]
    if not texts:
        return False
    if not any(numeric(cell) for cell in first):
        return True
    columns = [(first[j], _below(records, j)) for j in texts]
    if any(below and all(map(numeric, below)) for _, below in columns):
        return True
    if any(cell in below for cell, below in columns):
        return False
    message = f'this line may be a header or data: it holds numbers and the text "{visible(first[texts[0]])}"'
    raise DataError(message, file=file, line=line, hint="add a header line above it, or name its columns by words")


def _below(records: Sequence[Sequence[str]], index: int) -> list[str]:
    cells = (fields[index].strip() for fields in records[1:] if index < len(fields))
    return [cell for cell in cells if not missing(cell)]
