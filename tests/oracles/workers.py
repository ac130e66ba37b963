"""What tests of the cluster do to parts on workers, and clusters in processes of their own.

Parts here are arrays of rows; workers import this module, so it imports little.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from gdcli.errors import DataError

ROOT = Path(__file__).parents[2]


def made(seed: int, rows: int, width: int) -> Any:
    """A part of random rows."""
    return np.random.default_rng(seed).normal(size=(rows, width))


def scaled(part: Any, factor: float) -> Any:
    return part * factor


def sums(part: Any, theta: Any) -> tuple[float, Any]:
    """sum_i (x_i . theta)^2 and X^T X theta."""
    z = part @ theta
    return float(z @ z), part.T @ z


def slow_sums(part: Any, theta: Any, seconds: float) -> tuple[float, Any]:
    time.sleep(seconds)
    return sums(part, theta)


def weighed(part: Any, weight: float) -> tuple[float]:
    return (float(part.sum()) * weight,)


def process(part: Any) -> int:
    """The worker that holds the part."""
    return os.getpid()


def deadly(part: Any) -> tuple[int]:
    """The end of the worker that touches the part."""
    os.kill(os.getpid(), signal.SIGKILL)
    return (0,)


def hungry(part: Any) -> float:
    """More memory than there is, for long enough to be noticed."""
    taken = np.ones(2**26)
    time.sleep(5.0)
    return float(taken[0])


def once(part: Any, mark: str, theta: Any) -> tuple[float, Any]:
    """The end of the first worker that comes here; the others go on."""
    try:
        os.close(os.open(mark, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return sums(part, theta)
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def wrong(seed: int, first: int) -> int:
    """Parts from `first` on are files with a mistake."""
    if seed >= first:
        raise DataError("this is no number", file=f"{seed}.csv", line=7, column="2 (b)", hint="write one")
    return seed


def unforeseen(seed: int) -> float:
    return 1 / (seed - 3)


def too_much(seed: int) -> float:
    raise MemoryError


def holders(dask_worker: Any) -> int:
    """How many holders a worker has."""
    return len(dask_worker.state.actors)


class TwoError(Exception):
    """Cannot be made again from its pickle."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(first)


def peculiar(seed: int) -> float:
    raise TwoError("one", "two")


def environment(seed: int, name: str) -> str | None:
    return os.environ.get(name)


def surroundings() -> dict[str, str]:
    """Where processes that a test starts find this module."""
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return os.environ | {"PYTHONPATH": path}


def started(program: str, *args: str) -> subprocess.Popen[str]:
    """A Python program in a session of its own, with what it prints."""
    return subprocess.Popen(
        [sys.executable, "-c", program, *args],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=surroundings(),
        start_new_session=True,
    )


_CLUSTER = """
import sys, time
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=int(sys.argv[1]), threads_per_worker=1, host="127.0.0.1",
                      dashboard_address="127.0.0.1:0", silence_logs=60, memory_limit=sys.argv[2]) as cluster:
        print(cluster.scheduler_address, flush=True)
        time.sleep(600)
"""


@contextmanager
def elsewhere(workers: int, memory: str = "2GiB") -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A scheduler and workers of somebody else: the address and the process that holds the scheduler."""
    cluster = started(_CLUSTER, str(workers), memory)
    assert cluster.stdout is not None
    try:
        yield cluster.stdout.readline().strip(), cluster
    finally:
        cluster.kill()
        cluster.communicate()


@contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """A TimeoutError out of whatever runs inside."""

    def ring(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except KeyboardInterrupt:
        raise TimeoutError from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def ended(pids: list[int], seconds: float = 10.0) -> bool:
    """Whether all these processes end within so many seconds."""
    deadline = time.monotonic() + seconds
    while any(map(_alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not any(map(_alive, pids))


def _alive(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def clustered(args: list[str], terminal: object) -> int:
    """Stands for a command that uses a cluster."""
    from gdcli.risk.engines.dask.cluster import Cluster

    with Cluster.opened(workers=2) as cluster:
        print(len(set(cluster.spread(range(2), [1, 1]).each(process))), "workers")
    return 0
