"""Signals that wait for a moment at which they may unwind. Imports nothing of gdcli."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_LATER = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


@contextmanager
def deferred() -> Iterator[None]:
    """No signal is answered inside; those that come are answered behind it."""
    came: list[int] = []
    ours = threading.current_thread() is threading.main_thread()
    before = {number: signal.getsignal(number) for number in _LATER if ours}
    before = {number: handler for number, handler in before.items() if handler is not None}
    for number in before:
        signal.signal(number, lambda number, _: came.append(number))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for number in came:
            signal.raise_signal(number)
