"""Columns in memory to a table: data frames of pandas and polars, tables of pyarrow, mappings, NumPy arrays.

No such library is imported here: what has `columns` and gives one for its name is a frame.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from gdcli.data.assemble import assemble
from gdcli.data.dataset import Dataset
from gdcli.data.selection import Chooser
from gdcli.data.table import Floats, Place, Table
from gdcli.errors import DataError

NAME = "data frame"
# What libraries put where a value is missing, in words.
_NOTHING = frozenset({"None", "nan", "<NA>", "NaT", "null"})


@dataclass(frozen=True, eq=False)
class InMemory:
    """N rows whose columns are fetched by their index, each once.

    Numbers are numbers. Texts, booleans and what is missing are judged as the cells of a file are, so that a frame
    gives the same X and y as its CSV.
    """

    rows: int
    fetch: Callable[[int], npt.NDArray[Any]]
    _found: dict[int, npt.NDArray[Any]] = field(default_factory=dict)

    def known(self, index: int) -> Floats | None:
        """Return the column if it is numbers, all finite."""
        column = self._column(index)
        if column.dtype.kind not in "iuf":
            return None
        values = np.array(column, dtype=np.float64)
        return values if bool(np.isfinite(values).all()) else None

    def cells(self, index: int) -> list[str]:
        """Return the column's values as texts."""
        return [_cell(value) for value in self._column(index).tolist()]

    def place(self, row: int) -> Place:
        """Say which row it is."""
        return Place(row=f" (row {row + 1})")

    def matrix(self, chosen: Sequence[int]) -> None:
        """A Dataset keeps its own X: the caller may change theirs."""

    def _column(self, index: int) -> npt.NDArray[Any]:
        if index not in self._found:
            self._found[index] = self.fetch(index)
        return self._found[index]


def _cell(value: object) -> str:
    if isinstance(value, str):
        return value.strip()
    return "" if _is_missing(value) else str(value)


def _is_missing(value: object) -> bool:
    return not isinstance(value, str) and str(value) in _NOTHING


def table(frame: Any) -> Table:
    """The columns of a data frame, or of a mapping of names to columns.

    Raises DataError for what is no table, such as columns of different lengths or of several numbers a row.
    """
    labels = _labels(frame)
    # A label that is missing is no name, as in a CSV.
    names = tuple("" if _is_missing(label) else str(label) for label in labels)
    lengths = {len(frame[label]) for label in labels} if len(set(labels)) == len(labels) else {len(frame)}
    if len(lengths) > 1:
        raise _wrong("its columns have different lengths", "give every column a value for each row")
    return _table(
        names, lengths.pop() if lengths else 0, lambda index: _flat(_bare(frame[labels[index]]), names[index])
    )


def arrays(X: npt.ArrayLike, y: npt.ArrayLike, columns: Sequence[str] | None, target: str) -> Table:
    """A matrix X (N, d), or (N,) for one feature, and y (N,), numbers or texts, as a table whose last column is y.

    Without `columns` they are named x1 to xd. Raises DataError where the shapes do not fit.
    """
    matrix, last = _bare(X), _bare(y)
    matrix = matrix[:, None] if matrix.ndim == 1 else matrix
    if matrix.ndim != 2 or last.shape != matrix.shape[:1]:
        shapes = f"X is {np.shape(X)}, y is {last.shape}"
        raise _wrong(f"the shapes do not fit: {shapes}", "X is (N, d), a row an observation, and y is (N,)")
    names = tuple(columns) if columns is not None else tuple(f"x{j + 1}" for j in range(matrix.shape[1]))
    if len(names) != matrix.shape[1]:
        raise _wrong(f"{len(names)} names for {matrix.shape[1]} columns", "give columns a name for each column of X")
    if matrix.dtype.kind == "b":
        matrix = matrix.astype(np.float64)
    parts = [*matrix.T, last]
    return _table((*names, target), len(last), parts.__getitem__)


def _table(names: tuple[str, ...], rows: int, fetch: Callable[[int], npt.NDArray[Any]]) -> Table:
    return Table(NAME, names, None, len(names), "", (), InMemory(rows, fetch))


def dataset(table: Table, *, target: str | None = None, features: Sequence[str] | Chooser | None = None) -> Dataset:
    """A table of columns in memory as a Dataset; its SHA-256 is that of the bytes of X and y."""
    if table.width < 2:
        raise _wrong("a target and at least one feature are needed", "give two columns or more")
    found = assemble(table, table.file, "", target=target, features=features)
    digest = hashlib.sha256(found.X.data)
    digest.update(found.y.data)
    return replace(found, origin=replace(found.origin, sha256=digest.hexdigest()))


def _labels(frame: Any) -> list[Any]:
    """The names of the columns; pyarrow's `columns` are the columns themselves."""
    if isinstance(frame, Mapping):
        return list(frame)
    for attribute in ("column_names", "columns"):
        # What has no length yet, such as a query that was not run, is no table.
        if hasattr(frame, "__len__") and hasattr(frame, attribute):
            return list(getattr(frame, attribute))
    what = type(frame).__name__
    raise _wrong(f"{what} is no table", "give a path, a problem's name, a data frame, a mapping, or arrays (X, y)")


def _bare(values: Any) -> npt.NDArray[Any]:
    """An array; what is masked in one is missing. Raises DataError for complex numbers and ragged rows."""
    if isinstance(values, np.ma.MaskedArray):
        values = np.ma.filled(values.astype(object), np.nan)
    try:
        array = np.asarray(values)
    except ValueError:
        raise _wrong("its rows have different lengths", "give every row as many numbers") from None
    if array.dtype.kind == "c":
        raise _wrong("complex numbers are no data", "give real and imaginary parts as columns")
    return array


def _flat(column: npt.NDArray[Any], name: str) -> npt.NDArray[Any]:
    if column.ndim != 1:
        raise DataError("a column holds one value a row", file=NAME, column=name, hint="give its parts as columns")
    return column


def _wrong(message: str, hint: str) -> DataError:
    return DataError(message, file=NAME, hint=hint)
