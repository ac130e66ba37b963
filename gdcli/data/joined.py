"""Several files of the same columns as one table, one behind the other."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np

from gdcli.data.names import label
from gdcli.data.room import room
from gdcli.data.table import Floats, Levels, Place, Table
from gdcli.errors import DataError
from gdcli.escape import visible

_BLOCK = 4096


def joined(tables: Sequence[Table]) -> Table:
    """Return the rows of all tables. Raises DataError naming the file and column that differ from the first's."""
    first = tables[0]
    for other in tables[1:]:
        _alike(first, other)
    ends = list(accumulate(table.rows for table in tables))
    said = dict.fromkeys(choice for table in tables for choice in table.choices)
    body = Joined(tuple(tables), tuple(ends))
    return replace(first, body=body, choices=(f"files: {len(tables)}, joined in the order of their names", *said))


def _alike(first: Table, other: Table) -> None:
    hint = f"all files must have the columns of the first, {first.file}, in its order"
    if bool(first.names) != bool(other.names):
        what = "a header" if other.names else "no header"
        raise DataError(f"this file has {what}, unlike {first.file}", file=other.file, line=other.line, hint=hint)
    for j, (here, there) in enumerate(zip(first.names, other.names, strict=False)):
        if here != there:
            message = f'this column is called "{visible(there)}" here and "{visible(here)}" in {first.file}'
            raise DataError(message, file=other.file, line=other.line, column=label(j, there), hint=hint)
    if first.width != other.width:
        message = f"this file has {other.width} columns, {first.file} has {first.width}"
        raise DataError(message, file=other.file, line=other.line, hint=hint)


@dataclass(frozen=True, eq=False)
class Joined:
    """The rows of several tables; `ends` are the numbers of rows up to the end of each."""

    tables: tuple[Table, ...]
    ends: tuple[int, ...]

    @property
    def rows(self) -> int:
        """N of all."""
        return self.ends[-1]

    def known(self, index: int) -> Floats | Levels | None:
        """Return the column if it is numbers in all files, or text in all."""
        parts = [table.body.known(index) for table in self.tables]
        floats = [part for part in parts if isinstance(part, np.ndarray)]
        if len(floats) == len(parts):
            return np.concatenate(floats)
        levels = [part for part in parts if isinstance(part, Levels)]
        return _union(levels) if len(levels) == len(parts) else None

    def cells(self, index: int) -> list[str]:
        """Return the cells of all files."""
        return [cell for table in self.tables for cell in table.body.cells(index)]

    def place(self, row: int) -> Place:
        """Return the line, and the file."""
        part = bisect_right(self.ends, row)
        table = self.tables[part]
        return table.body.place(row - (self.ends[part] - table.rows))._replace(file=table.file)

    def matrix(self, chosen: Sequence[int]) -> Floats | None:
        """Return the columns copied into one matrix, where all are numbers in all files."""
        parts = [[table.body.known(j) for j in chosen] for table in self.tables]
        floats = [[column for column in part if isinstance(column, np.ndarray)] for part in parts]
        if any(len(part) < len(chosen) for part in floats) or not chosen:
            return None
        X = room((self.rows, len(chosen)))
        start = 0
        for part in floats:
            for begin in range(0, len(part[0]), _BLOCK):
                block = X[start + begin : start + min(begin + _BLOCK, len(part[0]))]
                for i, column in enumerate(part):
                    block[:, i] = column[begin : begin + _BLOCK]
            start += len(part[0])
        return X


def _union(parts: Sequence[Levels]) -> Levels:
    names = tuple(sorted({name for part in parts for name in part.names}))
    code = {name: j for j, name in enumerate(names)}
    codes = [np.array([code[name] for name in part.names], dtype=np.intp)[part.codes] for part in parts]
    return Levels(names, np.concatenate(codes))
