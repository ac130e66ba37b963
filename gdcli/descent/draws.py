"""The rows of each stochastic step, at hand: of data in a file the next steps' rows are read in the file's order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from gdcli.data.room import mapped, release
from gdcli.data.sampling import draw, gathered, portions
from gdcli.descent.options import Options
from gdcli.risk.empirical import EmpiricalRisk, Rows


def draws(risk: EmpiricalRisk, options: Options, start: int = 0) -> Iterator[tuple[EmpiricalRisk, Rows]]:
    """For each step from `start` on the risk to take row gradients of, and the numbers (batch,) of the rows in it.

    The rows are those that `data.sampling` draws, wherever they lie.
    """
    stream = draw(options.sampling, risk.rows, options.rows, options.seed, start)
    for near, block in at_hand(risk, stream):
        yield from ((near, rows) for rows in block)


def at_hand(risk: EmpiricalRisk, stream: Iterator[Rows]) -> Iterator[tuple[EmpiricalRisk, Rows]]:
    """For some steps at a time the risk to take gradients of, and the numbers (m, batch) of the rows in it."""
    for block in stream:
        X = getattr(risk, "X", None)
        if X is not None and mapped(X):
            for portion in portions(block, X.shape[1]):
                yield _near(risk, portion), np.arange(portion.size).reshape(portion.shape)
        else:
            yield risk, block


def _near(risk: Any, portion: Rows) -> EmpiricalRisk:
    """The risk of the rows of some steps alone, one step after the other."""
    X, y = gathered(risk.X, risk.y, portion)
    release(risk.X)
    rows: dict[str, Any] = {"X": X.reshape(portion.size, -1), "y": y.ravel()}
    near: EmpiricalRisk = replace(risk, **rows)
    return near
