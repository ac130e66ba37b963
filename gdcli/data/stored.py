"""The rows of a table as two arrays, in memory or mapped from the store."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from gdcli.data.table import Floats, Levels, Place

Cells = tuple[list[str], Callable[[int], Place]]


@dataclass(frozen=True, eq=False)
class Stored:
    """The column `aside` as `beside` (N,), the others as `rest` (N, k-1), in the file's order.

    levels: the texts of text columns in the order of their codes. odd: columns whose cells must be judged: `again`
    reads such a column's cells from the file, and says where each stands.
    """

    rest: Floats
    beside: Floats
    aside: int
    levels: Mapping[int, Sequence[str]]
    odd: frozenset[int]
    again: Callable[[int], Cells]
    _read: dict[int, Cells] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """N."""
        return len(self.rest)

    def known(self, index: int) -> Floats | Levels | None:
        """Return the column; the levels of a text in sorted order."""
        if index in self.odd:
            return None
        column: Floats = self.beside if index == self.aside else self.rest[:, index - (index > self.aside)]
        if index not in self.levels:
            return column
        texts = self.levels[index]
        names = tuple(sorted(texts))
        place = {name: j for j, name in enumerate(names)}
        order = np.array([place[text] for text in texts], dtype=np.intp)
        return Levels(names, order[column.astype(np.intp)])

    def cells(self, index: int) -> list[str]:
        """Read the column's cells from the file."""
        return self._again(index)[0]

    def place(self, row: int) -> Place:
        """Say where a row stands: known once a column was read again."""
        return next(iter(self._read.values()))[1](row) if self._read else Place()

    def matrix(self, chosen: Sequence[int]) -> Floats | None:
        """Return `rest` where it is what was chosen."""
        others = [j for j in range(self.rest.shape[1] + 1) if j != self.aside]
        plain = not self.odd.union(self.levels).intersection(chosen)
        return self.rest if plain and list(chosen) == others else None

    def _again(self, index: int) -> Cells:
        if index not in self._read:
            self._read.clear()
            self._read[index] = self.again(index)
        return self._read[index]
