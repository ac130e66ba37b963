"""The workers, a process for each library and number of threads, and races between their jobs in alternation."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

from tests.benchmarks.engine.data import Given, Outcome

LIBRARIES = ("gdcli", "numpy", "sklearn", "vowpalwabbit", "torch", "jax", "mlpack")
ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Entry:
    """A job of a library. `label` tells two of the same name apart, where their `given` differ."""

    library: str
    job: str
    given: Given
    label: str = ""

    @property
    def name(self) -> str:
        """What a worker keeps it as."""
        return f"{self.job}|{self.label}"


@dataclass
class Times:
    """Seconds of each round, and what the last one found."""

    seconds: list[float] = field(default_factory=list)
    found: Outcome | None = None

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.seconds)

    @property
    def least(self) -> float:
        """The best one: others on the machine only add."""
        return min(self.seconds)

    def over(self, base: Times) -> float:
        """How many times the base's time a row this took: the median of the rounds' own ratios."""
        scale = 1.0 if base.found is None or self.found is None else base.found.rows / self.found.rows
        return scale * statistics.median(a / b for a, b in zip(self.seconds, base.seconds, strict=True))


def library(name: str) -> Any:
    """The module of a library's jobs."""
    return import_module(f"tests.benchmarks.engine.peers.{name}")


def installed() -> list[str]:
    """The libraries there are."""
    return [name for name in LIBRARIES if find_spec(name)]


def environment(threads: int) -> dict[str, str]:
    """Variables by which all libraries keep to so many threads."""
    counts = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NPROC"), str(threads))
    alone = {"XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false"} if threads == 1 else {}
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    # What pip installs has its bytecode beside it; a source folder gets its own in the first run.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**inherited, **counts, **alone, "PYTHONPATH": path}


class Worker:
    """One process of worker.py."""

    def __init__(self, name: str, threads: int) -> None:
        # Closed by end().
        self._said = tempfile.TemporaryFile("w+")  # noqa: SIM115
        self._name = name
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.engine.worker", name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            text=True,
            env=environment(threads),
        )

    def ask(self, **order: Any) -> dict[str, Any]:
        """Send an order, wait for its answer. Raises RuntimeError with what the library said where it fails."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            self._said.seek(0)
            raise RuntimeError(f"{self._name} failed at {order}: {self._said.read()[-2000:]}")
        found: dict[str, Any] = json.loads(line)
        return found

    def end(self) -> None:
        """Let it end."""
        self._process.communicate()
        self._said.close()


class Crew:
    """Workers, started when they are first needed."""

    def __init__(self, rounds: int) -> None:
        self.rounds = rounds
        self._workers: dict[tuple[str, int], Worker] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers.values():
            worker.end()

    def race(self, entries: Sequence[Entry], times: int = 1) -> list[Times]:
        """Every entry once a round, in turn; each time is that of `times` runs, divided."""
        for entry in entries:
            self._worker(entry).ask(do="open", job=entry.name, given=entry.given.spec())
        found = [Times() for _ in entries]
        for _ in range(self.rounds):
            for entry, result in zip(entries, found, strict=True):
                told = self._worker(entry).ask(do="run", job=entry.name, times=times)
                result.seconds.append(told["seconds"])
                result.found = Outcome(told["vector"], told["rows"], told["intercept"])
        for worker in self._workers.values():
            worker.ask(do="close")
        return found

    def _worker(self, entry: Entry) -> Worker:
        key = entry.library, entry.given.threads
        if key not in self._workers:
            self._workers[key] = Worker(*key)
        return self._workers[key]
