"""A cluster of this machine, for as long as one run."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from typing import Any

# What a terminal sends to all processes of a run, the workers too: the driver alone answers, and ends them.
_TERMINAL = {getattr(signal, name) for name in ("SIGINT", "SIGHUP") if hasattr(signal, name)}


def started(workers: int | None) -> Any:
    """A LocalCluster of `workers` processes (default: one a core) of one thread each, and their scheduler here."""
    from dask.system import CPU_COUNT
    from distributed import LocalCluster

    if os.name == "posix":
        _track()
    with _masked():
        return LocalCluster(
            n_workers=workers or CPU_COUNT,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL + 1,
            preload="gdcli.risk.engines.dask.worker",
        )


def ended(cluster: Any, seconds: float) -> None:
    """End it at once: its workers hold nothing that matters, and one in the middle of a part would be waited for."""
    for nanny in cluster.workers.values():
        pid = nanny.pid
        if pid is not None:
            # Else another worker would be started in place of this one.
            nanny.close_gracefully()
            with suppress(ProcessLookupError):
                os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    cluster.close(timeout=seconds)


def _track() -> None:
    """Start Python's own keeper of semaphores now: as it starts it would undo the mask below, and where the driver is
    killed it would warn of what it cleans up.
    """
    sys.warnoptions.append("ignore:resource_tracker")
    try:
        resource_tracker.ensure_running()
    finally:
        sys.warnoptions.pop()


@contextmanager
def _masked() -> Iterator[None]:
    """Threads and processes that start inside never see the terminal's signals."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _TERMINAL)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
