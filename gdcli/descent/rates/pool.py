"""Runs side by side: processes that inherit the data and R*, or one after the other where there is nothing to gain."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass

from gdcli.descent.plan import Plan
from gdcli.descent.rates.trace import Trace, trace
from gdcli.errors import ExhaustedError


@dataclass(frozen=True)
class Job:
    """A run: of the plan of the method at this place, with a seed."""

    method: int
    seed: int
    plan: Plan
    levels: tuple[float, ...]

    def __call__(self) -> Trace:
        """Do it."""
        return trace(self.plan, self.seed, self.levels, time.perf_counter)


_SIGNALS = (signal.SIGINT, signal.SIGTERM)
# What a process was born with.
_jobs: Sequence[Job] = ()


def processes(asked: int | None, jobs: int) -> int:
    """How many: as asked for, else the cores this process may use; one for each run at most.

    Plans hold code that was made on the way and cannot be sent: processes must be copies of this one (fork), which is
    safe on Linux alone, and where no thread of the program around us could hold a lock; elsewhere there is one.
    """
    if not sys.platform.startswith("linux") or (asked is None and threading.active_count() > 1):
        return 1
    return max(1, min(asked or len(os.sched_getaffinity(0)), jobs))


def traces(jobs: Sequence[Job], count: int) -> Generator[tuple[Job, Trace], None, None]:
    """Each run's trace as it is done, in `count` processes; no process is left when this ends, however it ends."""
    if count == 1:
        yield from ((job, job()) for job in jobs)
        return
    with _pool(jobs, count) as pool:
        # The first of them starts the processes, which answer no signal before they are ready to.
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        try:
            futures = {pool.submit(_do, place): job for place, job in enumerate(jobs)}
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        except BrokenProcessPool:
            message = "a process of the runs was killed from outside, or ran out of memory"
            raise ExhaustedError(message, hint="take fewer of them: --jobs 1") from None


@contextmanager
def _pool(jobs: Sequence[Job], count: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that have the jobs; they are ended at once where this is left by an error or a signal."""
    before = set(multiprocessing.active_children())
    context = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(count, context, _begin, (jobs,))
    done = False
    try:
        yield pool
        done = True
    finally:
        if not done:
            for process in set(multiprocessing.active_children()) - before:
                process.terminate()
        pool.shutdown(wait=True, cancel_futures=True)


def _begin(jobs: Sequence[Job]) -> None:
    """In a new process: Ctrl-C is for its parent, who ends it."""
    global _jobs
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _jobs = jobs


def _end_with_parent() -> None:
    """A parent that was killed could not end its processes."""
    parent = multiprocessing.parent_process()
    assert parent is not None  # this is a process of the pool
    parent.join()
    os._exit(1)


def _do(place: int) -> Trace:
    return _jobs[place]()
