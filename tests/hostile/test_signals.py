"""SIGINT, SIGTERM, SIGHUP and a reader that goes away, at any moment of any command, in real processes."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gdcli.errors import Exit
from tests.hostile.tables import write_table

SIGNALS = {
    signal.SIGINT: Exit.INTERRUPTED,
    signal.SIGTERM: Exit.TERMINATED,
    **({signal.SIGHUP: Exit.HANGUP} if hasattr(signal, "SIGHUP") else {}),
}
LONG = ("--steps", "100000000", "--gap", "0")
# Commands that go on for seconds, each busy in a way of its own.
BUSY = {
    "descend": ("descend", "diabetes", *LONG),
    "sgd": ("descend", "diabetes", "--method", "sgd", *LONG),
    "interpreted": ("descend", "diabetes", "--engine", "interpret", *LONG),
    "formula model": ("descend", "diabetes", "--model", "a*exp(b*bmi/100) + c*s5", *LONG),
    "reading": ("descend", "large.csv", *LONG),
    "saving": ("descend", "diabetes", "--method", "adam", "--save", "run", *LONG),
    "rate": ("rate", "diabetes", "--steps", "3000000", "--seeds", "8"),
    "minimize": ("minimize", "(1-x)^2 + 100(y-x^2)^2", "--from", "-1.2,1", "--eta", "1e-5", "--steps", "100000000"),
    "grad": ("grad", "^".join(["(x+y+1)"] * 3) + "+ sin(" * 30 + "x" + ")" * 30, "--timeout", "60"),
    "check": ("check", "--file", "claims.txt"),
}
MOMENTS = 6
# A terminal that hangs up is answered as SIGTERM is: mostly in the slow sweep.
EVERY = [
    pytest.param(number, marks=[pytest.mark.slow] * (number.name == "SIGHUP"), id=number.name) for number in SIGNALS
]
pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="looks into /proc")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("busy")
    write_table(folder / "large.csv", rows=300_000, columns=10)
    (folder / "claims.txt").write_text("sin(x)^2 cos(x y) => x, y\n" * 2_000)
    return folder


def stopped(args: tuple[str, ...], number: int, after: float, folder: Path) -> tuple[int, bytes, bytes]:
    process = subprocess.Popen(
        [sys.executable, "-m", "gdcli", *args], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    wait_for_handlers(process)
    time.sleep(after)
    if process.poll() is None:
        process.send_signal(number)
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def wait_for_handlers(process: subprocess.Popen[bytes]) -> None:
    """Until gdcli's own handlers are in place: before that the interpreter itself is being loaded."""
    status = Path(f"/proc/{process.pid}/status")
    while process.poll() is None:
        caught = next((line for line in status.read_text().splitlines() if line.startswith("SigCgt:")), "SigCgt: 0")
        if int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1:
            return
        time.sleep(0.005)


@pytest.mark.parametrize("moments", [1, pytest.param(MOMENTS, marks=pytest.mark.slow)])
@pytest.mark.parametrize("number", EVERY)
@pytest.mark.parametrize("name", BUSY)
def test_a_signal_ends_any_command_in_order(
    name: str, number: signal.Signals, moments: int, folder: Path, tmp_path: Path
) -> None:
    draw = random.Random(f"{name} {number} {moments}")
    for moment in (draw.uniform(0.0, 1.0) for _ in range(moments)):
        for file in folder.iterdir():
            (tmp_path / file.name).unlink(missing_ok=True)
            (tmp_path / file.name).symlink_to(file)
        place = tmp_path / str(moment)
        place.mkdir()
        args = tuple(str(place / "run") if word == "run" else word for word in BUSY[name])
        code, out, err = stopped(args, number, moment, tmp_path)
        assert code in (SIGNALS[number], Exit.DONE, Exit.NOT_MET), (moment, err)
        assert b"Traceback" not in err
        assert b"Exception" not in err
        check_saved(place / "run")
        if out:
            assert out.endswith(b"\n")


def check_saved(run: Path) -> None:
    """A saved run is whole: every file of JSON is, and nothing is left of one that was being written."""
    if run.exists():
        for file in run.iterdir():
            assert file.suffix != ".part"
            if file.suffix == ".json":
                json.loads(file.read_text())


@pytest.mark.parametrize("format", ["json", "ndjson"])
@pytest.mark.parametrize("number", EVERY)
def test_the_partial_result_is_whole(format: str, number: signal.Signals, folder: Path) -> None:
    args = ("descend", "diabetes", "--method", "sgd", *LONG, "--format", format)
    code, out, _ = stopped(args, number, 1.0, folder)
    assert code == SIGNALS[number]
    last = json.loads(out if format == "json" else out.splitlines()[-1])
    assert last["step"] > 0
    assert last["gap_lower"] <= last["gap"] <= last["gap_upper"]
    assert "interrupted" in last["stopped"]


@pytest.mark.parametrize("name", ["descend", "minimize", "check"])
def test_a_reader_that_goes_away_is_told_nothing(name: str, folder: Path) -> None:
    args = [sys.executable, "-m", "gdcli", *BUSY[name], *(("--every", "1") if name != "check" else ())]
    with subprocess.Popen(args, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == Exit.PIPE


@pytest.mark.parametrize("wait", [0.0, 0.002, 0.005, 0.01, 0.02])
def test_a_signal_after_the_last_word_changes_nothing(wait: float, tmp_path: Path) -> None:
    args = [sys.executable, "-m", "gdcli", "grad", "sin(x)"]
    with subprocess.Popen(args, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        while b"rules:" not in process.stdout.readline():
            pass
        time.sleep(wait)
        process.send_signal(signal.SIGTERM)
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) in (Exit.DONE, Exit.TERMINATED)
