"""Rows on their way from a reader: blocks of numbers, with texts as codes and columns that nobody could read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from gdcli.data.numbers import missing, numeric
from gdcli.data.table import Floats

# A text column of more levels is kept in nobody's memory: its cells are read again if it is used at all.
MAX_KEPT_LEVELS = 1000


@dataclass(frozen=True, eq=False)
class Block:
    """Rows of a file: `values` (n, k), a text as its index in the column's `texts`, 0 throughout an `odd` column."""

    values: Floats
    texts: Mapping[int, list[str]] = field(default_factory=dict)
    odd: frozenset[int] = frozenset()


@dataclass(frozen=True, eq=False)
class Scan:
    """A file as its reader begins to read it: what is known from its first lines, and the rows to come.

    sha256 returns the SHA-256 of the file, once all blocks have come, from bytes read no later than they were.
    """

    names: tuple[str, ...]
    line: int | None
    width: int
    delimiter: str
    choices: tuple[str, ...]
    blocks: Iterator[Block]
    sha256: Callable[[], str]


class Columns:
    """What the columns turn out to be, block by block."""

    def __init__(self) -> None:
        self._codes: dict[int, dict[str, int]] = {}
        self._counts: dict[int, np.ndarray] = {}
        self._odd: set[int] = set()
        self._rows = 0

    def absorb(self, block: Block) -> Floats:
        """Return the block's values with one code for each text, the same in all blocks."""
        self._odd |= block.odd
        values = block.values
        for j in range(values.shape[1]):
            # A column that was text and now is numbers, or the other way, is for a careful eye.
            if (j in block.texts) != (j in self._codes) and self._rows > 0:
                self._odd.add(j)
        for j, names in block.texts.items():
            self._recode(values, j, names)
        for j in self._odd:
            values[:, j] = 0.0
        self._rows += len(values)
        return values

    def _recode(self, values: Floats, j: int, names: list[str]) -> None:
        codes = self._codes.setdefault(j, {})
        new = np.array([codes.setdefault(name.strip(), len(codes)) for name in names], dtype=np.intp)
        if len(codes) > MAX_KEPT_LEVELS:
            self._odd.add(j)
        if j in self._odd:
            return
        found = new[values[:, j].astype(np.intp)]
        values[:, j] = found
        counts = np.bincount(found, minlength=len(codes))
        counts[: len(self._counts.get(j, ()))] += self._counts.get(j, 0)
        self._counts[j] = counts

    def levels(self) -> dict[int, list[str]]:
        """Return the text columns' levels in the order of their codes."""
        return {j: list(codes) for j, codes in self._codes.items() if j not in self.odd()}

    def odd(self) -> frozenset[int]:
        """Return the columns that are neither numbers throughout nor texts: their cells must be judged one by one."""
        return frozenset(self._odd | {j for j in self._codes if j not in self._odd and not self._text(j)})

    def _text(self, j: int) -> bool:
        names, counts = list(self._codes[j]), self._counts[j]
        if any(map(missing, names)):
            return False
        # The rule of gdcli.data.columns: a column of which half the cells are numbers is one of numbers.
        return 2 * sum(int(counts[code]) for code, name in enumerate(names) if numeric(name)) < int(counts.sum())
