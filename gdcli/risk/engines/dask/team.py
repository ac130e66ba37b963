"""The workers that hold the parts of one computation, and who of them asks whom."""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gdcli.data.partitions.parts import Share
from gdcli.errors import ClusterError
from gdcli.risk.engines.dask.holder import Answer, Failure, Holder, Job
from gdcli.risk.engines.dask.shares import WorkerInfo, check_room, shares
from gdcli.risk.engines.dask.tree import Node, arranged

if TYPE_CHECKING:
    from gdcli.risk.engines.dask.cluster import Cluster

# So many holders are asked by the driver, or by one holder.
ARITY = 8
# Seconds between two looks at the workers while an answer is waited for, and for the scheduler to miss a worker that
# cannot be reached.
_POLL, _MISSED = 0.25, 10.0
# And between two looks at a holder that is about to be there.
_GLANCE = 0.002
_BROKEN = (OSError, RuntimeError, KeyError, CancelledError)


@dataclass(eq=False)
class Seat:
    """One worker, its holder, the parts that it holds and those that it is still to be given."""

    worker: WorkerInfo
    future: Any
    actor: Any = None
    held: set[int] = field(default_factory=set)
    owed: set[int] = field(default_factory=set)

    @property
    def lost(self) -> bool:
        """Whether the holder went away with its worker."""
        return self.future.status not in ("finished", "pending")


class LostError(Exception):
    """These workers went away, with their parts."""

    def __init__(self, seats: Sequence[Seat]) -> None:
        super().__init__()
        self.seats = seats


class Team:
    """Holders of `parts`, which are what they were at first."""

    def __init__(self, cluster: Cluster, parts: Sequence[object], sizes: Sequence[int]) -> None:
        self._cluster = cluster
        self._parts = parts
        self._sizes = sizes
        self._seats: list[Seat] = []
        self._heads: tuple[Node[Seat], ...] = ()
        self._homeless = list(range(len(parts)))
        self._wanted = len(cluster.workers)
        self._mourned: list[Seat] = []
        self._call = 0

    def ask(
        self, job: Job, own: Mapping[int, object] | None, progress: Callable[[int], object] | None = None
    ) -> list[Answer]:
        """What the heads answer for themselves and those below them. `progress` is told how many parts are done."""
        given = None if own is None else self._given(own)
        task = pickle.dumps(job)
        self._watch()
        self._call += 1
        asked = (head.member.actor.run(self._call, task, given and _of(head, given)) for head in self._heads)
        return self._answers(asked, progress)

    def settle(self, history: Sequence[Job]) -> list[Failure]:
        """Every part has a worker and is what `history` made of it, or the failures on the way."""
        if self._homeless:
            self._assign()
        if not any(seat.owed for seat in self._seats):
            return []
        for seat in self._seats:
            if seat.actor is None:
                self._seated(seat)
        failures = self._hand_over(pickle.dumps(list(history)))
        self._arrange()
        return failures

    def bury(self, lost: Iterable[Seat]) -> list[Seat]:
        """Those of the seats that were still there; their parts are without a worker now."""
        gone = [seat for seat in lost if seat in self._seats]
        for seat in gone:
            self._seats.remove(seat)
            seat.held |= seat.owed
            self._homeless = sorted({*self._homeless, *seat.held})
        self._mourned += gone
        return gone

    def worker(self, address: str) -> WorkerInfo:
        """What is known of one of the workers."""
        return next(seat.worker for seat in self._seats if seat.worker.address == address)

    @property
    def shares(self) -> tuple[Share, ...]:
        """What each worker holds."""
        return tuple(
            Share(
                seat.worker.address,
                len(seat.held),
                sum(self._sizes[index] for index in seat.held),
                seat.worker.memory_limit,
            )
            for seat in self._seats
        )

    def leave(self) -> None:
        """The holders go, and what they hold."""
        self._give_up()
        with suppress(*_BROKEN):
            # By force: holders that know one another keep one another.
            self._cluster.client.cancel([seat.future for seat in self._seats], force=True)
        self._seats, self._heads = [], ()

    def _assign(self) -> None:
        found = self._cluster.waited(self._wanted)
        taken = {seat.worker.address: seat for seat in self._seats}
        fresh = [Seat(worker, None) for worker in found if worker.address not in taken]
        missing = self._wanted - len(self._seats)
        targets = fresh[:missing] if len(fresh) >= missing else [*fresh, *self._seats]
        ranges = shares([self._sizes[index] for index in self._homeless], len(targets))
        for seat, mine in zip(targets, ranges, strict=False):
            seat.owed |= {self._homeless[i] for i in mine}
            check_room(seat.worker, sum(self._sizes[index] for index in seat.held | seat.owed))
        for seat in targets:
            if seat.owed and seat.future is None:
                seat.future = self._holder(seat.worker)
                self._seats.append(seat)
        self._homeless, self._wanted = [], len(self._seats)
        self._tell([seat.worker.address for seat in targets if seat.owed])

    def _tell(self, heirs: Sequence[str]) -> None:
        for seat in self._mourned:
            lost = f"its {len(seat.held)} partitions are read again on {', '.join(heirs)}"
            self._cluster.note(f"worker {seat.worker.address} was lost: {lost}")
        self._mourned = []

    def _holder(self, worker: WorkerInfo) -> Any:
        at = worker.address
        with self._cluster.guarded():
            return self._cluster.client.submit(
                Holder, at, workers=[at], allow_other_workers=False, actor=True, pure=False
            )

    def _seated(self, seat: Seat) -> None:
        """The seat has its actor. Dask's own wait ends in an error of its own where the place was cancelled."""
        looked = time.monotonic()
        while not seat.future.done():
            time.sleep(_GLANCE)
            if time.monotonic() - looked > _POLL:
                looked = time.monotonic()
                if seat.worker.address not in {worker.address for worker in self._cluster.workers}:
                    raise LostError([seat])
                self._watch()
        if seat.future.status not in ("finished", "error"):
            raise LostError([seat])
        try:
            seat.future.result()
            seat.actor = self._cluster.actor(Holder, seat.worker.address, seat.future.key)
        except _BROKEN as error:
            raise LostError([seat]) from error

    def _hand_over(self, history: bytes) -> list[Failure]:
        self._watch()
        owing = [seat for seat in self._seats if seat.owed]
        self._call += 1
        asked = (seat.actor.hold(self._call, self._packed(seat.owed), history) for seat in owing)
        failures = [failure for failure in self._answers(asked) if failure]
        for seat in owing:
            seat.held, seat.owed = seat.held | seat.owed, set()
        return failures

    def _packed(self, indices: Iterable[int]) -> bytes:
        return pickle.dumps({index: self._parts[index] for index in sorted(indices)})

    def _arrange(self) -> None:
        self._seats.sort(key=lambda seat: min(seat.held))
        self._heads = arranged(self._seats, ARITY)
        nodes = [node for head in self._heads for node in head.walk()]
        self._awaited(node.member.actor.adopt(_below(node)) for node in nodes)

    def _answers(self, asked: Iterable[Any], progress: Callable[[int], object] | None = None) -> list[Any]:
        return [pickle.loads(answer) for answer in self._awaited(asked, progress)]

    def _awaited(self, asked: Iterable[Any], progress: Callable[[int], object] | None = None) -> list[Any]:
        """The answers to calls, which may fail even as they are made."""
        try:
            return [self._answer(future, progress) for future in list(asked)]
        except BaseException as error:
            self._give_up()
            if isinstance(error, _BROKEN):
                self._missed(error)
            raise

    def _answer(self, future: Any, progress: Callable[[int], object] | None) -> Any:
        while not future.done():
            # Not there yet, or there only now: a look at the workers meanwhile.
            with suppress(TimeoutError):
                return future.result(timeout=_POLL)
            self._watch()
            if progress:
                progress(self._done())
        return future.result()

    def _missed(self, error: BaseException) -> None:
        """Wait for the scheduler to find out which worker it was."""
        deadline = time.monotonic() + _MISSED
        while time.monotonic() < deadline:
            self._watch()
            time.sleep(_POLL)
        raise ClusterError(f"the workers of {self._cluster.named} cannot be reached: {error}") from error

    def _watch(self) -> None:
        self._cluster.check()
        lost = [seat for seat in self._seats if seat.lost]
        if lost:
            raise LostError(lost)

    def _done(self) -> int:
        done = 0
        for head in self._heads:
            with suppress(*_BROKEN):
                done += head.member.actor.done().result(timeout=_POLL)
        return done

    def _give_up(self) -> None:
        for head in self._heads:
            with suppress(*_BROKEN):
                head.member.actor.give_up(self._call)

    def _given(self, own: Mapping[int, object]) -> dict[str, bytes]:
        split = {seat.worker.address: {i: own[i] for i in own if i in seat.held} for seat in self._seats}
        return {worker: pickle.dumps(mine) for worker, mine in split.items() if mine}


def _branch(node: Node[Seat]) -> frozenset[str]:
    return frozenset(each.member.worker.address for each in node.walk())


def _of(head: Node[Seat], given: Mapping[str, bytes]) -> dict[str, bytes]:
    branch = _branch(head)
    return {worker: mine for worker, mine in given.items() if worker in branch}


def _below(node: Node[Seat]) -> list[tuple[Any, frozenset[str]]]:
    return [(child.member.actor, _branch(child)) for child in node.below]
