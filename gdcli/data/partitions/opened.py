"""The columns of a file that are used, kept while its portions are read one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gdcli.data.columns import content
from gdcli.data.columns import texts as as_texts
from gdcli.data.readers import table_of
from gdcli.data.room import release
from gdcli.data.selection import Chooser, Selection, select
from gdcli.data.source import Print, regular
from gdcli.data.table import Floats, Levels, Table
from gdcli.errors import DataError, GdcliError

Features = Sequence[str] | Chooser | None
# Columns that are texts in all files together, whatever they are in one.
Texts = frozenset[int]
# Numbers or texts, or why it is neither.
Column = Floats | Levels | DataError


@dataclass(frozen=True, eq=False)
class Opened:
    """The columns of a file as it was `seen`; matrix: all features side by side, where they stand so in the file."""

    file: str
    seen: Print | None
    sha256: str
    texts: Texts
    columns: Mapping[int, Column]
    matrix: Floats | None

    def holds(self, file: str, seen: Print | None, texts: Texts, columns: set[int]) -> bool:
        """Whether it is that file, unchanged, with these columns."""
        return (self.file, self.seen, self.texts) == (file, seen, texts) and columns <= self.columns.keys()


class _Last:
    """The file that this process read last."""

    found: Opened | None = None


def first_look(
    file: str, target: str | None, features: Features, texts: Texts
) -> tuple[Table, Selection | None, Opened]:
    """Read a file anew; return its table and the columns that are used, None where none can be chosen.

    Raises DataError for a file that is no table.
    """
    seen = regular(Path(file))
    table, sha256, _ = table_of(file, target=target, features=features)
    try:
        chosen = select(table, target, features)
    except GdcliError:
        # All files together will say it again.
        return table, None, Opened(file, seen, sha256, texts, {}, None)
    return table, chosen, _kept(file, seen, sha256, texts, table, chosen)


def opened(file: str, chosen: Selection, texts: Texts, sha256: str) -> Opened | None:
    """Read these columns of a file, unless it is the one that was read last; None where it is not what it was."""
    seen = regular(Path(file))
    last = _Last.found
    if last is not None and last.holds(file, seen, texts, _used(chosen)):
        return last if last.sha256 == sha256 else None
    table, found, _ = table_of(file, target=chosen.names[chosen.target])
    return _kept(file, seen, sha256, texts, table, chosen) if found == sha256 else None


def _kept(file: str, seen: Print | None, sha256: str, texts: Texts, table: Table, chosen: Selection) -> Opened:
    _Last.found = None
    columns = {j: _column(table, chosen, j, j in texts) for j in sorted(_used(chosen))}
    matrix = None if texts else table.body.matrix(chosen.features)
    _Last.found = Opened(file, seen, sha256, texts, columns, matrix)
    return _Last.found


def _used(chosen: Selection) -> set[int]:
    return {chosen.target, *chosen.features}


def _column(table: Table, chosen: Selection, index: int, text: bool) -> Column:
    try:
        found = as_texts(table.body.cells(index)) if text else content(table, chosen, index)
    except DataError as error:
        # Without the frames that hold all cells.
        return error.with_traceback(None)
    if isinstance(found, Levels):
        # In as few bytes a row as it takes.
        return Levels(found.names, found.codes.astype(np.min_scalar_type(len(found.names))))
    release(found)
    return found
