"""What a reader hands on: the columns of a file before anyone knows which is the target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class Table:
    """The records of a file: `values` (N, k) if every cell is a plain number, else `records` with their `lines`.

    names: the header's, () without a header. line: the header's physical line. lines: where each record starts.
    """

    file: str
    names: tuple[str, ...]
    line: int
    width: int
    delimiter: str
    choices: tuple[str, ...]
    values: npt.NDArray[np.float64] | None = None
    records: Sequence[Sequence[str]] = ()
    lines: Sequence[int] = ()

    @property
    def rows(self) -> int:
        """N."""
        return len(self.records) if self.values is None else len(self.values)

    def cells(self, index: int) -> list[str]:
        """Return the column's cells, without the blanks around them."""
        return [record[index].strip() for record in self.records]
