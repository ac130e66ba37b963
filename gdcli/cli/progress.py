"""How far a long work is, on one line of stderr that is gone when it is done.

Our own and not rich's: its live display hides the cursor and stands before stdout and stderr until it is left in order,
which a signal may prevent, and it is 50 ms of imports. Here a line is written whole or not at all, by this process
alone (no thread), and nothing is to be put back.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Self

from gdcli.cli.meter import Meter, line
from gdcli.cli.terminal import Terminal

# Seconds before anything is said, between two lines, and between two looks at the clock.
PATIENCE, BETWEEN, BEAT = 1.0, 0.1, 0.25
# To the first column, and all away from there on: also a line that a narrower window has broken in two.
AWAY = "\r\x1b[J"


class Progress:
    """For people alone: where the terminal is animated, from the second second on.

    Inside `with` a timer of the system, where there is one, keeps the line up to date between two calls.
    """

    def __init__(self, place: Terminal) -> None:
        self._place = place
        self.shows = place.animated
        self._meter = Meter("", "", place.clock())
        self._next = place.clock() + PATIENCE
        self._drawn = ""
        self._busy = False

    def begin(self, doing: str, unit: str = "") -> None:
        """Another work begins."""
        if self.shows:
            with self.away():
                self._meter = Meter(doing, unit, self._place.clock())

    def __call__(self, done: int, whole: int | None = None) -> None:
        """So much is done."""
        if self.shows:
            self._meter.at(done, whole, self._place.clock())
            self._draw()

    @contextlib.contextmanager
    def away(self) -> Iterator[None]:
        """Without the line, for as long as something else is written."""
        before, self._busy = self._busy, True
        try:
            if self._drawn:
                self._drawn = ""
                self._put(AWAY)
            yield
        finally:
            self._busy = before

    def __enter__(self) -> Self:
        self._place.above = self.away
        self._former = _every(BEAT, self._beat) if self.shows else None
        return self

    def __exit__(self, *_: object) -> None:
        if self._former is not None:
            _never(self._former)
        with self.away():
            self.shows = False

    def _beat(self, number: int, frame: FrameType | None) -> None:
        self._draw()

    def _draw(self) -> None:
        """The line, if it is time; not in the middle of another one."""
        now = self._place.clock()
        if self._busy or now < self._next or not self._meter.doing:
            return
        with self._held():
            self._next = now + BETWEEN
            text = line(self._meter, now, self._columns() - 1, _has_blocks(self._place))
            if text != self._drawn:
                self._drawn = text
                # The cursor stays in front: wherever a window that changes puts the line, its begin is known.
                self._put(f"{AWAY}{text}\r")

    @contextlib.contextmanager
    def _held(self) -> Iterator[None]:
        self._busy = True
        try:
            yield
        finally:
            self._busy = False

    def _columns(self) -> int:
        """How wide stderr is now."""
        try:
            return os.get_terminal_size(self._place.stderr.fileno()).columns or self._place.width
        except (OSError, ValueError):
            return self._place.width

    def _put(self, text: str) -> None:
        # A terminal that is gone is no reason to stop the work.
        with contextlib.suppress(OSError):
            self._place.stderr.write(text)
            self._place.stderr.flush()


def _has_blocks(place: Terminal) -> bool:
    """Whether the terminal can show more than ASCII: Python takes a locale C for UTF-8, the user may not."""
    locale = place.environ.get("LC_ALL") or place.environ.get("LANG") or ""
    encoding = getattr(place.stderr, "encoding", None) or "ascii"
    return locale not in ("C", "POSIX") and encoding.lower().replace("-", "") == "utf8"


def _every(seconds: float, call: signal._HANDLER) -> signal._HANDLER:
    """Call it every so many seconds, between two operations of Python; what to put back afterwards."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        return None
    former = signal.signal(signal.SIGALRM, call)
    signal.siginterrupt(signal.SIGALRM, False)
    signal.setitimer(signal.ITIMER_REAL, seconds, seconds)
    return former


def _never(former: signal._HANDLER) -> None:
    signal.setitimer(signal.ITIMER_REAL, 0.0)
    signal.signal(signal.SIGALRM, former)
