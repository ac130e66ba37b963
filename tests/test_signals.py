"""Signals that wait."""

from __future__ import annotations

import signal
import threading

import pytest

from gdcli.signals import deferred


def test_a_signal_waits_until_the_end() -> None:
    seen: list[str] = []

    def handler(number: int, frame: object) -> None:
        seen.append("handled")
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, handler)

    def work() -> None:
        with deferred():
            signal.raise_signal(signal.SIGINT)
            seen.append("whole")

    try:
        with pytest.raises(KeyboardInterrupt):
            work()
        assert seen == ["whole", "handled"]
        assert signal.getsignal(signal.SIGINT) is handler
    finally:
        signal.signal(signal.SIGINT, before)


def test_another_thread_leaves_the_handlers_alone() -> None:
    handlers: list[object] = []

    def work() -> None:
        with deferred():
            handlers.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert handlers == [signal.getsignal(signal.SIGINT)]
