"""What several files say of their columns, made one: the data set that they are together, without its rows."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gdcli.data.assemble import assemble
from gdcli.data.dataset import Dataset
from gdcli.data.joined import joined
from gdcli.data.names import label
from gdcli.data.partitions.digest import VALUES, Digest, Features, Sample, distinct
from gdcli.data.partitions.load import Agreement
from gdcli.data.selection import select
from gdcli.data.table import Floats, Levels, Table
from gdcli.errors import DataError
from gdcli.escape import visible


def agreed(
    files: Sequence[str], digests: Sequence[Digest], name: str, target: str | None, features: Features
) -> tuple[Dataset, Agreement, Floats]:
    """The data set of all files with X (0, d) and y (0,), how each becomes rows of it, and some values of y.

    It is what `gdcli.data.readers.read` makes of them, and raises what that raises. Raises DataError for a column that
    is numbers in one file and text in another.
    """
    tables = _with_kinds([digest.table for digest in digests])
    _check_kinds(tables, target, features)
    table = joined(tables) if len(tables) > 1 else tables[0]
    found = assemble(table, name, _sha256(digests), target=target, features=features)
    classes = found.labels if isinstance(table.body.known(_target(found)), Levels) else None
    encoded = () if found.reading is None else found.reading.features
    sha256 = {file: digest.sha256 for file, digest in zip(files, digests, strict=True)}
    description = replace(
        found,
        X=np.empty((0, len(found.columns))),
        y=np.empty(0),
        origin=replace(found.origin, rows=sum(digest.rows for digest in digests)),
    )
    return description, Agreement(target, features, encoded, classes, sha256), distinct(found.y, VALUES)


def _target(found: Dataset) -> int:
    return 0 if found.reading is None else found.reading.target


def _sha256(digests: Sequence[Digest]) -> str:
    """One file's own, of many that of the lines of theirs."""
    if len(digests) == 1:
        return digests[0].sha256
    return hashlib.sha256("".join(f"{digest.sha256}\n" for digest in digests).encode()).hexdigest()


def _with_kinds(tables: Sequence[Table]) -> list[Table]:
    """Files without rows have no kinds of columns: they take those of the first that has some."""
    model = next((table.body for table in tables if table.rows), tables[0].body)
    assert isinstance(model, Sample)
    nothing = {j: _none(column) for j, column in model.columns.items()}
    return [table if table.rows else replace(table, body=Sample(nothing, 0)) for table in tables]


def _none(column: Floats | Levels) -> Floats | Levels:
    return Levels((), column.codes[:0]) if isinstance(column, Levels) else column[:0]


def _check_kinds(tables: Sequence[Table], target: str | None, features: Features) -> None:
    first = tables[0]
    chosen = select(first, target, features)
    for j in (chosen.target, *chosen.features):
        text = isinstance(first.body.known(j), Levels)
        other = next((table for table in tables[1:] if isinstance(table.body.known(j), Levels) is not text), None)
        if other is not None and other.width == first.width:
            here, there = ("numbers", "text") if text else ("text", "numbers")
            raise DataError(
                f"this column holds {here}, and {there} in {visible(first.file, 4096)}",
                file=other.file,
                column=label(j, chosen.names[j]),
                hint="let it hold the same in all files, or leave it out with --features",
            )
