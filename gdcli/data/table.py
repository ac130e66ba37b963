"""What a reader hands on: the columns of a file before anyone knows which is the target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Levels:
    """A text column: its sorted levels and, for each row, the index of its level (N,)."""

    names: tuple[str, ...]
    codes: npt.NDArray[np.intp]


class Place(NamedTuple):
    """Where a row stands: its physical line, or for files without lines a word on the row; a file of several."""

    line: int | None = None
    row: str = ""
    file: str | None = None


class Body(Protocol):
    """The rows of a table."""

    @property
    def rows(self) -> int:
        """N."""

    def known(self, index: int) -> Floats | Levels | None:
        """Return the column if every cell of it is a plain number, or a text; None where its cells must be judged."""

    def cells(self, index: int) -> list[str]:
        """Return the column's cells as texts, without the blanks around them."""

    def place(self, row: int) -> Place:
        """Say where a row stands in the file."""

    def matrix(self, chosen: Sequence[int]) -> Floats | None:
        """Return the columns `chosen` (N, d) in C order where they stand so already, without a copy."""


@dataclass(frozen=True, eq=False)
class Table:
    """The columns of a file.

    names: the header's, () without a header. line: the header's physical line, where the file has lines.
    """

    file: str
    names: tuple[str, ...]
    line: int | None
    width: int
    delimiter: str
    choices: tuple[str, ...]
    body: Body

    @property
    def rows(self) -> int:
        """N."""
        return self.body.rows


@dataclass(frozen=True, eq=False)
class Records:
    """Rows as texts, and the line on which each begins."""

    records: Sequence[Sequence[str]]
    lines: Sequence[int]

    @property
    def rows(self) -> int:
        """N."""
        return len(self.records)

    def known(self, index: int) -> None:
        """Every column must be judged."""

    def cells(self, index: int) -> list[str]:
        """Return the column's cells."""
        return [record[index].strip() for record in self.records]

    def place(self, row: int) -> Place:
        """Return the line."""
        return Place(self.lines[row])

    def matrix(self, chosen: Sequence[int]) -> None:
        """Texts are no matrix."""


@dataclass(frozen=True, eq=False)
class Numbers:
    """Rows that are numbers throughout: `values` (N, k)."""

    values: Floats

    @property
    def rows(self) -> int:
        """N."""
        return len(self.values)

    def known(self, index: int) -> Floats:
        """Return the column."""
        column: Floats = self.values[:, index]
        return column

    def cells(self, index: int) -> list[str]:
        """Return the column's numbers as texts."""
        return [repr(value) for value in self.known(index).tolist()]

    def place(self, row: int) -> Place:
        """Nothing is wrong with any row."""
        return Place()

    def matrix(self, chosen: Sequence[int]) -> None:
        """The target stands among the features: no."""
