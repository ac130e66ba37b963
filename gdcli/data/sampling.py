"""Which rows a stochastic step uses. Draws come in blocks from a seeded generator, the same for the same seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdcli.data.table import Floats
from gdcli.errors import UsageError
from gdcli.generator import generator

Rows = NDArray[np.intp]
# Numbers, or the codes of classes.
Targets = NDArray[np.float64] | NDArray[np.intp]
BLOCK = 4096
# Numbers of the rows that are gathered at once.
_GATHERED = 1 << 19


def uniform(rows: int, batch: int, seed: int) -> Iterator[Rows]:
    """i uniform in 1..N, independent, with replacement, as in the lecture; blocks of shape (m, batch)."""
    drawn = generator(seed)
    while True:
        yield drawn.integers(rows, size=(BLOCK, batch), dtype=np.intp)


def shuffle(rows: int, batch: int, seed: int) -> Iterator[Rows]:
    """A new permutation each epoch, without replacement: not the lecture's SGD, and its bounds do not apply.

    Where `batch` does not divide N the rest of a permutation begins the next block's first batch.
    """
    drawn = generator(seed)
    return in_batches(lambda: drawn.permutation(rows).astype(np.intp), batch)


def in_batches(permutation: Callable[[], Rows], batch: int) -> Iterator[Rows]:
    """One permutation after the other as rows of `batch`: a block for each, shape (m, batch)."""
    rest = np.empty(0, dtype=np.intp)
    while True:
        order = np.concatenate([rest, permutation()])
        whole = len(order) // batch * batch
        yield order[:whole].reshape(-1, batch)
        rest = order[whole:]


def order(rows: int, batch: int, seed: int) -> Iterator[Rows]:
    """1, ..., N and again: not the lecture's SGD. Nothing is drawn, and the seed is not used."""
    first = 0
    while True:
        yield ((first + np.arange(BLOCK * batch, dtype=np.intp)) % rows).reshape(BLOCK, batch)
        first = (first + BLOCK * batch) % rows


SAMPLINGS = {"uniform": uniform, "shuffle": shuffle, "order": order}


def draw(sampling: str, rows: int, batch: int, seed: int, start: int = 0) -> Iterator[Rows]:
    """Blocks of row numbers, each row of a block the batch of one step; from step `start` on."""
    if sampling not in SAMPLINGS:
        raise UsageError(f"unknown sampling {sampling!r}", hint=f"the samplings are {', '.join(SAMPLINGS)}")
    return skipped(SAMPLINGS[sampling](rows, batch, seed), start)


def skipped(blocks: Iterator[Rows], start: int) -> Iterator[Rows]:
    """The blocks without their first `start` steps."""
    for block in blocks:
        if start < len(block):
            yield block[start:]
        start = max(0, start - len(block))


def gathered(X: Floats, y: Targets, rows: Rows) -> tuple[Floats, NDArray[Any]]:
    """Return X[rows] (m, batch, d) and y[rows] (m, batch) for a block of drawn row numbers (m, batch).

    The rows are read in the order of the file, each page of a map once, and stand in the order of the draws.
    """
    order = np.argsort(rows, axis=None, kind="stable")
    ascending = rows.ravel()[order]
    X_drawn = np.empty((rows.size, X.shape[1]))
    y_drawn: NDArray[Any] = np.empty(rows.size, y.dtype)
    X_drawn[order], y_drawn[order] = X[ascending], y[ascending]
    return X_drawn.reshape(*rows.shape, X.shape[1]), y_drawn.reshape(rows.shape)


def portions(block: Rows, width: int) -> Iterator[Rows]:
    """The steps of a block in portions whose rows, each of `width` numbers, take some MiB."""
    most = max(1, _GATHERED // (block.shape[1] * width))
    return (block[start : start + most] for start in range(0, len(block), most))
