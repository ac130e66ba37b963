"""Columns of X as they are beside formulas over them, computed wherever the rows lie."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gdcli.data.partitions.load import Rows
from gdcli.errors import DataError
from gdcli.escape import visible
from gdcli.kernels.derived import Derived
from gdcli.kernels.interpret import arrays
from gdcli.risk.empirical import Matrix, Vector


@dataclass(frozen=True)
class Formula:
    """A formula, and for each column in it its symbol and its place in X."""

    text: str
    used: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Computation:
    """The new columns in their order: places of columns of X, or formulas, which are `derived` over columns of X."""

    columns: tuple[tuple[int, ...] | Formula, ...]
    derived: Derived
    arguments: tuple[int, ...]
    file: str

    def __call__(self, X: Matrix, first: int = 0) -> Matrix:
        """The new columns of some rows, the first of which is row `first` of all.

        Raises DataError where a formula has no finite value.
        """
        with np.errstate(all="ignore"):
            raw = arrays(self.derived)[0](*(X[:, j] for j in self.arguments))
        values = iter(np.array(np.broadcast_to(value, len(X)), dtype=np.float64) for value in raw)
        parts = [
            self._finite(item, next(values), X, first)[:, None] if isinstance(item, Formula) else X[:, item]
            for item in self.columns
        ]
        return np.ascontiguousarray(np.hstack(parts))

    def _finite(self, formula: Formula, column: Vector, X: Matrix, first: int) -> Vector:
        finite = np.isfinite(column)
        if finite.all():
            return column
        row = int(np.argmin(finite))
        where = ", ".join(f"{symbol} = {X[row, j]:g}" for symbol, j in formula.used)
        what = f"the feature {visible(formula.text)} is {column[row]:g}"
        message = f"{what} in data row {first + row + 1}, where {where}"
        hint = "every feature needs a number in every row: take another formula, or leave such rows out"
        raise DataError(message, file=visible(self.file, 4096), hint=hint)


def computed(part: Rows, computation: Computation) -> Rows:
    """The rows with the new columns."""
    return replace(part, X=computation(part.X, part.first))
