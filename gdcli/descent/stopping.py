"""Why a run ended, as a table; when it logs."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum


class Stopped(StrEnum):
    """The reasons, in the words of the report."""

    GAP = "the gap is certified below the one asked for"
    LOCAL = "R came down to the local minimum that Newton found, up to the gap asked for"
    STEPS = "all steps are done"
    STILL = "theta no longer changes in double precision"
    DIVERGED = "the risk left all bounds: the descent diverged"
    INTERRUPTED = "interrupted"


def log_steps(every: int | None) -> Iterator[int]:
    """The steps that are logged: 0, then every `every`-th, or 1, 2, 3, 5, 10, 20, 30, 50, 100, ..."""
    yield 0
    if every is not None:
        step = 0
        while True:
            step += every
            yield step
    scale = 1
    while True:
        for factor in (1, 2, 3, 5):
            yield factor * scale
        scale *= 10
