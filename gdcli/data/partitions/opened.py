"""The columns of a file that are used, kept while its portions are read one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gdcli.data.columns import content
from gdcli.data.readers import table_of
from gdcli.data.room import release
from gdcli.data.selection import Chooser, Selection, select
from gdcli.data.source import Print, regular
from gdcli.data.table import Floats, Levels, Table
from gdcli.errors import DataError, GdcliError

Features = Sequence[str] | Chooser | None
# Numbers or texts, or why it is neither.
Column = Floats | Levels | DataError


@dataclass(frozen=True, eq=False)
class Opened:
    """The columns of a file as it was `seen`; matrix: all features side by side, where they stand so in the file."""

    file: str
    seen: Print | None
    sha256: str
    columns: Mapping[int, Column]
    matrix: Floats | None


class _Last:
    """The file that this process read last."""

    found: Opened | None = None


def first_look(file: str, target: str | None, features: Features) -> tuple[Table, Selection | None, Opened]:
    """Read a file anew; return its table and the columns that are used, None where none can be chosen.

    Raises DataError for a file that is no table.
    """
    seen = regular(Path(file))
    table, sha256, _ = table_of(file, target=target, features=features)
    try:
        chosen = select(table, target, features)
    except GdcliError:
        # All files together will say it again.
        return table, None, Opened(file, seen, sha256, {}, None)
    return table, chosen, _kept(file, seen, sha256, table, chosen)


def opened(file: str, chosen: Selection) -> Opened:
    """Read these columns of a file, unless it is the one that was read last, and still the same."""
    seen = regular(Path(file))
    last = _Last.found
    if last is not None and (last.file, last.seen) == (file, seen) and _used(chosen) <= last.columns.keys():
        return last
    table, sha256, _ = table_of(file, target=chosen.names[chosen.target])
    return _kept(file, seen, sha256, table, chosen)


def _kept(file: str, seen: Print | None, sha256: str, table: Table, chosen: Selection) -> Opened:
    _Last.found = None
    columns = {j: _column(table, chosen, j) for j in sorted(_used(chosen))}
    _Last.found = Opened(file, seen, sha256, columns, table.body.matrix(chosen.features))
    return _Last.found


def _used(chosen: Selection) -> set[int]:
    return {chosen.target, *chosen.features}


def _column(table: Table, chosen: Selection, index: int) -> Column:
    try:
        found = content(table, chosen, index)
    except DataError as error:
        # Without the frames that hold all cells.
        return error.with_traceback(None)
    if isinstance(found, Levels):
        # In as few bytes a row as it takes.
        return Levels(found.names, found.codes.astype(np.min_scalar_type(len(found.names))))
    release(found)
    return found
