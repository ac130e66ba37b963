"""How far a long work is, on one line of stderr that is gone when it is done."""

from __future__ import annotations

from gdcli.cli.terminal import Terminal

# Seconds before anything is said, and between two lines.
PATIENCE, BETWEEN = 1.0, 0.1


class Progress:
    """For people alone: where stderr is a terminal, the format is text, and the work takes more than a second."""

    def __init__(self, place: Terminal, noun: str) -> None:
        self._place, self._noun = place, noun
        self._shows = place.stderr.isatty() and place.format == "text" and not place.quiet
        self._next = place.clock() + PATIENCE
        self._length = 0

    def __call__(self, done: int, whole: int) -> None:
        """Say it, if it is time."""
        if self._shows and self._place.clock() >= self._next:
            self._next = self._place.clock() + BETWEEN
            self._write(f"{done} of {whole} {self._noun}")

    def clear(self) -> None:
        """Take the line away."""
        if self._length:
            self._write("")
            self._length = 0

    def _write(self, text: str) -> None:
        self._place.stderr.write(f"\r{text.ljust(self._length)}" + ("" if text else "\r"))
        self._place.stderr.flush()
        self._length = len(text)
