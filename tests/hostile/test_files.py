"""What is no file: devices, pipes, sockets, links that lead nowhere, streams and bombs without an end."""

from __future__ import annotations

import gzip
import os
import shlex
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from gdcli.data import room
from gdcli.data.readers import read
from gdcli.errors import DataError, ExhaustedError, Exit

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="devices, pipes and links of POSIX")
ROWS = "a,y\n1,2\n3,4\n5,5\n"


def refused(path: Path | str) -> DataError:
    with pytest.raises(DataError) as caught:
        read(str(path))
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/random", "/dev/null", "/dev/full"])
def test_a_device(device: str) -> None:
    assert refused(device).message == "this is a device, not a file"


def test_a_pipe_is_read_to_its_end(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(ROWS,))
    writer.start()
    data = read(str(pipe))
    writer.join()
    assert (data.X.tolist(), data.y.tolist()) == ([[1.0], [3.0], [5.0]], [2.0, 4.0, 5.0])


def test_links(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text(ROWS)
    (tmp_path / "good").symlink_to(tmp_path / "data.csv")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "nowhere").symlink_to(tmp_path / "absent")
    assert read(str(tmp_path / "good")).y.tolist() == [2.0, 4.0, 5.0]
    assert refused(tmp_path / "loop").message == "cannot be read: Too many levels of symbolic links"
    assert refused(tmp_path / "nowhere").message == "there is no such file"


def test_a_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as end:
        end.bind("socket")
        assert refused("socket").message.startswith("cannot be read: ")


@pytest.fixture
def little_memory() -> object:
    room.bound(4_000_000)
    yield
    room.bound(None)


def test_a_bomb(tmp_path: Path, little_memory: object) -> None:
    bomb = tmp_path / "bomb.csv.gz"
    with gzip.open(bomb, "wb") as out:
        out.write(b"a,y\n")
        for _ in range(100):
            out.write(b"1,2\n" * 65_536)
    with pytest.raises(ExhaustedError, match="is beyond 4 MB and goes on") as caught:
        read(str(bomb))
    assert caught.value.hint


def test_a_stream_without_end() -> None:
    line = f"yes 1,2,3 | {shlex.quote(sys.executable)} -m gdcli descend - --memory 20MB"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (Exit.EXHAUSTED, "")
    assert done.stderr.startswith("gdcli: error: standard input is beyond 5 MB and goes on\n  hint: ")
