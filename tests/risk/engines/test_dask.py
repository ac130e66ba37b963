"""Parts on real worker processes: the same bits as here, whatever happens to the workers."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gdcli.data.partitions.parts import added
from gdcli.errors import DataError, ExhaustedError
from gdcli.risk.engines.dask import team
from gdcli.risk.engines.dask.cluster import Cluster
from gdcli.risk.engines.dask.parts import DaskParts
from tests.oracles import workers
from tests.oracles.here import Here

PARTS, ROWS, WIDTH = 13, 40, 5
THETA = np.linspace(-1.0, 2.0, WIDTH)
SIZES = [ROWS * WIDTH * 8] * PARTS


class Shared:
    """One cluster of three workers, with its notes and what it told of its progress."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.progress: list[tuple[int, int]] = []
        self.cluster = Cluster.opened(workers=3, note=self.notes.append)

    def spread(self) -> DaskParts:
        parts = self.cluster.spread(range(PARTS), SIZES, lambda *done: self.progress.append(done))
        parts.change(workers.made, ROWS, WIDTH)
        parts.change(workers.scaled, 0.1)
        return parts

    def pids(self) -> list[int]:
        return list(self.cluster.client.run(os.getpid).values())


@pytest.fixture(scope="module")
def shared() -> Iterator[Shared]:
    with pytest.MonkeyPatch.context() as patch:
        # Workers look for modules where this process does.
        patch.syspath_prepend(str(workers.ROOT))
        made = Shared()
        with made.cluster:
            yield made


@pytest.fixture
def fresh(shared: Shared) -> Shared:
    shared.notes.clear()
    shared.progress.clear()
    shared.cluster.waited(3)
    return shared


def here() -> Here:
    parts = Here(range(PARTS))
    parts.change(workers.made, ROWS, WIDTH)
    parts.change(workers.scaled, 0.1)
    return parts


TRUTH: Any = here().total(workers.sums, THETA, by=added)


def is_truth(found: Any) -> bool:
    return bool(found[0] == TRUTH[0] and np.array_equal(found[1], TRUTH[1]))


def kill(pids: list[int]) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def test_the_bits_are_those_of_one_process(fresh: Shared) -> None:
    parts = fresh.spread()
    assert is_truth(parts.total(workers.sums, THETA, by=added))
    assert parts.count == PARTS
    assert [found.tolist() for found in parts.each(workers.scaled, 2.0)] == [
        found.tolist() for found in here().each(workers.scaled, 2.0)
    ]
    assert fresh.notes == []


@pytest.mark.parametrize("named", [[0], [12], [3, 4, 9], list(range(PARTS))])
def test_only_the_parts_that_are_named_take_part(fresh: Shared, named: list[int]) -> None:
    own = {index: index + 0.5 for index in named}
    assert fresh.spread().total(workers.weighed, by=added, own=own) == here().total(workers.weighed, by=added, own=own)


def test_neighbours_lie_on_one_worker(fresh: Shared) -> None:
    held = fresh.spread().each(workers.process)
    assert len(set(held)) == 3
    assert sum(a != b for a, b in pairwise(held)) == 2


@pytest.mark.parametrize("arity", [pytest.param(1, marks=pytest.mark.slow), 2])
def test_a_tree_of_workers_gives_the_same(fresh: Shared, arity: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(team, "ARITY", arity)
    parts = fresh.spread()
    own = {2: 1.5, 7: -0.5}
    assert is_truth(parts.total(workers.sums, THETA, by=added))
    assert parts.total(workers.weighed, by=added, own=own) == here().total(workers.weighed, by=added, own=own)
    kill(fresh.pids()[1:])
    assert is_truth(parts.total(workers.sums, THETA, by=added))


def test_the_first_error_of_a_part_arrives_as_itself(fresh: Shared) -> None:
    parts = fresh.cluster.spread(range(PARTS), SIZES)
    with pytest.raises(DataError) as caught:
        parts.change(workers.wrong, 2)
    error = caught.value
    assert (error.message, error.file, error.line) == ("this is no number", "2.csv", 7)
    assert (error.column, error.hint) == ("2 (b)", "write one")


def test_an_error_nobody_foresaw_says_where_it_happened(fresh: Shared) -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        fresh.cluster.spread(range(PARTS), SIZES).each(workers.unforeseen)
    assert "in unforeseen" in caught.value.__notes__[0]


def test_an_error_that_cannot_travel_is_told(fresh: Shared) -> None:
    with pytest.raises(RuntimeError, match="TwoError: one"):
        fresh.cluster.spread(range(PARTS), SIZES).each(workers.peculiar)


def test_progress_counts_parts(fresh: Shared) -> None:
    parts = fresh.spread()
    fresh.progress.clear()
    parts.each(workers.slow_sums, THETA, 0.2)
    counts = [done for done, _ in fresh.progress]
    assert counts == sorted(counts)
    assert counts[-1] == PARTS
    assert any(0 < done < PARTS for done in counts)
    assert {count for _, count in fresh.progress} == {PARTS}


def test_a_worker_killed_before_a_call(fresh: Shared) -> None:
    parts = fresh.spread()
    kill(parts.each(workers.process)[:1])
    assert is_truth(parts.total(workers.sums, THETA, by=added))
    assert len(fresh.notes) == 1
    assert "was lost: its 4 partitions are read again on tcp://" in fresh.notes[0]


def test_a_worker_killed_within_a_call(fresh: Shared, tmp_path: Path) -> None:
    parts = fresh.spread()
    assert is_truth(parts.total(workers.once, str(tmp_path / "mark"), THETA, by=added))
    assert len(fresh.notes) == 1


def test_a_worker_killed_within_a_change(fresh: Shared) -> None:
    parts = fresh.cluster.spread(range(PARTS), SIZES)
    threading.Timer(0.2, kill, [parts.each(workers.process)[-1:]]).start()
    parts.change(_slowly_made)
    parts.change(workers.scaled, 0.1)
    assert is_truth(parts.total(workers.sums, THETA, by=added))
    assert len(fresh.notes) == 1


def _slowly_made(seed: int) -> Any:
    time.sleep(0.1)
    return workers.made(seed, ROWS, WIDTH)


def test_all_workers_killed(fresh: Shared) -> None:
    parts = fresh.spread()
    kill(fresh.pids())
    assert is_truth(parts.total(workers.sums, THETA, by=added))
    assert len(fresh.notes) == 3


def test_memory_that_runs_out_in_a_part(fresh: Shared) -> None:
    with pytest.raises(ExhaustedError, match=r"worker tcp://\S+ ran out of memory \(its limit is .* GiB\)"):
        fresh.cluster.spread(range(PARTS), SIZES).each(workers.too_much)


def test_parts_that_leave_no_room_to_work_in(fresh: Shared) -> None:
    limit = fresh.cluster.workers[0].memory_limit
    assert limit is not None
    fresh.cluster.spread(range(3), [int(0.59 * limit)] * 3).close()
    with pytest.raises(ExhaustedError, match=r"is too small: its partitions take .* they may fill 60%"):
        fresh.cluster.spread(range(3), [int(0.61 * limit)] * 3)


@pytest.mark.slow
def test_a_part_that_kills_three_workers(fresh: Shared) -> None:
    with pytest.raises(ExhaustedError, match=r"worker tcp://\S+ \(its limit is .*\) is the third that died") as caught:
        fresh.spread().total(workers.deadly, by=added)
    assert "more memory" in (caught.value.hint or "")


def test_parts_that_are_closed_leave_the_workers(fresh: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(team, "ARITY", 1)
    parts = fresh.spread()
    assert is_truth(parts.total(workers.sums, THETA, by=added))
    held = sum(fresh.cluster.client.run(workers.holders).values())
    parts.close()
    deadline = time.monotonic() + 5.0
    while sum(fresh.cluster.client.run(workers.holders).values()) > held - 3 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert sum(fresh.cluster.client.run(workers.holders).values()) == held - 3


def test_products_run_on_one_thread(fresh: Shared) -> None:
    found = fresh.cluster.spread(range(3), [1] * 3).each(workers.environment, "OPENBLAS_NUM_THREADS")
    assert found == ["1"] * 3


@pytest.mark.parametrize("count", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_any_number_of_workers_gives_the_same(shared: Shared, count: int) -> None:
    with Cluster.opened(workers=count) as cluster:
        parts = cluster.spread(range(PARTS), SIZES)
        parts.change(workers.made, ROWS, WIDTH)
        parts.change(workers.scaled, 0.1)
        assert is_truth(parts.total(workers.sums, THETA, by=added))
