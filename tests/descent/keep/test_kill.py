"""Real processes, killed at random moments and resumed, end to the bit like one that was never killed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from gdcli.descent.method import names
from tests.descent.keep.runs import begin, content, go, write

# A checkpoint before every stride of steps, so that there are many to be killed in.
PROGRAM = """
import sys
from gdcli.descent.keep import keeper
from gdcli.descent.loops import watched
keeper.EVERY, keeper.SHARE, watched.SHORT = 0.0, 1e9, 1e-3
from gdcli.__main__ import run
sys.exit(run(sys.argv[1:]))
"""
STEPS = 600
FEW = ("gd", "sgd", "saga", "adam", "lbfgs")


def arguments(method: str, data: Path, folder: Path) -> list[str]:
    if (folder / "manifest.json").exists():
        return ["descend", "--resume", str(folder), "-q"]
    options = ["--method", method, "--steps", str(STEPS), "--gap", "0", "--every", "10", "-q"]
    return ["descend", str(data), *options, "--save", str(folder)]


def kill_until_done(method: str, data: Path, folder: Path, draw: random.Random, kills: int) -> int:
    """Run, kill, resume, kill, ...; at last run to the end. How many kills met a run that had begun."""
    met = 0
    for _ in range(kills):
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *arguments(method, data, folder)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        deadline = time.monotonic() + 60.0
        while process.poll() is None and not (folder / "steps.ndjson").exists() and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(draw.uniform(0.0, 0.5))
        process.send_signal(signal.SIGKILL)
        _, err = process.communicate(timeout=60)
        assert process.returncode in (0, -signal.SIGKILL), err.decode()
        met += process.returncode == -signal.SIGKILL and (folder / "checkpoint.json").exists()
    last = [sys.executable, "-m", "gdcli", *arguments(method, data, folder)]
    done = subprocess.run(last, capture_output=True, text=True, check=False, env={**os.environ, "NO_COLOR": "1"})
    assert done.returncode == 0, done.stderr
    return met


def expected(method: str, data: Path, folder: Path) -> dict[str, Any]:
    go(begin(data, folder, method=method, steps=STEPS, gap=0.0, every=10))
    return content(folder)


@pytest.mark.parametrize("method", FEW)
def test_killed_and_resumed(method: str, tmp_path: Path) -> None:
    data = write(tmp_path / "data.csv", rows=60)
    kill_until_done(method, data, tmp_path / "run", random.Random(method), 2)
    assert content(tmp_path / "run") == expected(method, data, tmp_path / "whole")


@pytest.mark.slow
@pytest.mark.parametrize("method", names())
def test_killed_and_resumed_again_and_again(method: str, tmp_path: Path) -> None:
    """Two hundred kills over all methods."""
    data, draw, met = write(tmp_path / "data.csv", rows=60), random.Random(f"slow {method}"), 0
    whole = expected(method, data, tmp_path / "whole")
    for attempt in range(3):
        folder = tmp_path / str(attempt)
        met += kill_until_done(method, data, folder, draw, 4)
        assert content(folder) == whole
    assert met > 0
