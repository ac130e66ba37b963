"""Object code on disk: whole, the user's own and made once, or not used."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from gdcli.kernels.cache import derived
from gdcli.kernels.native.compiled import CompiledSteps
from gdcli.kernels.native.machine import Machine
from gdcli.kernels.native.model import Linear
from gdcli.kernels.native.store import MOST_FILES, SUFFIX, Store
from gdcli.kernels.native.tally import Tally
from gdcli.kernels.native.task import Task
from gdcli.kernels.native.update import Held

TASK = Task(derived("(p - y)^2/2", ("p", "y"), 2), Linear(2), np.ones((3, 2)), np.ones(3), np.zeros(2))


def made(folder: Path | None) -> Machine:
    """A machine that has made one loop."""
    machine = Machine(Store(folder))
    steps = CompiledSteps(TASK, machine)
    theta, tally = np.zeros(2), Tally(0.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    assert steps.advance(theta, np.zeros(2), np.zeros((1, 1), dtype=np.intp), np.ones(1), tally, Held()) == 1
    assert theta.tolist() == [1.0, 1.0]
    return machine


def the_file(folder: Path) -> Path:
    (found,) = folder.glob(f"*{SUFFIX}")
    return found


def test_a_second_machine_compiles_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "kernels"
    first, second = made(folder), made(folder)
    assert (first.compiled, second.compiled, second.loaded) == (1, 0, 1)
    assert first.store.note is second.store.note is None
    assert [path.name for path in folder.iterdir()] == [the_file(folder).name]


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "torn": lambda whole: whole[: len(whole) // 2],
    "empty": lambda whole: b"",
    "digest alone": lambda whole: whole.partition(b"\n")[0],
    "one bit": lambda whole: whole[:-100] + bytes([whole[-100] ^ 1]) + whole[-99:],
    "longer": lambda whole: whole + b"\0",
    "foreign": lambda whole: b"\x7fELF and so on\n" * 9,
    "not text": lambda whole: b"\xff" + whole,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_is_damaged_is_made_again(damage: str, tmp_path: Path) -> None:
    made(tmp_path)
    file = the_file(tmp_path)
    whole = file.read_bytes()
    file.write_bytes(DAMAGE[damage](whole))
    assert made(tmp_path).compiled == 1
    assert file.read_bytes() == whole
    assert made(tmp_path).compiled == 0


def test_code_of_another_text_or_processor_is_not_taken_for_this(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put("a" * 64, b"code")
    assert store.get("a" * 64) == b"code"
    (tmp_path / f"{'a' * 64}{SUFFIX}").rename(tmp_path / f"{'b' * 64}{SUFFIX}")
    assert store.get("b" * 64) is None


def test_a_file_that_others_may_write_to_is_not_used(tmp_path: Path) -> None:
    made(tmp_path)
    the_file(tmp_path).chmod(0o666)
    again = made(tmp_path)
    assert again.compiled == 1
    assert "others may write to it" in (again.store.note or "")


def test_without_a_folder_code_lives_as_long_as_the_process(tmp_path: Path) -> None:
    machine = made(None)
    assert machine.compiled == 1
    assert machine.store.note == "compiled code is not kept: there is no folder for it"
    # A file stands where the folder should.
    (tmp_path / "file").write_text("")
    blocked = made(tmp_path / "file" / "kernels")
    assert blocked.compiled == 1
    assert (blocked.store.note or "").startswith(f"compiled code is not kept: {tmp_path / 'file' / 'kernels'}: ")


def test_a_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(dir: Path) -> tuple[int, str]:
        raise PermissionError(13, "Permission denied", str(dir))

    monkeypatch.setattr("gdcli.kernels.native.store.tempfile.mkstemp", refuse)
    machine = made(tmp_path)
    assert machine.compiled == 1
    assert machine.store.note == f"compiled code is not kept: {tmp_path}: Permission denied"


def test_no_more_than_so_many_files_are_kept(tmp_path: Path) -> None:
    for n in range(MOST_FILES + 5):
        path = tmp_path / f"{n}{SUFFIX}"
        path.write_bytes(b"")
        os.utime(path, (n, n))
    Store(tmp_path).put("new", b"code")
    left = {path.name for path in tmp_path.iterdir()}
    assert len(left) == MOST_FILES
    assert f"new{SUFFIX}" in left
    assert f"0{SUFFIX}" not in left


PROGRAM = """
import sys
from pathlib import Path
from tests.kernels.native.test_store import made
print(made(Path(sys.argv[1])).compiled)
"""


def test_two_processes_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    for process in running:
        out, _ = process.communicate()
        assert process.returncode == 0
        assert out.strip() in ("0", "1")
    assert made(tmp_path).compiled == 0
    assert [path.name for path in tmp_path.iterdir()] == [the_file(tmp_path).name]
