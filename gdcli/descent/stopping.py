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


def log_steps(every: int | None, apart: int = 0) -> Iterator[int]:
    """The steps that are logged: 0, then every `every`-th, or 1, 2, 3, 5, 10, 20, 30, 50, 100, ...

    Of the latter those that are less than `apart` steps after the last one logged are left out: where a line costs
    much (its risk is exact, its gap certified: passes over all rows), so many steps pay for it.
    """
    yield 0
    if every is not None:
        step = 0
        while True:
            step += every
            yield step
    last, scale = 0, 1
    while True:
        for step in (scale, 2 * scale, 3 * scale, 5 * scale):
            if step - last >= apart:
                yield step
                last = step
        scale *= 10


def check_steps(epoch: int, apart: int = 0) -> Iterator[int]:
    """The steps at which a stochastic run asks whether it is at its goal: ends of epochs of so many steps.

    All of them where apart is 0; else the next one is `apart` steps later, or half as many as were taken if those are
    fewer: a run takes at most half as many steps again as it needs, and asking costs little of it.
    """
    step = epoch
    while True:
        yield step
        step += epoch * max(1, -(-min(apart, step // 2) // epoch))
