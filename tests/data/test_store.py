"""The store: a second run reads no text, a changed file is noticed, and nothing half written is ever used."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gdcli.data import source as sources
from gdcli.data import store
from gdcli.data.dataset import Dataset
from gdcli.data.readers import _fast, _stream, read
from gdcli.data.source import Print
from gdcli.data.store import arrays, manifest, place
from gdcli.errors import DataError

ROWS = 1000
PROGRAM = """
import sys
from gdcli.data import source, store
from gdcli.data.readers import read
source.LARGE = 1
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that is kept, older than the ticks of the file system's clock."""
    monkeypatch.setattr(sources, "LARGE", 1)
    monkeypatch.setattr(store, "_TICK_NS", 0)
    monkeypatch.setenv("GDCLI_CACHE_DIR", str(tmp_path / "cache"))
    return write(tmp_path / "data.csv", 1)


def write(path: Path, factor: int) -> Path:
    lines = [f"{i * factor % 97:02d},{i / 7:.6f},{'uv'[i % 2]},{(i * factor) % 5}" for i in range(ROWS)]
    path.write_text("a,b,w,y\n" + "\n".join(lines) + "\n")
    return path


def right(data: Dataset, factor: int = 1) -> bool:
    i = np.arange(ROWS)
    return (
        data.X[:, 0].tolist() == (i * factor % 97).tolist()
        and data.X[:, 2].tolist() == (i % 2).tolist()
        and data.y.tolist() == (i * factor % 5).tolist()
    )


def numbers(data: Dataset) -> str:
    """A hash of all bits: a map of a file that changes would change with it."""
    return hashlib.sha256(data.X.tobytes() + data.y.tobytes()).hexdigest()


def again(path: Path, **options: Any) -> tuple[Dataset, bool]:
    """Read once more; whether the text was parsed."""
    parsed = []
    with pytest.MonkeyPatch.context() as patch:
        scan = _stream.scan
        patch.setattr(_stream, "scan", lambda *args: parsed.append(args) or scan(*args))
        data = read(str(path), **options)
    store.settle()
    return data, bool(parsed)


def tables() -> list[str]:
    return sorted(path.name for path in place.folder().iterdir())


def test_the_second_run_parses_nothing_and_says_the_same(file: Path) -> None:
    first, parsed = again(file)
    assert parsed
    second, parsed = again(file)
    assert not parsed
    assert right(second)
    assert (first.X.tobytes(), first.y.tobytes()) == (second.X.tobytes(), second.y.tobytes())
    assert (first.origin, first.choices, first.columns) == (second.origin, second.choices, second.columns)
    assert len(tables()) == 3


def test_another_choice_of_columns_parses_nothing_either(file: Path) -> None:
    again(file)
    data, parsed = again(file, target="a", features=["y", "b"])
    assert not parsed
    assert data.y.tolist() == [i % 97 for i in range(ROWS)]
    assert data.X[:, 0].tolist() == [i % 5 for i in range(ROWS)]
    text, parsed = again(file, target="w", features=["a"])
    assert not parsed
    assert text.labels == ("u", "v")


def test_small_files_are_not_kept(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "LARGE", 1 << 20)
    assert right(read(str(file)))
    assert not place.folder().exists()


def keeping_times(path: Path) -> None:
    seen = path.stat()
    write(path, 3)
    os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))


def replaced(path: Path) -> None:
    seen = path.stat()
    other = write(path.with_name("other"), 3)
    os.utime(other, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    other.replace(path)


@pytest.mark.parametrize("change", [lambda path: write(path, 3), keeping_times, replaced])
def test_a_file_of_the_same_size_with_other_content_is_noticed(file: Path, change: Callable[[Path], object]) -> None:
    again(file)
    size = file.stat().st_size
    change(file)
    assert file.stat().st_size == size
    data, parsed = again(file)
    assert parsed
    assert right(data, 3)
    assert len(tables()) == 3, "the old arrays are gone"


def test_a_change_within_a_tick_of_the_clock_is_noticed(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_TICK_NS", 10**15)
    coarse = Print.of(file)
    monkeypatch.setattr(Print, "of", lambda _: coarse)
    again(file)
    assert not again(file)[1], "the content is the same"
    write(file, 3)
    data, parsed = again(file)
    assert parsed
    assert right(data, 3)


def test_a_touched_file_is_known_by_its_content(file: Path) -> None:
    again(file)
    os.utime(file)
    assert not again(file)[1]
    seen = manifest.load(next(place.folder().glob("*.json")))
    assert seen is not None
    assert seen.seen == Print.of(file)


def test_a_file_that_changes_while_it_is_read_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    absorb = store.Columns.absorb

    def meanwhile(self: store.Columns, block: Any) -> Any:
        with file.open("a") as stream:
            stream.write("1,2,u,3\n")
        return absorb(self, block)

    monkeypatch.setattr(store.Columns, "absorb", meanwhile)
    with pytest.raises(DataError, match="this file changed while it was read"):
        read(str(file))
    assert tables() == []


def odd(path: Path, text: str = "u") -> Path:
    """A column that is read again: its first hundred cells are numbers for the most part, and all of them texts."""
    cells = ["1" if i < 60 else text if i % 2 else "v" for i in range(ROWS)]
    path.write_text("a,w,y\n" + "".join(f"{i % 97},{cell},{i % 5}\n" for i, cell in enumerate(cells)))
    return path


def appended(path: Path) -> None:
    with path.open("a") as stream:
        stream.write("1,u,3\n")


def truncated(path: Path) -> None:
    os.truncate(path, path.read_bytes().index(b"\n", 5000) + 1)


def other(path: Path) -> None:
    odd(path.with_name("other"), "x").replace(path)


@pytest.mark.parametrize("kept", [False, True], ids=["first", "kept"])
@pytest.mark.parametrize("change", [appended, truncated, other])
def test_a_file_that_changes_between_two_passes_is_refused(
    change: Callable[[Path], None], kept: bool, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers come from the first pass, or the store, and texts from a second one."""
    odd(file)
    passes = _stream.again
    if kept:
        assert read(str(file)).X[:, 1:].sum(axis=0).tolist() == [470, 470]
        store.settle()

    def meanwhile(*args: Any) -> Any:
        change(file)
        return passes(*args)

    monkeypatch.setattr(_stream, "again", meanwhile)
    with pytest.raises(DataError, match="this file changed while it was read"):
        read(str(file))


@pytest.mark.parametrize("seed", range(40))
def test_one_bit_anywhere_in_an_entry_changes_no_number(seed: int, file: Path) -> None:
    """Each file of the store in turn: a bit turned, a stretch of zeros, two pages exchanged, an end cut off."""
    draw = random.Random(seed)
    before = numbers(again(file)[0])
    damaged = sorted(place.folder().iterdir())[seed % 3]
    raw = bytearray(damaged.read_bytes())
    at, length = draw.randrange(len(raw)), draw.randrange(1, 5000)
    if seed % 4 == 0:
        raw[at] ^= 1 << draw.randrange(8)
    elif seed % 4 == 1:
        raw[at : at + length] = bytes(len(raw[at : at + length]))
    elif seed % 4 == 2:
        raw = raw[at:] + raw[:at]
    else:
        raw = raw[:at]
    damaged.write_bytes(raw)
    assert numbers(again(file)[0]) == before
    assert not again(file)[1], "and it is mended"


def test_every_bit_of_an_array_counts(tmp_path: Path) -> None:
    """Of a file of many megabytes, too: the place does not matter, nor the order of what was exchanged."""
    draw, path = random.Random(3), tmp_path / "array"
    raw = bytearray(draw.randbytes(1_300_001))
    path.write_bytes(raw)
    found = arrays.checksum(path)
    for _ in range(60):
        at, bit = draw.randrange(len(raw)), 1 << draw.randrange(8)
        raw[at] ^= bit
        path.write_bytes(raw)
        assert arrays.checksum(path) != found
        raw[at] ^= bit
    for size in (8, 2048, 4096, 1 << 19):
        i, j = sorted(size * k for k in draw.sample(range(len(raw) // size), 2))
        path.write_bytes(raw[:i] + raw[j : j + size] + raw[i + size : j] + raw[i : i + size] + raw[j + size :])
        assert arrays.checksum(path) != found
    path.write_bytes(raw + b"\0")
    assert arrays.checksum(path) != found
    path.write_bytes(raw)
    assert arrays.checksum(path) == found


def damage(kind: str, folder: Path) -> None:
    json_file, rest = next(folder.glob("*.json")), next(folder.glob("*.rest.npy"))
    raw, text = bytearray(rest.read_bytes()), json_file.read_text()
    _, _, body = text.partition("\n")
    document = json.loads(body)
    match kind:
        case "array gone":
            rest.unlink()
        case "array short":
            rest.write_bytes(raw[:-8])
        case "array long":
            rest.write_bytes(raw + bytes(8))
        case "zeros from the middle":
            rest.write_bytes(raw[: len(raw) // 2] + bytes(len(raw) - len(raw) // 2))
        case "other header":
            rest.write_bytes(arrays.header((ROWS - 1, 3)) + raw[128:])
        case "a bit of the first page":
            raw[200] ^= 1
            rest.write_bytes(raw)
        case "a bit of the last page":
            raw[-1] ^= 1
            rest.write_bytes(raw)
        case "manifest empty":
            json_file.write_text("")
        case "manifest short":
            json_file.write_text(text[:-20])
        case "manifest changed":
            json_file.write_text(text.replace('"rows": 1000', '"rows": 1001'))
        case "manifest in bytes":
            json_file.write_bytes(b"\xff\xfe\0")
        case _:
            changes: dict[str, dict[str, object]] = {
                "another format": {"format": 0},
                "a key more": {"more": 1},
                "a path as a name": {"rest": "../" + document["rest"]},
                "an aside that is none": {"aside": 9},
                "no list": {"names": 3},
                "another path": {"path": "/elsewhere"},
                "more rows": {"rows": 2000},
            }
            body = json.dumps(document | changes[kind])
            json_file.write_text(f"{manifest._digest(body)}\n{body}\n")


KINDS = [
    *("array gone", "array short", "array long", "zeros from the middle", "other header", "a bit of the first page"),
    *("a bit of the last page", "manifest empty", "manifest short", "manifest changed", "manifest in bytes"),
    *("another format", "a key more", "a path as a name", "an aside that is none", "no list", "another path"),
    "more rows",
]


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_entry_is_not_used(kind: str, file: Path) -> None:
    again(file)
    damage(kind, place.folder())
    data, parsed = again(file)
    assert parsed
    assert right(data)
    assert not again(file)[1], "and it is mended"


def test_a_folder_that_cannot_be_written_is_a_note(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A file where the folder should be: not even root can make a folder in it.
    monkeypatch.setenv("GDCLI_CACHE_DIR", str(file))
    data, _ = again(file)
    assert right(data)
    assert data.choices[0] == f"not kept for the next run: {file / 'tables'} cannot be written (Not a directory)"


@pytest.mark.parametrize("writes", [0, 1, 2, 3, 5, 6, 7])
def test_a_full_disk_is_a_note(writes: int, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = [writes]
    write_whole = arrays.Growing._write

    def fill(self: arrays.Growing, data: Any) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write_whole(self, data)

    monkeypatch.setattr(arrays.Growing, "_write", fill)
    monkeypatch.setitem(_stream._PIECES, _fast.by_numpy, 8000)
    data, _ = again(file)
    assert right(data)
    assert "No space left on device" in data.choices[0]
    assert tables() == []


def test_a_disk_that_fails_at_the_end_keeps_nothing(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(store, "flush", fail)
    data, _ = again(file)
    assert right(data)
    assert tables() == []


def test_what_was_used_longest_ago_goes_first(file: Path, tmp_path: Path) -> None:
    paths = [write(tmp_path / f"{i}.csv", 1) for i in range(3)]
    for path in paths:
        again(path)
    for age, entry in enumerate(place.entries()):
        os.utime(entry.file, (1e9 + age, 1e9 + age))
    used = next(entry for entry in place.entries() if entry.manifest.path == str(paths[0]))
    again(paths[0])
    place.set_limit(2 * used.size)
    kept = [entry.manifest.path for entry in place.entries()]
    assert kept[0] == str(paths[0])
    assert len(kept) == 2
    assert len(tables()) == 2 * 3 + 1


def test_a_table_beyond_the_limit_is_not_kept(file: Path) -> None:
    place.set_limit(100)
    data, _ = again(file)
    assert right(data)
    assert any("more than the cache may take; see gdcli cache --limit" in choice for choice in data.choices)
    assert tables() == ["limit"]
    assert right(data), "the map outlives the file's name"


def test_a_limit_that_cannot_be_read_is_the_usual_one(file: Path) -> None:
    place.folder().mkdir(parents=True)
    (place.folder() / "limit").write_text("much")
    assert place.limit() == place.LIMIT


def test_clearing_takes_nothing_from_a_run_under_way(file: Path) -> None:
    data, _ = again(file)
    place.clear()
    assert tables() == []
    assert right(data)


def process(program: str, *args: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", PROGRAM + program, *args], stdout=subprocess.PIPE, text=True)


SLOW = """
import time
absorb = store.Columns.absorb
def slow(self, block):
    found = absorb(self, block)
    print("writing", flush=True)
    time.sleep({blocks})
    return found
store.Columns.absorb = slow
flush = store.flush
def slow_flush(*paths):
    print("flushing", flush=True)
    time.sleep({flush})
    flush(*paths)
store.flush = slow_flush
read(sys.argv[1])
store.settle()
"""


@pytest.mark.parametrize(("blocks", "flush", "word"), [(60, 0, "writing"), (0, 60, "flushing")])
def test_a_process_killed_while_it_writes_leaves_nothing_that_is_used(
    blocks: int, flush: int, word: str, file: Path
) -> None:
    child = process(SLOW.format(blocks=blocks, flush=flush), str(file))
    assert child.stdout is not None
    while child.stdout.readline().strip() != word:
        assert child.poll() is None
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert len(tables()) == 2, "arrays without a manifest"
    data, parsed = again(file)
    assert parsed
    assert right(data)
    assert not again(file)[1]
    orphans = [path for path in place.folder().glob("*.npy") if f".{child.pid}-" in path.name]
    assert len(orphans) == 2
    for path in orphans:
        os.utime(path, (1e9, 1e9))
    place.shrink(place.LIMIT)
    assert len(tables()) == 3


RACE = """
import os
for _ in range(int(sys.argv[2])):
    data = read(sys.argv[1])
    i = data.X[:, 1] * 7
    assert len(data.y) == 1000 and abs(i - i.round()).max() < 1e-4, "torn"
    store.settle()
    if sys.argv[3] == "touch":
        store.place.clear() if os.getpid() % 2 else os.utime(sys.argv[1])
print("whole")
"""


@pytest.mark.parametrize("act", ["read", "touch"])
def test_processes_that_write_and_clear_at_once_see_whole_tables(act: str, file: Path) -> None:
    children = [process(RACE, str(file), "15", act) for _ in range(4)]
    assert [child.communicate(timeout=120)[0].strip() for child in children] == ["whole"] * 4
    data, _ = again(file)
    assert right(data)


def test_the_process_waits_for_what_it_keeps(file: Path) -> None:
    child = process(SLOW.format(blocks=0, flush=0.3).replace("store.settle()", ""), str(file))
    child.communicate(timeout=60)
    assert child.returncode == 0
    started = time.monotonic()
    assert not again(file)[1]
    assert time.monotonic() - started < 10
