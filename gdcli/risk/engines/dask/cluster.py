"""The door to Dask: workers that were started for this run, or those of a scheduler that runs already."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from importlib.util import find_spec
from types import TracebackType
from typing import Any, Self

from gdcli.errors import ClusterError, UsageError
from gdcli.risk.engines.dask.address import checked
from gdcli.risk.engines.dask.facts import check_alike, facts
from gdcli.risk.engines.dask.local import ended, started
from gdcli.risk.engines.dask.parts import DaskParts
from gdcli.risk.engines.dask.quiet import quiet, unwarned
from gdcli.risk.engines.dask.shares import WorkerInfo
from gdcli.signals import deferred

# Seconds to wait: for a scheduler to answer, for its first worker, for another in place of one that was lost.
CONNECT, FIRST, ANOTHER = 5.0, 30.0, 10.0
# And for a worker to answer directly.
DIRECT = 2.0
_POLL = 0.1
# Else Dask lets go of a place whose worker happens to be away some seconds after one before it was lost.
_NEVER = "1000 days"


class Cluster:
    """Workers of a Dask cluster: one that was started for this run, or the one at `address`."""

    def __init__(self, client: Any, address: str | None, note: Callable[[str], object], cleanup: ExitStack) -> None:
        self.client = client
        self.note = note
        self._address = address
        self._cleanup = cleanup

    @classmethod
    def opened(
        cls, address: str | None = None, workers: int | None = None, note: Callable[[str], object] | None = None
    ) -> Self:
        """Connect to the scheduler at `address` and wait a while for so many workers (default: one), or start one here
        with so many (default: one a core).

        `note` is told what happens to the workers. Raises UsageError where distributed or gdcli is missing, or for no
        address; ClusterError where no scheduler answers or none of its workers shows up.
        """
        if find_spec("distributed") is None:
            raise UsageError("--engine dask needs the package distributed", hint='pip install "gdcli[cluster]"')
        place = None if address is None else checked(address)
        with unwarned(), ExitStack() as cleanup:
            cleanup.enter_context(quiet())
            client = _local(workers, cleanup) if place is None else _remote(place, cleanup)
            cluster = cls(client, place, note or (lambda text: None), cleanup.pop_all())
        try:
            found = cluster.waited(workers or 1, FIRST)
            if place is not None:
                client.direct_to_workers = _reachable(client, found)
        except BaseException:
            cluster.close()
            raise
        return cluster

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def dashboard(self) -> str | None:
        """The address of the page that shows the workers at work, where bokeh is there to draw it."""
        link: str | None = self.client.dashboard_link
        return link if self._address or find_spec("bokeh") else None

    @property
    def place(self) -> str:
        """Who the workers are, for people."""
        count = len(self.workers)
        where = "this machine" if self._address is None else self._address
        return f"{count} worker{'s' if count > 1 else ''} of {where}"

    @property
    def workers(self) -> tuple[WorkerInfo, ...]:
        """Those that are there now, sorted."""
        with self.guarded():
            found = self.client.scheduler_info(n_workers=-1)["workers"].items()
        return tuple(sorted(WorkerInfo(at, its["nthreads"], its["memory_limit"] or None) for at, its in found))

    def waited(self, count: int, seconds: float = ANOTHER) -> tuple[WorkerInfo, ...]:
        """The workers there are, all of them alike, as soon as they are `count`, or after so many seconds."""
        deadline = time.monotonic() + seconds
        while len(found := self.workers) < count and time.monotonic() < deadline:
            time.sleep(_POLL)
        if not found:
            raise ClusterError(f"{self.named} has no workers", hint="start some: dask worker ADDRESS")
        with self.guarded():
            check_alike(self.client.run(facts, on_error="return"))
        return found

    def spread(
        self,
        parts: Sequence[object],
        sizes: Sequence[int],
        progress: Callable[[int, int], object] | None = None,
    ) -> DaskParts:
        """The parts on the workers, in ranges of about the same size in bytes. `progress` is told how many parts of a
        `change` or an `each` are done, and of how many.
        """
        return DaskParts(self, parts, sizes, progress)

    def actor(self, kind: type, worker: str, key: str) -> Any:
        """The actor `key` on a worker, to be called from here: this client is nobody's default."""
        from distributed import Actor

        with self.client.as_current():
            return Actor(kind, worker, key)

    @property
    def named(self) -> str:
        """The cluster in a message."""
        return "the cluster of this machine" if self._address is None else f"the scheduler at {self._address}"

    def check(self) -> None:
        """Raise ClusterError where the scheduler is gone and does not come back within seconds."""
        deadline = time.monotonic() + CONNECT
        while self.client.status == "connecting" and time.monotonic() < deadline:
            time.sleep(_POLL)
        if self.client.status != "running":
            raise ClusterError(f"{self.named} was lost", hint="a run that was kept goes on with --resume")

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """What fails inside because the scheduler is gone says so."""
        self.check()
        try:
            yield
        except (OSError, RuntimeError, AttributeError) as error:
            self.check()
            raise ClusterError(f"{self.named} does not answer: {error}") from error

    def close(self) -> None:
        """Let go of the workers; those that were started for this run end."""
        with deferred():
            self._cleanup.close()


def _local(workers: int | None, cleanup: ExitStack) -> Any:
    import dask
    from distributed import Client

    cleanup.enter_context(dask.config.set({"distributed.deploy.lost-worker-timeout": _NEVER}))
    with deferred():
        cluster = started(workers)
        cleanup.callback(_tried, ended, cluster, CONNECT)
    client = Client(cluster, direct_to_workers=True, set_as_default=False)
    cleanup.callback(_tried, client.close, CONNECT)
    return client


def _remote(address: str, cleanup: ExitStack) -> Any:
    from distributed import Client

    try:
        client = Client(address, timeout=CONNECT, set_as_default=False)
    except OSError as error:
        message = f"no scheduler answers at {address}"
        raise ClusterError(message, hint="start one: dask scheduler; and see that its port can be reached") from error
    cleanup.callback(_tried, client.close, CONNECT)
    return client


def _reachable(client: Any, workers: Sequence[WorkerInfo]) -> bool:
    """Whether workers answer without the scheduler between, which takes half the time or less."""

    async def asked() -> None:
        await asyncio.wait_for(asyncio.gather(*[client.rpc(worker.address).identity() for worker in workers]), DIRECT)

    try:
        client.sync(asked)
    except OSError:
        return False
    return True


def _tried(close: Callable[..., object], *args: object) -> None:
    with suppress(OSError, RuntimeError, AssertionError):
        close(*args)
