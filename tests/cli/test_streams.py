"""Streams that are closed, full or of another encoding: an exit code that tells the truth, and no traceback."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

UNWRITABLE = [">&-", "<&- >&-", *(f">{full}" for full in ["/dev/full"] if Path(full).exists())]


def shell(arguments: str, redirection: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    line = f"{shlex.quote(sys.executable)} -m gdcli {arguments} {redirection}"
    return subprocess.run(
        ["/bin/sh", "-c", line], capture_output=True, check=False, env={**os.environ, "NO_COLOR": "1", **environment}
    )


@pytest.mark.parametrize("arguments", ["grad x^2", "descend line -q", "problems", "--help", "--version"])
def test_without_stdin_everything_works(arguments: str) -> None:
    done = shell(arguments, "<&-")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout


def test_reading_a_closed_stdin_is_reading_nothing() -> None:
    done = shell("descend -", "<&-")
    assert done.returncode == 2
    assert b"standard input: there are no data" in done.stderr


@pytest.mark.parametrize("arguments", ["grad x^2", "grad x --json", "descend line", "problems", "--help", "--version"])
@pytest.mark.parametrize("redirection", UNWRITABLE)
def test_output_that_could_not_be_written_is_no_success(arguments: str, redirection: str) -> None:
    done = shell(arguments, redirection)
    assert done.returncode == 4
    assert done.stderr.startswith(b"gdcli: error: the output could not be written: ")
    assert done.stderr.count(b"\n") == 1


def test_without_stderr_the_result_and_the_exit_code_stay() -> None:
    assert shell("grad x^2", "2>&-").stdout.startswith(b"f(x) = x**2\n")
    assert shell("grad 'x^'", "2>&-").returncode == 2
    assert shell("grad x", "<&- >&- 2>&-").returncode == 4


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_what_an_encoding_cannot_hold_is_escaped_and_stays_json(encoding: str) -> None:
    done = shell("grad '\u0445^2' --json", "", PYTHONIOENCODING=encoding)
    assert done.returncode == 2
    assert json.loads(done.stdout.decode(encoding))["error"]["message"].startswith("'\u0445' is not a Latin letter")
    assert b"Traceback" not in done.stderr


def test_an_escape_of_two_units_is_json_too() -> None:
    table = b"\xf0\x9f\x8c\xa1,\xc3\xa9t\xc3\xa9\n1,2\n2,3\n3,5\n"
    line = [sys.executable, "-m", "gdcli", "descend", "-", "--json", "-q"]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    piped = subprocess.run(line, input=table, capture_output=True, check=True, env=environment)
    document = json.loads(piped.stdout)
    assert (document["target"], document["columns"]) == ("\u00e9t\u00e9", ["\U0001f321"])
