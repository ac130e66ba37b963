"""Bad surroundings: no home, no folder, no room, few files, little memory, strict warnings, odd clocks and terminals.

Which test keeps which fault, each by a real process unless it says (in process):

fault                              test
SIGINT, SIGTERM, SIGHUP anywhere   hostile/test_signals: ends_any_command_in_order, the_partial_result_is_whole,
                                   after_the_last_word; cli/test_progress: interrupted_at_any_work; cli/test_rate:
                                   an_interruption_ends_every_process; cli/test_keep: ctrl_c_in_a_terminal (pty)
SIGPIPE, the reader goes away      hostile/test_signals: a_reader_that_goes_away
stdin, stdout, stderr closed       cli/test_streams: without_stdin, reading_a_closed_stdin, is_no_success,
                                   without_stderr
stdout full                        cli/test_streams: is_no_success (/dev/full); here: full_disk_behind_the_output
disk full: files, runs, cache      here: full_disk_holds_no_half_file, full_disk_under_the_cache; (in process)
                                   keep/test_files: full_disk, data/test_store: full_disk, cli/test_report: full_disk
home absent or read-only           here: without_a_home
folder read-only or removed        here: a_folder_that_takes_no_file, in_a_folder_that_was_removed,
                                   what_a_removed_folder_cannot_hold
no terminal, TERM=dumb, LANG=C     here: a_dumb_terminal_and_a_plain_locale; cli/test_progress: none_on_a_dumb_terminal,
                                   ascii_where_the_locale_is_c (pty)
terminal resized, hung up          here: a_terminal_that_is_resized, a_terminal_that_hangs_up (pty)
clock jumps                        here: a_clock_that_jumps (in process)
two runs on one directory          keep/test_files: a_folder_in_use; data/test_store: write_and_clear_at_once;
                                   hostile/test_load: twenty_runs_on_one_cache
kill -9 and resume                 keep/test_kill: killed_and_resumed, again_and_again (200 moments, slow);
                                   data/test_store: a_process_killed_while_it_writes
memory limit                       here: little_memory; hostile/test_limits; descent/test_memory
few file descriptors               here: few_file_descriptors
PYTHONWARNINGS=error               here: strict_warnings_change_nothing
"""

from __future__ import annotations

import io
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gdcli.cli.app import main
from gdcli.cli.terminal import Terminal
from gdcli.errors import Exit
from tests.hostile.tables import write_table

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits and terminals of POSIX")
COMMANDS = (
    "grad x^2 --at 3",
    "curvature x^4+y^2",
    "minimize x^2 --from 3 -q",
    "descend line -q",
    "descend breast_cancer --method sgd --steps 50 -q",
    "descend iris3 --steps 3 -q",
    "rate line --steps 20 --seeds 2",
    "problems",
    "cache",
)


def shell(before: str, command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    line = f"{before} exec {shlex.quote(sys.executable)} -m gdcli {command}"
    return subprocess.run(
        ["bash", "-c", line], capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_strict_warnings_change_nothing(command: str) -> None:
    done = shell("", command, PYTHONWARNINGS="error", PYTHONDEVMODE="")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    "before",
    [
        "unset HOME XDG_CACHE_HOME GDCLI_CACHE_DIR;",
        "export HOME=/nonexistent; unset GDCLI_CACHE_DIR;",
        "export HOME=/proc;",
    ],
    ids=["none", "absent", "read-only"],
)
def test_without_a_home(before: str, command: str) -> None:
    done = shell(before, command, XDG_CACHE_HOME="")
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_in_a_folder_that_was_removed(command: str, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    done = shell(f"cd {shlex.quote(str(gone))}; rmdir {shlex.quote(str(gone))};", command)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("command", "cause"),
    [
        ("descend no.csv", "there is no such file"),
        ("descend line --save run", "cannot be written"),
        ("check --file c", "c"),
    ],
)
def test_what_a_removed_folder_cannot_hold(command: str, cause: str, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    done = shell(f"cd {shlex.quote(str(gone))}; rmdir {shlex.quote(str(gone))};", command)
    assert done.returncode == Exit.USAGE
    assert done.stderr.startswith("gdcli: error: ")
    assert cause in done.stderr


@pytest.mark.parametrize("files", [8, *(pytest.param(n, marks=pytest.mark.slow) for n in (6, 10, 16, 32))])
@pytest.mark.parametrize("command", COMMANDS)
def test_few_file_descriptors(command: str, files: int) -> None:
    """It works, or says what there is too little of."""
    done = shell(f"ulimit -n {files};", command)
    assert done.returncode in (Exit.DONE, Exit.EXHAUSTED)
    assert "Traceback" not in done.stderr
    assert ("Too many open files" in done.stderr or "no further process" in done.stderr) == (done.returncode != 0)


@pytest.mark.parametrize("kilobytes", [50_000, *(pytest.param(n, marks=pytest.mark.slow) for n in (30_000, 250_000))])
@pytest.mark.parametrize("command", COMMANDS)
def test_little_memory(command: str, kilobytes: int) -> None:
    """Below what numpy's own libraries take to be loaded (70 to 170 MB), OpenBLAS ends the process with its words."""
    done = shell(f"ulimit -v {kilobytes};", command)
    assert done.returncode in (Exit.DONE, Exit.EXHAUSTED), done.stderr
    assert "Traceback" not in done.stderr
    assert ("memory" in done.stderr) == (done.returncode != 0)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_dumb_terminal_and_a_plain_locale(command: str) -> None:
    done = shell("", command, TERM="dumb", LC_ALL="C", LANG="C", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert done.stdout.isascii()
    assert "\x1b" not in done.stdout + done.stderr


# Each with the file it writes.
WRITERS = (
    ("descend line -q --save {}", "run"),
    ("tangent x^2 --at 1 -q --plot {}", "a.svg"),
    ("descend line -q --plot {}", "a.png"),
    ("problems line --copy {}", "a.csv"),
)


@pytest.mark.parametrize(("command", "name"), WRITERS, ids=[name for _, name in WRITERS])
def test_a_full_disk_holds_no_half_file(command: str, name: str, tmp_path: Path) -> None:
    """A file that may not grow fails like a disk without room."""
    done = shell("ulimit -f 0;", command.format(shlex.quote(str(tmp_path / name))))
    assert done.returncode == Exit.EXHAUSTED
    assert f"{name}" in done.stderr
    assert "cannot be written: File too large" in done.stderr
    assert [path.name for path in tmp_path.rglob("*") if path.is_file() and path.name != "lock"] == []


@pytest.mark.parametrize("command", ["grad x^2", "descend line", "descend line --format ndjson", "rate line --steps 9"])
def test_a_full_disk_behind_the_output_is_no_success(command: str, tmp_path: Path) -> None:
    file = tmp_path / "out.txt"
    done = shell("ulimit -f 0;", f"{command} >{shlex.quote(str(file))}")
    assert done.returncode == Exit.EXHAUSTED
    assert done.stderr.startswith("gdcli: error: the output could not be written: File too large")
    assert file.read_bytes() == b""


def test_a_full_disk_under_the_cache_changes_no_answer(tmp_path: Path) -> None:
    table, cache = tmp_path / "large.csv", tmp_path / "cache"
    write_table(table, rows=100_000, columns=4)
    command = f"descend {shlex.quote(str(table))} --steps 2 --json -q"
    full = shell("ulimit -f 0;", command, GDCLI_CACHE_DIR=str(cache))
    assert full.returncode == 0, full.stderr
    assert [path for path in cache.rglob("*") if path.is_file()] == []
    room = shell("", command, GDCLI_CACHE_DIR=str(cache))
    timed = ("seconds", "times", "row_gradients_per_second", "choices", "data")
    found = [
        {key: value for key, value in json.loads(done.stdout).items() if key not in timed} for done in (full, room)
    ]
    assert found[0] == found[1]
    assert [path for path in cache.rglob("*") if path.is_file()]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="a folder that takes no file, not even root's")
@pytest.mark.parametrize(("command", "name"), WRITERS, ids=[name for _, name in WRITERS])
def test_a_folder_that_takes_no_file(command: str, name: str) -> None:
    done = shell("", command.format(f"/proc/{name}"))
    assert done.returncode == Exit.USAGE
    assert f"/proc/{name} cannot be written" in done.stderr
    assert "hint: name a f" in done.stderr


def test_a_clock_that_jumps() -> None:
    """Seconds back, an hour on, for ever the same: the run and its numbers are those of a steady clock."""
    ends = []
    for jump in (0.0, -5.0, 3600.0):
        ticks = iter(range(10**9))
        clock = lambda jump=jump, ticks=ticks: (tick := next(ticks)) + jump * (tick % 2)  # noqa: E731
        place = Terminal(io.BytesIO(), io.StringIO(), io.StringIO(), {}, 80, clock=clock)
        assert main(["descend", "diabetes", "--steps", "30", "--format", "csv"], place) == 0
        lines = place.stdout.getvalue().splitlines()  # type: ignore[attr-defined]
        header = lines[0].split(",")
        ends.append([[c for c, n in zip(line.split(","), header, strict=True) if n != "seconds"] for line in lines])
    assert ends[0] == ends[1] == ends[2]


def test_a_terminal_that_hangs_up() -> None:
    import pty

    primary, secondary = pty.openpty()
    args = [
        sys.executable,
        "-m",
        "gdcli",
        "descend",
        "diabetes",
        "--method",
        "sgd",
        "--steps",
        "100000000",
        "--gap",
        "0",
    ]
    process = subprocess.Popen(
        args, stdin=secondary, stdout=secondary, stderr=secondary, start_new_session=True, preexec_fn=own_terminal
    )
    os.close(secondary)
    os.read(primary, 100)
    time.sleep(0.5)
    os.close(primary)
    assert process.wait(timeout=30) in (Exit.HANGUP, Exit.PIPE, Exit.EXHAUSTED)


def own_terminal() -> None:
    """Make standard input the controlling terminal of this session, so that closing it sends SIGHUP."""
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def test_a_terminal_that_is_resized() -> None:
    import pty

    primary, secondary = pty.openpty()
    args = [sys.executable, "-m", "gdcli", "descend", "diabetes", "--method", "sgd", "--steps", "3000000", "--gap", "0"]
    with subprocess.Popen(args, stdout=secondary, stderr=subprocess.PIPE) as process:
        os.close(secondary)
        os.read(primary, 10)
        for _ in range(20):
            process.send_signal(signal.SIGWINCH)
            time.sleep(0.02)
        shown = b""
        while True:
            try:
                chunk = os.read(primary, 65536)
            except OSError:
                break
            shown += chunk
        assert process.wait(timeout=60) == 0
    os.close(primary)
    assert b"all steps are done" in shown
