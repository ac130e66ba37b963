"""How much is measured."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.engine.crew import Crew


@dataclass(frozen=True)
class Bench:
    """`rows` of 4 and of 20 numbers, a fifth as many of 100; `folder` is for files; an array that measures the
    memory has `stream` numbers."""

    crew: Crew
    folder: Path
    libraries: tuple[str, ...]
    rows: int
    stream: int

    @property
    def cache(self) -> Path:
        """What gdcli keeps between runs, away from the user's own."""
        return self.folder / "cache"

    def rows_of(self, width: int) -> int:
        """As many numbers of 100 a row as of 20."""
        return self.rows if width < 100 else self.rows // 5
