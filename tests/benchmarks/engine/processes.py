"""Whole commands in alternation: seconds from start to end, and the most memory."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.benchmarks.engine.crew import Times, environment
from tests.benchmarks.engine.machine import cores

LAUNCH = Path(__file__).with_name("launch.py")


@dataclass
class Process(Times):
    """What a command took in each round, and what its last run printed."""

    memory: list[int] = field(default_factory=list)
    said: str = ""

    @property
    def peak(self) -> float:
        """Bytes, the middle of the rounds."""
        return statistics.median(self.memory)


def race(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, Process]:
    """After one run of each that is not counted: every command once a round, in turn."""
    found = {name: Process() for name in commands}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            told = run(name, command)
            if turn > 0:
                found[name].seconds.append(told["seconds"])
                found[name].memory.append(told["memory"])
                found[name].said = told["said"]
    return found


def run(name: str, command: Sequence[str]) -> dict[str, Any]:
    """Seconds, the most memory in bytes, and what it said. Raises RuntimeError where it failed."""
    done = subprocess.run(
        [sys.executable, "-S", str(LAUNCH), *command],
        capture_output=True,
        text=True,
        check=True,
        env=environment(cores()),
    )
    told: dict[str, Any] = json.loads(done.stdout)
    if told["code"] != 0:
        raise RuntimeError(f"{name} failed: {told['said'][-2000:]}")
    return told
