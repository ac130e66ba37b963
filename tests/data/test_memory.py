"""Data larger than the memory they may take: read, standardised and drawn from under a limit that the system keeps."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from gdcli.data import room
from gdcli.data.room import blocks, release
from gdcli.data.sampling import SAMPLINGS, draw, gathered
from gdcli.data.scaling import standardise

# RLIMIT_DATA counts all private memory that can be written, touched or not; shared maps of files do not count.
LIMITED = """
import resource, sys, threading
import numpy as np
from gdcli.data import room, store
from gdcli.data.readers import _fast, _stream, csv, libsvm, ndjson, npy, read
from gdcli.data.scaling import standardise
def status(key):
    return int(next(line for line in open("/proc/self/status") if line.startswith(key)).split()[1]) << 10
threading.stack_size(1 << 20)
np.ones((300, 300)) @ np.ones((300, 300))
# The allocator of polars ends the process where it is refused memory: its peak is measured in another test.
_stream.parser = lambda size, delimiter: _fast.by_numpy
allowed = status("VmData") + int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_DATA, (allowed, allowed))
room.bound(int(sys.argv[2]) // 4)
data = read(sys.argv[1])
Z, scaling = standardise(data.X, True)
print(*data.X.shape, repr(float(Z[-1, 0])), repr(float(scaling.mean[0])))
"""
ROWS, WIDTH = 2_500_000, 8


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GDCLI_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path


def limited(path: Path, size: int) -> list[str]:
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
    command = [sys.executable, "-c", LIMITED, str(path), str(size)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_a_file_ten_times_the_memory(cache: Path) -> None:
    values = np.random.default_rng(0).normal(size=(ROWS, WIDTH))
    np.save(cache / "data.npy", values)
    found = limited(cache / "data.npy", values.nbytes // 10)
    Z, scaling = standardise(values[:, :-1], True)
    assert found[:4] == [str(ROWS), str(WIDTH - 1), repr(float(Z[-1, 0])), repr(float(scaling.mean[0]))]
    again = limited(cache / "data.npy", values.nbytes // 10)
    assert again[:4] == found[:4]


def test_text_in_bounded_memory(cache: Path) -> None:
    """The numbers take more than the limit, and so does each of the text and its records."""
    line = ",".join(repr(j / 7) for j in range(WIDTH)) + "\n"
    (cache / "data.csv").write_text(line * 1_200_000)
    assert (cache / "data.csv").stat().st_size > 128 << 20
    found = limited(cache / "data.csv", 48 << 20)
    assert found[:2] == ["1200000", str(WIDTH - 1)]


PEAK = """
import sys
import polars
from gdcli.data import store
from gdcli.data.readers import read
def peak():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) << 10
before = peak()
data = read(sys.argv[1])
store.settle()
print(*data.X.shape, peak() - before)
"""


@pytest.mark.slow
def test_polars_holds_pieces_only(cache: Path) -> None:
    """400 MB of text, 160 MB of numbers: the same memory as for any other size."""
    line = ",".join(f"{j / 7:.17f}" for j in range(20)) + "\n"
    with (cache / "data.csv").open("w") as file:
        for _ in range(1000):
            file.write(line * 1000)
    done = subprocess.run([sys.executable, "-c", PEAK, str(cache / "data.csv")], capture_output=True, check=True)
    rows, width, peak = map(int, done.stdout.split())
    assert (rows, width) == (1_000_000, 19)
    assert peak < 192 << 20


def test_room_is_a_file_where_memory_does_not_do(cache: Path) -> None:
    X = np.random.default_rng(1).normal(size=(50_000, 4))
    Z, scaling = standardise(X, True)
    try:
        room.bound(1000)
        Z_file, scaling_file = standardise(X, True)
    finally:
        room.bound(None)
    assert isinstance(Z_file.base, np.memmap)
    assert Z_file.tobytes() == Z.tobytes()
    assert scaling_file.scale.tobytes() == scaling.scale.tobytes()
    assert list((cache / "cache" / "tables").iterdir()) == []


def test_blocks_cover_every_row_once_and_give_pages_back(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.arange(3_000_000.0).reshape(-1, 3))
    X = np.asarray(np.load(tmp_path / "x.npy", mmap_mode="r"))

    def mapped() -> int:
        lines = Path("/proc/self/smaps").read_text().splitlines()
        start = next(i for i, line in enumerate(lines) if line.endswith("x.npy"))
        return int(next(line for line in lines[start:] if line.startswith("Rss:")).split()[1])

    assert sum(float(X[rows].sum()) for rows in blocks(X)) == X.sum()
    X.sum()
    assert mapped() > 10_000
    release(X[5:, 1:])
    assert mapped() == 0
    assert X[-1, -1] == 2_999_999.0
    assert [rows.stop - rows.start for rows in blocks(np.zeros((2, 1 << 20)))] == [1, 1]
    release(np.zeros(3))


@pytest.mark.parametrize("sampling", SAMPLINGS)
@pytest.mark.parametrize("batch", [1, 3])
def test_gathered_rows_are_those_drawn_in_the_order_of_the_draws(sampling: str, batch: int) -> None:
    X = np.random.default_rng(2).normal(size=(500, 3))
    y = np.arange(500.0)
    for _, rows in zip(range(3), draw(sampling, 500, batch, 7), strict=False):
        X_drawn, y_drawn = gathered(X, y, rows)
        assert X_drawn.tobytes() == X[rows].tobytes()
        assert y_drawn.tobytes() == y[rows].tobytes()
