"""A file read where it lies, and what of it the others must know: its columns' kinds, levels and a few values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from gdcli.data.columns import MAX_LEVELS, content, feature
from gdcli.data.readers import table_of
from gdcli.data.selection import Chooser, Selection, select
from gdcli.data.table import Floats, Levels, Place, Table

# As many different values of a target say how a loss by a formula is judged, and whether there are just two.
VALUES = 5
Columns = Mapping[int, Floats | Levels]
Features = Sequence[str] | Chooser | None


@dataclass(frozen=True, eq=False)
class Sample:
    """Rows that stand for those of a file: as many as it takes to show every level and the target's values.

    They are not rows of the file: a column's values are its own, side by side with whatever others have.
    """

    columns: Columns
    rows: int

    def known(self, index: int) -> Floats | Levels | None:
        """Return the column's values, None for one that is not used."""
        return self.columns.get(index)

    def cells(self, index: int) -> list[str]:
        """A column that is numbers in one file and text in another has no cells here."""
        return []

    def place(self, row: int) -> Place:
        """A row that is in no file has no place."""
        return Place()

    def matrix(self, chosen: Sequence[int]) -> None:
        """No rows, no matrix."""


@dataclass(frozen=True, eq=False)
class Digest:
    """What is known of a file: a table of a few rows with its header, N of its own, and the SHA-256 of its bytes."""

    table: Table
    rows: int
    sha256: str


@dataclass(frozen=True, eq=False)
class Opened:
    """A file's table and the chosen columns of it, numbers or text."""

    table: Table
    sha256: str
    chosen: Selection
    columns: Columns


def opened(file: str, target: str | None, features: Features) -> Opened:
    """Read a file. Raises DataError with its line and column for a cell that cannot be used.

    The last file is kept: its portions come one after the other.
    """
    return _opened(file, target, features if features is None or callable(features) else tuple(features))


@lru_cache(maxsize=1)
def _opened(file: str, target: str | None, features: Features) -> Opened:
    table, sha256, _ = table_of(file, target=target, features=features)
    chosen = select(table, target, features)
    columns = {j: content(table, chosen, j) for j in (chosen.target, *chosen.features)}
    for j in chosen.features:
        if isinstance(column := columns[j], Levels) and len(column.names) > MAX_LEVELS:
            feature(table, chosen, j)
    return Opened(table, sha256, chosen, columns)


def digest(file: str, target: str | None, features: Features) -> Digest:
    """The digest of a file. Raises DataError for a file that cannot be used."""
    found = opened(file, target, features)
    table, chosen = found.table, found.chosen
    levels = [len(column.names) for column in found.columns.values() if isinstance(column, Levels)]
    # A level more than there are rows for: "every row has a text of its own" is true here where it is in the file.
    rows = min(table.rows, max([VALUES, *(count + 1 for count in levels)]))
    columns = {j: _few(column, rows, VALUES if j == chosen.target else 1) for j, column in found.columns.items()}
    return Digest(replace(table, body=Sample(columns, rows)), table.rows, found.sha256)


def _few(column: Floats | Levels, rows: int, most: int) -> Floats | Levels:
    """So many values of a column: all its levels, or up to `most` different numbers; the first is there most often."""
    if isinstance(column, Levels):
        codes = np.zeros(rows, dtype=np.intp)
        count = len(column.names)
        codes[:count] = np.arange(count)
        return Levels(column.names, codes)
    if not rows:
        return column
    found = np.full(rows, column[0])
    different = distinct(column, most)
    found[: len(different)] = different
    return found


def distinct(values: Floats, most: int) -> Floats:
    """Different values among `values`, in their order: all, or up to `most`, the least and the greatest among them."""
    if most == 1:
        return values[:1]
    found = np.unique([values.min(), values.max()])
    while len(found) < most:
        others = ~np.isin(values, found)
        if not others.any():
            break
        found = np.append(found, values[np.argmax(others)])
    return np.sort(found)
