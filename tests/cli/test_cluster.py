"""`gdcli descend --engine dask`, in real processes: the same result as on one machine, and what befalls workers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gdcli.errors import Exit

pytest.importorskip("distributed")
FILES, ROWS = 4, 500
GDCLI = (sys.executable, "-m", "gdcli")
# Steps that take some seconds; a gap that none of them reaches.
LONG = ("--loss", "logistic", "--steps", "600", "--gap", "0", "--every", "100", "--eta", "0.01/L")
# What two runs may differ in: times, what is said of where, and the kind of line that a result is among others.
BESIDE = {"kind", "seconds", "times", "row_gradients_per_second", "choices", "engine_reason"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four files of two classes."""
    folder = tmp_path_factory.mktemp("rows")
    rng = np.random.default_rng(5)
    for number in range(FILES):
        X = rng.normal(size=(ROWS, 3))
        y = np.where(X @ [1.0, -2.0, 0.5] + rng.normal(size=ROWS) > 0.0, "up", "down")
        lines = [",".join(map(repr, row)) + f",{label}" for row, label in zip(X.tolist(), y, strict=True)]
        (folder / f"{number}.csv").write_text("a,b,c,y\n" + "\n".join(lines) + "\n")
    return folder


def descend(folder: Path, *args: str, code: int = Exit.DONE) -> dict[str, Any]:
    done = subprocess.run([*GDCLI, "descend", *args, "--json"], cwd=folder, capture_output=True, timeout=120)
    assert done.returncode == code, done.stderr.decode()
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def without(report: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in report.items() if name not in BESIDE}


def begun(folder: Path, *args: str, steps: int = 100) -> subprocess.Popen[bytes]:
    """A run that has logged so many steps."""
    process = subprocess.Popen(
        [*GDCLI, "descend", *args, "--format", "ndjson"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    for line in process.stdout:
        if json.loads(line).get("step", 0) >= steps:
            return process
    raise AssertionError(process.communicate(timeout=60)[1].decode())


def workers(process: subprocess.Popen[bytes]) -> list[int]:
    """The worker processes of a run: the children of its own that are Python's."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
            command = (status.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if int(fields["PPid"]) == process.pid and b"spawn_main" in command:
            found.append(int(status.parent.name))
    return found


def ended(process: subprocess.Popen[bytes], code: int = Exit.DONE) -> tuple[dict[str, Any], str]:
    out, err = process.communicate(timeout=120)
    assert process.returncode == code, err.decode()
    return json.loads(out.splitlines()[-1]), err.decode()


def test_theta_is_that_of_one_machine(folder: Path) -> None:
    args = ("*.csv", "--steps", "100", "--gap", "0")
    local = descend(folder, *args, "--engine", "interpret")
    apart = descend(folder, *args, "--engine", "dask", "--threads", "2")
    assert apart["engine"] == "dask"
    assert apart["rows"] == FILES * ROWS
    for name in ("theta", "theta_optimum"):
        assert apart[name] == pytest.approx(local[name], rel=1e-12)
    assert apart["risk_optimum"] == pytest.approx(local["risk_optimum"], rel=1e-13)
    assert max(apart["gap_lower"], local["gap_lower"]) <= min(apart["gap_upper"], local["gap_upper"])


@pytest.mark.slow
def test_rows_are_drawn_as_on_one_machine(folder: Path) -> None:
    args = ("*.csv", "--method", "sgd", "--batch", "16", "--steps", "60", "--gap", "0", "--seed", "3")
    local = descend(folder, *args, "--engine", "interpret")
    one, two = (descend(folder, *args, "--engine", "dask", "--threads", count) for count in ("1", "2"))
    assert without(one) == without(two)
    assert one["theta"] == pytest.approx(local["theta"], rel=1e-12)


def test_a_worker_that_is_killed_changes_nothing(folder: Path) -> None:
    args = ("*.csv", *LONG, "--engine", "dask", "--threads", "2")
    whole = descend(folder, *args)
    process = begun(folder, *args)
    os.kill(workers(process)[0], signal.SIGKILL)
    found, err = ended(process)
    assert without(found) == without(whole)
    assert "was lost: its" in err
    assert "Traceback" not in err


@pytest.mark.slow
def test_a_file_that_is_gone_when_a_worker_is_lost_is_told(folder: Path, tmp_path: Path) -> None:
    for file in folder.glob("*.csv"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    process = begun(tmp_path, "*.csv", *LONG, "--engine", "dask", "--threads", "1")
    (tmp_path / "2.csv").unlink()
    os.kill(workers(process)[0], signal.SIGKILL)
    found, err = ended(process, Exit.USAGE)
    assert found["error"]["kind"] == "data"
    assert "2.csv" in err
    assert "Traceback" not in err


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A cluster that somebody else started: its process and its address."""
    text = (
        "import time\n"
        "from distributed import LocalCluster\n"
        "if __name__ == '__main__':\n"
        "    cluster = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)\n"
        "    print(cluster.scheduler_address, flush=True)\n"
        "    time.sleep(600)\n"
    )
    (tmp_path / "cluster.py").write_text(text)
    with subprocess.Popen(
        [sys.executable, "cluster.py"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        yield process, process.stdout.readline().decode().strip()
        process.kill()


@pytest.mark.slow
def test_a_scheduler_that_is_lost_leaves_a_run_that_goes_on(
    folder: Path, tmp_path: Path, scheduler: tuple[subprocess.Popen[bytes], str]
) -> None:
    cluster, address = scheduler
    whole = descend(folder, "*.csv", *LONG, "--engine", "dask", "--threads", "1")
    run = tmp_path / "run"
    process = begun(folder, "*.csv", *LONG, "--engine", "dask", "--scheduler", address, "--save", str(run))
    cluster.kill()
    found, err = ended(process, Exit.EXHAUSTED)
    assert found["error"]["kind"] == "cluster"
    assert "was lost" in err
    assert "--resume" in err
    assert "Traceback" not in err
    assert json.loads((run / "checkpoint.json").read_text())
    again = descend(folder, "--resume", str(run), "--scheduler", "local")
    assert without(again) == without(whole)


@pytest.mark.slow
def test_no_scheduler_is_told(folder: Path) -> None:
    found = descend(folder, "*.csv", "--engine", "dask", "--scheduler", "127.0.0.1:1", code=Exit.EXHAUSTED)
    assert "no scheduler answers at 127.0.0.1:1" in found["error"]["message"]
    found = descend(folder, "*.csv", "--engine", "dask", "--scheduler", "user:secret@host:1", code=Exit.USAGE)
    assert "secret" not in json.dumps(found)
    found = descend(folder, "*.csv", "--scheduler", "127.0.0.1:1", code=Exit.USAGE)
    assert found["error"]["hint"] == "add --engine dask, or leave --scheduler away"


@pytest.mark.parametrize("number", [pytest.param(signal.SIGINT, marks=pytest.mark.slow), signal.SIGTERM])
def test_an_interrupted_run_leaves_no_process(folder: Path, number: signal.Signals) -> None:
    process = begun(folder, "*.csv", *LONG, "--engine", "dask", "--threads", "2")
    children = workers(process)
    assert len(children) == 2
    process.send_signal(number)
    found, err = ended(process, Exit.INTERRUPTED if number == signal.SIGINT else Exit.TERMINATED)
    assert found["step"] >= 100
    assert "Traceback" not in err
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(Path(f"/proc/{pid}").exists() for pid in children)


@pytest.mark.slow
def test_a_dry_run_has_the_plan_of_partitions(folder: Path) -> None:
    plan = descend(folder, "*.csv", "--engine", "dask", "--threads", "2", "--dry-run")
    assert sum(worker["partitions"] for worker in plan["workers"]) == FILES
    assert sum(worker["partition_bytes"] for worker in plan["workers"]) == 8 * ROWS * FILES * (2 * 3 + 2)
    assert all(worker["memory_limit"] > 0 for worker in plan["workers"])
