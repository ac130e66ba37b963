"""Rows of files in portions of one size, whoever is to hold them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import numpy.typing as npt

# Bytes of X and y in a portion: much work for a question, and little to read again.
SIZE = 1 << 26
Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Portion:
    """The rows [start, stop) of a file, the first of which is row `first` of all."""

    file: str
    start: int
    stop: int
    first: int

    @property
    def rows(self) -> int:
        """How many there are."""
        return self.stop - self.start


def portions(files: Sequence[tuple[str, int]], columns: int, size: int = SIZE) -> tuple[Portion, ...]:
    """The rows of files (name, rows), cut: they depend on the files and on the number of columns alone."""
    most = max(1, size // (8 * (columns + 1)))
    firsts = accumulate((rows for _, rows in files), initial=0)
    return tuple(
        Portion(file, start, min(start + most, rows), first + start)
        for (file, rows), first in zip(files, firsts, strict=False)
        for start in range(0, rows, most)
    )


@dataclass(frozen=True, eq=False)
class Locate:
    """Rows by their number among all -> part -> their numbers there, in the order they came, as often as they did."""

    firsts: Rows

    @classmethod
    def of(cls, cut: Sequence[Portion]) -> Locate:
        """For these portions."""
        return cls(np.array([portion.first for portion in cut], dtype=np.intp))

    def __call__(self, rows: Rows) -> dict[int, Rows]:
        """Where the rows lie."""
        where = np.searchsorted(self.firsts, rows, side="right") - 1
        order = np.argsort(where, kind="stable")
        parts, starts = np.unique(where[order], return_index=True)
        numbers = np.split(rows[order], starts[1:])
        return {int(part): found - self.firsts[part] for part, found in zip(parts, numbers, strict=True)}
