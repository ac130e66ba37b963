"""--holdout: the rows to learn from and the others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gdcli.data.dataset import Dataset
from gdcli.data.room import blocks, release, room
from gdcli.data.table import Floats
from gdcli.errors import UsageError
from gdcli.generator import generator
from gdcli.risk.empirical import Rows

# Makes of a seed a stream of its own: the draws of the steps are those of the seed alone.
_STREAM = 0x686F6C64


def split(data: Dataset, share: float, seed: int) -> tuple[Dataset, Dataset]:
    """The rows to learn from, and a share of all that is drawn at random; both in the file's order.

    Raises UsageError where a part would have no rows, or no row of some class would be left to learn from.
    """
    rows = len(data.y)
    count = round(share * rows)
    if not 1 <= count < rows:
        message = f"--holdout {share:g} of {rows} rows holds {count} of them out"
        raise UsageError(message, hint="hold out at least one row, and keep one")
    order = generator([seed, _STREAM]).permutation(rows)
    kept, held = (_some(data, np.sort(part)) for part in (order[count:], order[:count]))
    if data.labels is not None and len(np.unique(kept.y)) < len(data.labels):
        message = "--holdout leaves a class without a row to learn from"
        raise UsageError(message, hint="hold out less, or draw other rows with --seed")
    said = f"held out: {count} of {rows} rows, drawn with seed {seed}; R, R* and the scaling are of the others"
    return replace(kept, choices=(*data.choices, said)), held


def _some(data: Dataset, rows: Rows) -> Dataset:
    X, y = _taken(data.X, rows), data.y[rows]
    X.flags.writeable = y.flags.writeable = False
    return replace(data, X=X, y=y, origin=replace(data.origin, rows=len(rows)))


def _taken(X: Floats, rows: Rows) -> Floats:
    found = room((len(rows), X.shape[1]))
    for part in blocks(found):
        found[part] = X[rows[part]]
    release(X)
    return found
