"""A table and the choice of its columns to a Dataset."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import accumulate, pairwise

from gdcli.data.columns import Column, feature, target_codes
from gdcli.data.dataset import Dataset, Origin, Reading
from gdcli.data.judgement import error_at
from gdcli.data.names import label
from gdcli.data.room import room
from gdcli.data.selection import Chooser, Selection, select
from gdcli.data.table import Floats, Table
from gdcli.errors import DataError
from gdcli.escape import visible

_BLOCK = 4096


def assemble(
    table: Table, name: str, sha256: str, *, target: str | None = None, features: Sequence[str] | Chooser | None = None
) -> Dataset:
    """Choose and encode the columns of `table`; see `gdcli.data.readers.read`."""
    if table.rows == 0:
        hint = "the file needs a line for each observation below the header"
        raise DataError("this file has a header and no data", file=table.file, line=table.line, hint=hint)
    chosen = select(table, target, features)
    y, labels, said = target_codes(table, chosen)
    encoded = [feature(table, chosen, j) for j in chosen.features]
    levels = {j: column.feature.levels or () for j, column in zip(chosen.features, encoded, strict=True)}
    wrong = header_again({chosen.target: labels or (), **levels}, table, chosen)
    if wrong is not None:
        raise wrong
    X, columns = _join(encoded, table, chosen)
    notes = (note for column in encoded for note in column.choices)
    X.flags.writeable = y.flags.writeable = False
    return Dataset(
        X=X,
        y=y,
        columns=columns,
        target=chosen.names[chosen.target],
        labels=labels,
        origin=Origin(name, table.rows, sha256, bool(table.names), table.delimiter),
        choices=(*table.choices, *chosen.choices, *said, *notes),
        reading=Reading(chosen.names, bool(table.names), chosen.target, tuple(column.feature for column in encoded)),
    )


def header_again(texts: Mapping[int, Collection[str]], table: Table, chosen: Selection) -> DataError | None:
    """Columns of numbers find a header among their rows; where all are texts, each has its own name for a level.

    `texts`: the levels of the columns of text.
    """
    target = chosen.target
    if not all(chosen.names[j] in texts.get(j, ()) for j in (target, *chosen.features)):
        return None
    place = table.body.place(table.body.cells(target).index(chosen.names[target]))
    place = place._replace(file=place.file or table.file)
    hint = "were two files joined? remove the line"
    return error_at("this line repeats the header", place, chosen, target, hint=hint)


def _join(encoded: Sequence[Column], table: Table, chosen: Selection) -> tuple[Floats, tuple[str, ...]]:
    """Return X (N, d) in C order and the names of its columns."""
    names = tuple(name for column in encoded for name in column.feature.columns)
    if not names:
        hint = "every column besides the target holds one text only"
        raise DataError("there are no features", file=table.file, line=table.line, hint=hint)
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        message = f'a column of the file and a level of a text column are both named "{visible(twice)}"'
        index = chosen.names.index(twice)
        hint = "rename the column"
        raise DataError(message, file=table.file, line=table.line, column=label(index, twice), hint=hint)
    ready = table.body.matrix(chosen.features)
    return (filled(encoded, table.rows) if ready is None else ready), names


def filled(encoded: Sequence[Column], rows: int) -> Floats:
    """Return X, filled by blocks of rows: a column at a time would pass over the memory once for each."""
    bounds = list(accumulate((len(column.feature.columns) for column in encoded), initial=0))
    X = room((rows, bounds[-1]))
    for begin in range(0, rows, _BLOCK):
        block = slice(begin, begin + _BLOCK)
        for column, (start, stop) in zip(encoded, pairwise(bounds), strict=True):
            column.fill(X[block, start:stop], block)
    return X
