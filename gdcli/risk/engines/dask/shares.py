"""Which worker gets which parts, and whether it has the room for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from gdcli.errors import ExhaustedError

# The share of a worker's memory that parts may fill: the rest is for the work on them.
FILLED = 0.6
REMEDY = "start more workers, or workers with more memory"


@dataclass(frozen=True, order=True)
class WorkerInfo:
    """One worker: where it is, its threads, and the bytes it may use (None: all there are)."""

    address: str
    threads: int
    memory_limit: int | None


def shares(sizes: Sequence[int], count: int) -> list[range]:
    """At most `count` ranges that follow one another and hold all parts, each about as large as the others.

    A part belongs to the range in which its middle lies, so none is larger than a fair share and one part.
    """
    ends = list(accumulate(max(1, size) for size in sizes))
    cuts = [0] * (count + 1)
    for end, size in zip(ends, sizes, strict=True):
        cuts[(2 * end - max(1, size)) * count // (2 * ends[-1]) + 1] += 1
    edges = list(accumulate(cuts))
    return [range(first, last) for first, last in pairwise(edges) if first < last]


def check_room(worker: WorkerInfo, size: int) -> None:
    """Raise where parts of `size` bytes would leave the worker too little memory to work with."""
    if worker.memory_limit and size > FILLED * worker.memory_limit:
        message = (
            f"worker {worker.address} is too small: its partitions take {_shown(size)}, and of its "
            f"{_shown(worker.memory_limit)} of memory they may fill {FILLED:.0%}"
        )
        raise ExhaustedError(message, hint=REMEDY)


def out_of_memory(worker: WorkerInfo) -> ExhaustedError:
    """What to say of a worker whose memory was not enough after all."""
    return ExhaustedError(f"worker {worker.address} ran out of memory{limit(worker)}", hint=REMEDY)


def limit(worker: WorkerInfo) -> str:
    """Its limit of memory as a parenthesis, if it has one."""
    return f" (its limit is {_shown(worker.memory_limit)})" if worker.memory_limit else ""


def _shown(size: int) -> str:
    for unit, power in (("GiB", 30), ("MiB", 20), ("KiB", 10)):
        if size >= 2**power:
            return f"{size / 2**power:.3g} {unit}"
    return f"{size} bytes"
