"""A portion of a file as numbers, encoded as all files agreed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gdcli.data.columns import one_hot
from gdcli.data.dataset import Feature
from gdcli.data.partitions.digest import Features, opened
from gdcli.data.partitions.portions import Portion
from gdcli.data.table import Floats, Levels
from gdcli.errors import DataError
from gdcli.escape import visible


@dataclass(frozen=True, eq=False)
class Rows:
    """X (n, d) and y (n,) of some rows, the first of which is row `first` of all."""

    X: Floats
    y: Floats
    first: int = 0


@dataclass(frozen=True, eq=False)
class Agreement:
    """How every file becomes X and y: the choice of columns as it was asked for, each feature with the levels of all
    files, the texts of the target's classes, and the SHA-256 that each file had.
    """

    target: str | None
    features: Features
    encoded: tuple[Feature, ...]
    classes: tuple[str, ...] | None
    sha256: Mapping[str, str]


def load(portion: Portion, agreement: Agreement) -> Rows:
    """Read a portion's rows. Raises DataError where its file is not what it was."""
    found = opened(portion.file, agreement.target, agreement.features)
    if found.sha256 != agreement.sha256[portion.file]:
        message = "this file changed while it was read: its SHA-256 is another than a moment ago"
        raise DataError(message, file=visible(portion.file, 4096), hint="run again, once nothing writes to it")
    rows = slice(portion.start, portion.stop)
    X = np.empty((portion.rows, sum(len(item.columns) for item in agreement.encoded)))
    begin = 0
    for index, item in zip(found.chosen.features, agreement.encoded, strict=True):
        end = begin + len(item.columns)
        _fill(X[:, begin:end], found.columns[index], item.levels, rows)
        begin = end
    y = np.empty((portion.rows, 1))
    _fill_target(y, found.columns[found.chosen.target], agreement.classes, rows)
    return Rows(X, y[:, 0], portion.first)


def _fill(out: Floats, column: Floats | Levels, levels: tuple[str, ...] | None, rows: slice) -> None:
    if isinstance(column, Levels):
        one_hot(Levels(levels or (), _codes(column, levels or ())[column.codes[rows]]), out, slice(None))
    else:
        out[:, 0] = column[rows]


def _fill_target(out: Floats, column: Floats | Levels, classes: tuple[str, ...] | None, rows: slice) -> None:
    out[:, 0] = _codes(column, classes or ())[column.codes[rows]] if isinstance(column, Levels) else column[rows]


def _codes(column: Levels, names: tuple[str, ...]) -> np.ndarray:
    """For each level of a file's column its code among the levels of all files."""
    code = {name: j for j, name in enumerate(names)}
    return np.array([code[name] for name in column.names], dtype=np.intp)
