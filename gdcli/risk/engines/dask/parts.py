"""Parts on workers: calls go down a tree of holders, and what was lost with a worker is made again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from gdcli.data.partitions.parts import Segments, Share, root
from gdcli.errors import ExhaustedError
from gdcli.risk.engines.dask.holder import Failure, Job, joined
from gdcli.risk.engines.dask.shares import REMEDY, limit, out_of_memory
from gdcli.risk.engines.dask.team import LostError, Seat, Team

if TYPE_CHECKING:
    from gdcli.risk.engines.dask.cluster import Cluster

T = TypeVar("T")
# So many workers may die over the same part before the part is to blame.
DEATHS = 3


class DaskParts:
    """The protocol `Parts` over the workers of a cluster.

    A worker that is lost takes its parts along: they are given to another, which makes them again from what they were
    at first and the changes since, and the call is repeated. Sums come to the same bits.
    """

    def __init__(
        self,
        cluster: Cluster,
        parts: Sequence[object],
        sizes: Sequence[int],
        progress: Callable[[int, int], object] | None = None,
    ) -> None:
        self.count = len(parts)
        self._progress = progress
        self._history: list[Job] = []
        self._team = Team(cluster, parts, sizes)
        self._run(None, None, None)

    def change(self, function: Callable[..., Any], *args: object) -> None:
        """Every part becomes function(part, *args)."""
        job = Job(function, args, step=len(self._history) + 1)
        self._run(job, None, self._progress)
        self._history.append(job)

    def each(self, function: Callable[..., T], *args: object) -> list[T]:
        """function(part, *args) of every part, in their order."""
        found = self._run(Job(function, args), None, self._progress)
        return [found[0, index] for index in range(self.count)]

    def total(
        self,
        function: Callable[..., T],
        *args: object,
        by: Callable[[T, T], T],
        own: Mapping[int, object] | None = None,
    ) -> T:
        """function(part, *args) of all parts, folded as `folded` says."""
        found = self._run(Job(function, args, by=by, count=self.count), own, None)
        return root(found, self.count)  # type: ignore[no-any-return]

    @property
    def shares(self) -> tuple[Share, ...]:
        """What each worker holds."""
        return self._team.shares

    def close(self) -> None:
        """The workers forget the parts."""
        self._team.leave()

    def _run(
        self,
        job: Job | None,
        own: Mapping[int, object] | None,
        progress: Callable[[int, int], object] | None,
    ) -> Segments:
        deaths: Counter[int] = Counter()
        told = None if progress is None else lambda done: progress(done, self.count)
        while True:
            try:
                self._check(self._team.settle(self._history))
                if job is None:
                    return {}
                answers = self._team.ask(job, own, told)
            except LostError as lost:
                self._mourn(self._team.bury(lost.seats), deaths)
            else:
                found, failure = joined(answers, job)
                self._check([failure] if failure else [])
                if told:
                    told(self.count)
                return found

    def _check(self, failures: Sequence[Failure]) -> None:
        if not failures:
            return
        first = min(failures, key=lambda failure: failure.index)
        if isinstance(first.error, MemoryError):
            raise out_of_memory(self._team.worker(first.worker)) from first.error
        raise first.error

    def _mourn(self, lost: Sequence[Seat], deaths: Counter[int]) -> None:
        for seat in lost:
            deaths.update(seat.held)
        for seat in lost:
            if any(deaths[index] >= DEATHS for index in seat.held):
                worker = seat.worker
                message = f"worker {worker.address}{limit(worker)} is the third that died over the same partitions"
                raise ExhaustedError(message, hint=f"it may have run out of memory: {REMEDY}")
