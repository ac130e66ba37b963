"""How far a long work is, told to whoever watches it. The layers that work know no printer."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told at whatever pace the work goes: what a call costs is the watcher's matter."""

    def begin(self, doing: str, unit: str = "") -> None:
        """Something else is done now, counted in `unit` if it is counted at all."""

    def __call__(self, done: int, whole: int | None = None) -> None:
        """So much of it is done, of so much where that is known."""


class Unwatched:
    """Nobody looks."""

    def begin(self, doing: str, unit: str = "") -> None:
        """Nothing."""

    def __call__(self, done: int, whole: int | None = None) -> None:
        """Nothing."""


UNWATCHED = Unwatched()
BYTES = "B"
