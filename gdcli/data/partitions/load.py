"""A portion of a file as numbers, encoded as all files agreed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gdcli.data.assemble import filled
from gdcli.data.columns import encoded
from gdcli.data.dataset import Feature
from gdcli.data.partitions.opened import Column, Opened, Texts, opened
from gdcli.data.partitions.portions import Portion
from gdcli.data.selection import Selection
from gdcli.data.table import Floats, Levels
from gdcli.data.urls import shown
from gdcli.errors import DataError, GdcliError
from gdcli.escape import visible


@dataclass(frozen=True, eq=False)
class Rows:
    """X (n, d) and y (n,) of some rows, the first of which is row `first` of all."""

    X: Floats
    y: Floats
    first: int = 0


@dataclass(frozen=True, eq=False)
class Agreement:
    """How every file becomes X and y: its columns by their indices, those of them that are texts whatever they hold,
    each feature with the levels of all files, the texts of the target's classes, and each file's rows and SHA-256.
    """

    chosen: Selection
    texts: Texts
    features: tuple[Feature, ...]
    classes: tuple[str, ...] | None
    rows: Mapping[str, int]
    sha256: Mapping[str, str]


def load(portion: Portion, agreement: Agreement) -> Rows:
    """Read a portion's rows. Raises DataError where its file is not what it was."""
    found = _as_it_was(portion.file, agreement)
    rows = slice(portion.start, portion.stop)
    y = _coded(found.columns[agreement.chosen.target], agreement.classes, rows)
    part = Rows(
        _encoded(found, agreement, rows) if found.matrix is None else np.array(found.matrix[rows]),
        np.array(y.codes if isinstance(y, Levels) else y, dtype=np.float64),
        portion.first,
    )
    found.release()
    return part


def _as_it_was(file: str, agreement: Agreement) -> Opened:
    """The file, which could be read before: whatever is wrong with it now is new."""
    hint = "nothing may write to it, move it or hide it from a worker before the run has ended"
    try:
        found = opened(file, agreement.chosen, agreement.texts, agreement.sha256[file])
    except GdcliError as error:
        message = f"this file could be read a moment ago, and now: {error}"
        raise DataError(message, file=visible(shown(file), 4096), hint=hint) from error
    if found is None:
        message = "this file changed while it was read: its SHA-256 is another than a moment ago"
        raise DataError(message, file=visible(shown(file), 4096), hint=hint)
    return found


def _encoded(found: Opened, agreement: Agreement, rows: slice) -> Floats:
    indices = agreement.chosen.features
    columns = [
        encoded(feature, _coded(found.columns[j], feature.levels, rows))
        for j, feature in zip(indices, agreement.features, strict=True)
    ]
    return filled(columns, rows.stop - rows.start)


def _coded(column: Column, names: tuple[str, ...] | None, rows: slice) -> Floats | Levels:
    """Some rows of a column, texts as their codes among `names`."""
    assert not isinstance(column, DataError)
    if not isinstance(column, Levels):
        return column[rows]
    code = {name: j for j, name in enumerate(names or ())}
    codes = np.array([code[name] for name in column.names], dtype=np.intp)
    return Levels(tuple(code), codes[column.codes[rows]])
