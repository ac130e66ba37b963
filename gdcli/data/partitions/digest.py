"""A file read where it lies, and what of it the others must know: its columns' kinds, levels and a few values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gdcli.data.assemble import header_again
from gdcli.data.blocks import MAX_KEPT_LEVELS
from gdcli.data.columns import few_levels, too_many_classes
from gdcli.data.partitions.opened import Column, Features, Texts, first_look
from gdcli.data.room import blocks
from gdcli.data.selection import Selection
from gdcli.data.table import Floats, Levels, Place, Table
from gdcli.errors import DataError

# As many different values of a target say how a loss by a formula is judged, and whether there are just two.
VALUES = 5
# A column's levels, or some of its values, or why it cannot be used.
Facts = tuple[str, ...] | Floats | DataError


@dataclass(frozen=True, eq=False)
class Sample:
    """Rows that stand for `whole` rows: as many as it takes to show every level and the target's values.

    They are not rows of a file: a column's values are its own, side by side with whatever others have.
    """

    facts: Mapping[int, Facts]
    whole: int

    @property
    def rows(self) -> int:
        """How many stand for all: more than any column has levels, unless every row has a text of its own."""
        levels = (len(found) for found in self.facts.values() if isinstance(found, tuple))
        return min(self.whole, max([VALUES, *(count + 1 for count in levels)]))

    def known(self, index: int) -> Floats | Levels | None:
        """Return the column's values, the first of them as often as it takes. Raises DataError where it has none."""
        found = self.facts[index]
        if isinstance(found, DataError):
            raise found
        if isinstance(found, tuple):
            return Levels(found, _padded(np.arange(len(found)), self.rows))
        return _padded(found, self.rows)

    def cells(self, index: int) -> list[str]:
        """Return the levels of a column of text: which row has which is told by no sample."""
        found = self.facts[index]
        return [*found] if isinstance(found, tuple) else []

    def place(self, row: int) -> Place:
        """A row that is in no file has no place."""
        return Place()

    def matrix(self, chosen: Sequence[int]) -> None:
        """The target stands beside the features: no."""


@dataclass(frozen=True, eq=False)
class Digest:
    """What is known of a file: its header over a sample of its rows, how many these are, the SHA-256 of its bytes."""

    table: Table
    sample: Sample
    sha256: str

    @property
    def rows(self) -> int:
        """N of the file."""
        return self.sample.whole


def digest(file: str, target: str | None, features: Features, texts: Texts) -> Digest:
    """The digest of a file. Raises DataError for one that is no table.

    What is wrong with its columns is for all files together to judge: another's header may be the cause.
    """
    table, chosen, found = first_look(file, target, features, texts)
    facts = {} if chosen is None else _facts(table, chosen, found.columns)
    sample = Sample(facts, table.rows)
    return Digest(replace(table, body=sample), sample, found.sha256)


def _facts(table: Table, chosen: Selection, columns: Mapping[int, Column]) -> dict[int, Facts]:
    facts = {j: _fact(table, chosen, j, column) for j, column in columns.items()}
    texts = {j: column.names for j, column in columns.items() if isinstance(column, Levels)}
    wrong = header_again(texts, table, chosen)
    return facts if wrong is None else facts | {chosen.target: wrong}


def _fact(table: Table, chosen: Selection, index: int, column: Column) -> Facts:
    if isinstance(column, DataError):
        return column
    if not isinstance(column, Levels):
        return distinct(column, VALUES) if index == chosen.target else column[:1].copy()
    return column.names if len(column.names) <= MAX_KEPT_LEVELS else _too_many(column, table, chosen, index)


def _too_many(column: Levels, table: Table, chosen: Selection, index: int) -> Facts:
    """Why a column of so many levels cannot be used: they would be no few facts."""
    if index == chosen.target:
        return too_many_classes(len(column.names), table, chosen)
    try:
        few_levels(column, table, chosen, index)
    except DataError as error:
        return error.with_traceback(None)
    return column.names


def distinct(values: Floats, most: int) -> Floats:
    """Different values among `values`, in their order: all, or up to `most`, the least and the greatest among them."""
    found = values[:1].copy()
    for rows in blocks(values[:, None]):
        block = values[rows]
        new = block[~np.isin(block, found)] if len(found) < most else [block.min(), block.max()]
        found = np.unique(np.append(found, new))
        if len(found) > most:
            found = np.append(found[: most - 1], found[-1])
    return found


def _padded(values: np.ndarray, rows: int) -> np.ndarray:
    """So many values: those there are, then the first again."""
    return np.append(values, np.repeat(values[:1], rows - len(values)))
