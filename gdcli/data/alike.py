"""Another file read as a first one was: the same columns, by their names, and the same levels of texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import BinaryIO

import numpy as np

from gdcli.data.columns import content, one_hot, shortest
from gdcli.data.dataset import Feature, Reading
from gdcli.data.names import label, listing
from gdcli.data.readers import table_of
from gdcli.data.room import room
from gdcli.data.selection import Selection
from gdcli.data.table import Floats, Levels, Table
from gdcli.errors import DataError
from gdcli.escape import visible
from gdcli.suggest import suggestion


@dataclass(frozen=True, eq=False)
class Alike:
    """The rows of another file: X (N, d) as `Reading` has it, and what is found of the target.

    target: its numbers or its texts, None where the file has no such column. ignored: the columns of no use. sha256:
    "" where the rows are no file's.
    """

    X: Floats
    target: Floats | Levels | None
    name: str
    sha256: str
    ignored: tuple[str, ...]
    choices: tuple[str, ...]

    @property
    def rows(self) -> int:
        """N."""
        return len(self.X)


def read_alike(
    source: str | Table, reading: Reading, target: str | None = None, stdin: BinaryIO | None = None
) -> Alike:
    """Read `source` (`stdin` for ``-``) as `reading` tells; `target` names its target column, if not as there.

    Raises DataError with file, line and column for a column that is missing and a level that is new.
    """
    table, sha256, name = (source, "", source.file) if isinstance(source, Table) else table_of(source, stdin)
    if table.rows == 0:
        hint = "the file needs a line for each observation below the header"
        raise DataError("this file has a header and no data", file=table.file, line=table.line, hint=hint)
    names = _names(table, reading)
    features = [feature for feature in reading.features if feature.columns]
    index = {feature.name: _find(feature.name, names, table) for feature in features}
    wanted = target or reading.names[reading.target]
    place = _find(wanted, names, table) if target is not None else _index(wanted, names)
    used = Selection(-1 if place is None else place, tuple(index.values()), names, ())
    X = _filled([_column(table, used, feature, index[feature.name]) for feature in features], features, table.rows)
    X.flags.writeable = False
    return Alike(
        X=X,
        target=None if place is None else content(table, used, place),
        name=name,
        sha256=sha256,
        ignored=tuple(other for j, other in enumerate(names) if j != place and j not in used.features),
        choices=table.choices,
    )


def _names(table: Table, reading: Reading) -> tuple[str, ...]:
    """The names of the file's columns; without a header they are the first file's, with its target or without."""
    if table.names:
        return table.names
    without = tuple(name for j, name in enumerate(reading.names) if j != reading.target)
    known = {len(reading.names): reading.names, len(without): without}
    if reading.header or table.width not in known:
        message = "this file has no header that names its columns"
        if not reading.header:
            message = f"this file has {table.width} columns, and no header that names them"
        hint = f"the columns that are needed are {listing([feature.name for feature in reading.features])}"
        raise DataError(message, file=table.file, line=table.line, hint=hint)
    return known[table.width]


def _index(name: str, names: Sequence[str]) -> int | None:
    return names.index(name) if name in names else None


def _find(name: str, names: Sequence[str], table: Table) -> int:
    """The index of a column, of which there must be one."""
    if names.count(name) == 1:
        return names.index(name)
    what = "there is no column" if name not in names else "there are two columns"
    hint = f"{suggestion(name, names)}the columns are {listing(names)}"
    raise DataError(f'{what} "{visible(name)}"', file=table.file, line=table.line, hint=hint)


def _column(table: Table, used: Selection, feature: Feature, index: int) -> Floats | Levels:
    """The cells as numbers, or as codes of the feature's levels."""
    if feature.levels is None:
        found = content(table, used, index)
        if not isinstance(found, Levels):
            return found
        cell = found.names[found.codes[0]]
        message, hint = f'"{visible(cell)}" is a text, and this column held numbers', "give numbers"
        raise _error(table, index, feature, 0, message, hint)
    texts = _texts(table, index)
    code = {name: j for j, name in enumerate(feature.levels)}
    strange = [name for name in texts.names if name not in code]
    if strange:
        row = int(np.argmax(np.isin(texts.codes, [texts.names.index(name) for name in strange])))
        cell = texts.names[texts.codes[row]]
        message = f'"{visible(cell)}" is none of the {len(code)} levels that this column had'
        raise _error(table, index, feature, row, message, f"the levels are {listing(feature.levels)}")
    return Levels(feature.levels, np.array([code[name] for name in texts.names], dtype=np.intp)[texts.codes])


def _texts(table: Table, index: int) -> Levels:
    """The column as texts, also where all of them are numbers here."""
    known = table.body.known(index)
    if isinstance(known, Levels):
        return known
    cells = table.body.cells(index) if known is None else [shortest(value) for value in known.tolist()]
    names, codes = np.unique(np.array(cells, dtype=object), return_inverse=True)
    return Levels(tuple(names.tolist()), codes)


def _error(table: Table, index: int, feature: Feature, row: int, message: str, hint: str) -> DataError:
    # Of a file that is read in pieces the lines are known once its cells were read.
    table.body.cells(index)
    place = table.body.place(row)
    where = place.row or ("" if place.line else f" in data row {row + 1}")
    column = label(index, feature.name)
    return DataError(f"{message}{where}", file=place.file or table.file, line=place.line, column=column, hint=hint)


def _filled(found: Sequence[Floats | Levels], features: Sequence[Feature], rows: int) -> Floats:
    """X."""
    bounds = list(accumulate((len(feature.columns) for feature in features), initial=0))
    X = room((rows, bounds[-1]))
    for values, (start, stop) in zip(found, pairwise(bounds), strict=True):
        if isinstance(values, Levels):
            one_hot(values, X[:, start:stop], slice(None))
        else:
            X[:, start] = values
    return X
