"""What lives on a worker: the parts it holds, and what it knows of the holders below it."""

from __future__ import annotations

import asyncio
import pickle
import traceback
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from gdcli.data.partitions.parts import Segments, folded
from gdcli.errors import GdcliError

# So many results of parts may wait to be folded.
_WAITING = 16


@dataclass(frozen=True)
class Job:
    """function(part, *args) of every part. With `step` it becomes the part, as the step-th change; with `by` the
    results are folded as those of `count` parts.
    """

    function: Callable[..., Any]
    args: tuple[object, ...]
    step: int | None = None
    by: Callable[[Any, Any], Any] | None = None
    count: int = 0


@dataclass(frozen=True)
class Failure:
    """What the first part that failed raised, and the worker that holds it."""

    index: int
    worker: str
    error: Exception


@dataclass
class _Held:
    """A part after so many changes."""

    part: Any
    changes: int = 0


# What a holder and those below it found, or the first failure among their parts.
Answer = tuple[Segments, Failure | None]


class Holder:
    """An actor of Dask. Its methods are coroutines, so that it listens while its parts are worked on in a thread.

    Calls have numbers that grow. Functions, arguments and answers travel as pickles, which go down the tree unopened.
    """

    def __init__(self, worker: str) -> None:
        self._worker = worker
        self._held: dict[int, _Held] = {}
        self._runs: list[tuple[int, int]] = []
        self._below: list[tuple[Any, frozenset[str]]] = []
        self._turn = asyncio.Lock()
        self._given_up = 0
        self._done = 0

    async def adopt(self, below: list[tuple[Any, frozenset[str]]]) -> None:
        """The actors below this one, each with the workers of its branch."""
        self._below = below

    async def hold(self, call: int, parts: bytes, history: bytes) -> bytes:
        """Take parts as they were at first, and change them as the others were."""
        async with self._turn:
            return pickle.dumps(await asyncio.to_thread(self._take, call, pickle.loads(parts), pickle.loads(history)))

    async def run(self, call: int, job: bytes, own: Mapping[str, bytes] | None = None) -> bytes:
        """What the parts of this branch answer; `own` is what each worker's parts get of their own."""
        asked = [
            actor.run(call, job, own and {worker: own[worker] for worker in branch if worker in own})
            for actor, branch in self._below
        ]
        task: Job = pickle.loads(job)
        mine = None if own is None else pickle.loads(own[self._worker]) if self._worker in own else {}
        async with self._turn:
            answer = await asyncio.to_thread(self._work, call, task, mine)
        return pickle.dumps(joined([answer, *[pickle.loads(await future) for future in asked]], task))

    async def done(self) -> int:
        """How many parts of this branch the call in hand has done."""
        below: list[int] = [await actor.done() for actor, _ in self._below]
        return self._done + sum(below)

    async def give_up(self, call: int) -> None:
        """Nobody waits for this call any more, nor for those before it."""
        self._given_up = max(self._given_up, call)
        for actor, _ in self._below:
            actor.give_up(call)

    def _take(self, call: int, parts: dict[int, Any], history: Sequence[Job]) -> Failure | None:
        self._held |= {index: _Held(part) for index, part in parts.items()}
        self._held = dict(sorted(self._held.items()))
        self._runs = runs(list(self._held))
        for job in history:
            failure = self._work(call, job, None)[1]
            if failure:
                return failure
        return None

    def _work(self, call: int, job: Job, own: Mapping[int, object] | None) -> Answer:
        named = list(self._held) if own is None else sorted(own)
        found: Segments = {} if own is None else absent(self._runs, named)
        self._done = 0
        for index in named:
            if call <= self._given_up:
                break
            try:
                found |= _result(index, self._held[index], job, own)
            except Exception as error:
                return {}, Failure(index, self._worker, _portable(error))
            if job.by and len(found) > _WAITING:
                found = folded(found, job.count, job.by)
            self._done += 1
        return found, None


def joined(answers: Sequence[Answer], job: Job) -> Answer:
    """Several answers as one."""
    failures = [failure for _, failure in answers if failure]
    if failures:
        return {}, min(failures, key=lambda failure: failure.index)
    found = {place: value for segments, _ in answers for place, value in segments.items()}
    return folded(found, job.count, job.by) if job.by else found, None


def runs(held: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending numbers as ranges [first, last)."""
    starts = [i for i in range(len(held)) if i == 0 or held[i] != held[i - 1] + 1]
    return [(held[i], held[j - 1] + 1) for i, j in pairwise([*starts, len(held)])]


def absent(held: Sequence[tuple[int, int]], named: Sequence[int]) -> Segments:
    """The parts of the ranges `held` that are not among the ascending `named`, in as few segments as can be: a call
    that asks a few of many parts costs what these few cost.
    """
    found: Segments = {}
    for first, last in held:
        inside = named[bisect_left(named, first) : bisect_left(named, last)]
        for before, after in pairwise([first - 1, *inside, last]):
            start = before + 1
            while start < after:
                level = (after - start).bit_length() - 1
                if start:
                    level = min(level, (start & -start).bit_length() - 1)
                found[level, start >> level] = None
                start += 1 << level
    return found


def _result(index: int, held: _Held, job: Job, own: Mapping[int, object] | None) -> Segments:
    if job.step is not None:
        if held.changes < job.step:
            held.part, held.changes = job.function(held.part, *job.args), job.step
        return {}
    mine = () if own is None else (own[index],)
    return {(0, index): job.function(held.part, *mine, *job.args)}


def _portable(error: Exception) -> Exception:
    """The error as it can travel, with the place where it happened if that was not foreseen."""
    if not isinstance(error, GdcliError):
        error.add_note("".join(traceback.format_exception(error)).rstrip())
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError("".join(traceback.format_exception_only(error)).rstrip())
    return error
