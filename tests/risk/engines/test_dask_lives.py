"""How clusters begin and end: schedulers that are gone, drivers that are killed, and what nobody should see of it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from gdcli.data.partitions.parts import added
from gdcli.errors import ClusterError, ExhaustedError, Exit, UsageError
from gdcli.risk.engines.dask import cluster as door
from gdcli.risk.engines.dask.cluster import Cluster
from tests.oracles import workers
from tests.oracles.here import Here

THETA = np.linspace(-1.0, 2.0, 5)

# What a run does with the cluster, as gdcli's own main does: signals unwind as Stopped.
DRIVER = """
import os, signal, sys, time
import gdcli.__main__ as main
from gdcli.data.partitions.parts import added
from gdcli.errors import Stopped
from gdcli.risk.engines.dask.cluster import Cluster
from tests.oracles import workers

def work():
    for number in main._CODES:
        signal.signal(number, main._stop)
    with Cluster.opened(workers=2) as cluster:
        parts = cluster.spread(range(4), [1] * 4)
        parts.change(workers.made, 10, 5)
        try:
            print(*cluster.client.run(os.getpid).values(), flush=True)
            while sys.argv[1] == "work":
                parts.total(workers.slow_sums, [1.0] * 5, 0.02, by=added)
            if sys.argv[1] == "wait":
                time.sleep(60)
            if sys.argv[1] == "bug":
                raise ZeroDivisionError
        except Stopped as stopped:
            print("partial", parts.total(workers.sums, [1.0] * 5, by=added)[0], flush=True)
            raise

if __name__ == "__main__":
    try:
        work()
    except Stopped as stopped:
        sys.exit(stopped.code)
    except ZeroDivisionError:
        sys.exit(70)
"""


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(workers.ROOT))
    return


def begun(what: str) -> tuple[subprocess.Popen[str], list[int]]:
    driver = workers.started(DRIVER, what)
    assert driver.stdout is not None
    pids = [int(word) for word in driver.stdout.readline().split()]
    assert len(pids) == 2
    return driver, pids


@pytest.mark.parametrize(("what", "code"), [pytest.param("nothing", 0, marks=pytest.mark.slow), ("bug", 70)])
def test_no_process_stays_behind(what: str, code: int) -> None:
    driver, pids = begun(what)
    assert driver.communicate(timeout=30) == ("", "")
    assert driver.returncode == code
    assert workers.ended(pids)


@pytest.mark.slow
@pytest.mark.parametrize("what", ["work", "wait"])
def test_ctrl_c_reaches_the_workers_and_they_go_on_until_the_report(what: str) -> None:
    driver, pids = begun(what)
    time.sleep(0.3)
    os.killpg(driver.pid, signal.SIGINT)
    out, err = driver.communicate(timeout=30)
    assert out.startswith("partial ")
    assert err == ""
    assert driver.returncode == Exit.INTERRUPTED
    assert workers.ended(pids)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.slow
def test_a_signal_to_the_driver_alone(number: signal.Signals) -> None:
    driver, pids = begun("work")
    driver.send_signal(number)
    out, err = driver.communicate(timeout=30)
    assert out.startswith("partial ")
    assert err == ""
    assert driver.returncode == 128 + number
    assert workers.ended(pids)


def test_workers_end_with_a_driver_that_is_killed() -> None:
    driver, pids = begun("work")
    driver.kill()
    assert workers.ended(pids)
    assert driver.communicate(timeout=30)[1] == ""


def test_closing_takes_less_than_a_second() -> None:
    """Also where a worker is in the middle of a long part."""
    cluster = Cluster.opened(workers=2)
    parts = cluster.spread(range(4), [1] * 4)
    parts.change(workers.made, 10, 5)
    pids = list(cluster.client.run(os.getpid).values())
    with pytest.raises(TimeoutError), workers.alarm(0.3):
        parts.total(workers.slow_sums, THETA, 30.0, by=added)
    begin = time.perf_counter()
    cluster.close()
    # The machine may be busy; some hundredths of a second where it is not.
    assert time.perf_counter() - begin < 1.0
    assert workers.ended(pids)


def test_nobody_at_the_address(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(door, "CONNECT", 0.5)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ClusterError, match=f"no scheduler answers at tcp://127.0.0.1:{port}") as caught:
        Cluster.opened(f"tcp://127.0.0.1:{port}")
    assert caught.value.exit is Exit.EXHAUSTED
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
def test_a_scheduler_of_somebody_else(capfd: pytest.CaptureFixture[str]) -> None:
    here = Here(range(7))
    here.change(workers.made, 20, 5)
    value, gradient = here.total(workers.sums, THETA, by=added)
    with workers.elsewhere(2) as (address, _):
        with Cluster.opened(address.removeprefix("tcp://")) as cluster:
            assert [worker.memory_limit for worker in cluster.workers] == [2 * 2**30] * 2
            assert cluster.dashboard is not None
            with pytest.raises(ExhaustedError, match="is too small"):
                cluster.spread(range(2), [2 * 2**30] * 2)
            parts = cluster.spread(range(7), [1] * 7)
            parts.change(workers.made, 20, 5)
            found = parts.total(workers.sums, THETA, by=added)
            pids = list(cluster.client.run(os.getpid).values())
        assert found[0] == value
        assert np.array_equal(found[1], gradient)
        # They are not ours to end, and hold nothing of ours any more.
        assert not workers.ended(pids, 0.2)
        with Cluster.opened(address) as cluster:
            assert set(cluster.client.run(workers.holders).values()) == {0}
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
def test_a_scheduler_that_is_lost(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(door, "CONNECT", 1.0)
    with workers.elsewhere(1) as (address, process):
        with Cluster.opened(address) as cluster:
            parts = cluster.spread(range(4), [1] * 4)
            parts.change(workers.made, 20, 5)
            threading.Timer(0.3, process.kill).start()
            with pytest.raises(ClusterError, match=f"the scheduler at {address} was lost") as caught:
                parts.total(workers.slow_sums, THETA, 1.0, by=added)
            with pytest.raises(ClusterError, match="was lost"):
                parts.each(workers.process)
            begin = time.perf_counter()
        assert time.perf_counter() - begin < 2.0
    assert "--resume" in (caught.value.hint or "")
    assert capfd.readouterr() == ("", "")


ABROAD = """
import sys
from gdcli.errors import ClusterError
from gdcli.risk.engines.dask import cluster as door
from tests.oracles import workers

if __name__ == "__main__":
    door.CONNECT = 1.0
    try:
        with door.Cluster.opened(sys.argv[1]) as cluster:
            parts = cluster.spread(range(4), [1] * 4)
            print("there", flush=True)
            while True:
                parts.each(workers.process)
    except ClusterError as error:
        print(error, flush=True)
"""


def test_a_driver_whose_scheduler_is_lost_says_so_and_no_more() -> None:
    with workers.elsewhere(1) as (address, process):
        driver = workers.started(ABROAD, address)
        assert driver.stdout is not None
        assert driver.stdout.readline() == "there\n"
        process.kill()
        assert driver.communicate(timeout=30) == (f"the scheduler at {address} was lost\n", "")


@pytest.mark.slow
def test_workers_without_gdcli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "gdcli"
    broken.mkdir()
    (broken / "__init__.py").write_text("__version__ = '0.0.1'\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(workers, "surroundings", lambda: dict(os.environ))
    monkeypatch.chdir(tmp_path)
    with (
        workers.elsewhere(1) as (address, _),
        pytest.raises(UsageError, match="has no gdcli, or one without this engine"),
    ):
        Cluster.opened(address)


@pytest.mark.slow
def test_a_worker_whose_memory_is_not_enough() -> None:
    """Dask's own nanny ends it, three times."""
    with workers.elsewhere(1, "400MiB") as (address, _), Cluster.opened(address) as cluster:
        with pytest.raises(ExhaustedError, match=r"worker \S+ \(its limit is 400 MiB\) is the third") as caught:
            cluster.spread(range(2), [1] * 2).each(workers.hungry)
        assert "more memory" in (caught.value.hint or "")


@pytest.mark.slow
def test_a_scheduler_without_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "FIRST", 0.5)
    with workers.elsewhere(0) as (address, _), pytest.raises(ClusterError, match=f"{address} has no workers"):
        Cluster.opened(address)


def test_bytes_to_and_from_the_workers_do_not_grow_with_the_rows() -> None:
    """Counted at the sockets of the driver, of which the workers are not aware."""
    counted: dict[int, tuple[int, int]] = {}
    with workers.elsewhere(2) as (address, _), Cluster.opened(address) as cluster:
        for rows in (10**3, 10**5):
            parts = cluster.spread(range(4), [1] * 4)
            parts.change(workers.made, rows, 5)
            counted[rows] = _moved(lambda parts=parts: parts.total(workers.sums, THETA, by=added))  # type: ignore[misc]
            parts.close()
    assert counted[10**3] == counted[10**5]
    assert all(500 < count < 10_000 for count in counted[10**3])


def _moved(call: object) -> tuple[int, int]:
    from tornado.iostream import IOStream

    written, read = [], []
    send, receive = IOStream.write_to_fd, IOStream.read_from_fd

    def write_to_fd(self: IOStream, data: memoryview) -> int:
        written.append(send(self, data))
        return written[-1]

    def read_from_fd(self: IOStream, buffer: bytearray) -> int | None:
        count = receive(self, buffer)
        read.append(count or 0)
        return count

    found = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(IOStream, "write_to_fd", write_to_fd)
        patch.setattr(IOStream, "read_from_fd", read_from_fd)
        for _ in range(10):
            written.clear()
            read.clear()
            call()  # type: ignore[operator]
            found.append((sum(written), sum(read)))
    # A heartbeat may fall into some of the calls.
    return min(found)


@pytest.mark.parametrize(
    "start",
    [["-m", "gdcli"], [str(Path(sys.executable).parent / "gdcli")]],
    ids=["module", "script"],
)
@pytest.mark.slow
def test_workers_may_import_the_main_module(start: list[str], tmp_path: Path) -> None:
    """Worker processes import the driver's main module under another name, and must not run the command again."""
    hook = "import gdcli.cli.app as app\nfrom tests.oracles.workers import clustered\napp.main = clustered\n"
    (tmp_path / "sitecustomize.py").write_text(hook, encoding="utf-8")
    environment = workers.surroundings()
    environment["PYTHONPATH"] = os.pathsep.join([str(tmp_path), environment["PYTHONPATH"]])
    done = subprocess.run([sys.executable, *start], capture_output=True, text=True, env=environment, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("2 workers\n", "", 0)
