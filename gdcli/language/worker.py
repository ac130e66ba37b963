"""Many formulas in one child: sympy is imported once, and the deadline holds for each formula.

A message is its length in 8 bytes and a pickle: (function, arguments) to the child, the answer of `budget` back.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import time
from collections.abc import Callable
from types import TracebackType
from typing import NoReturn, Self, TypeVar

from gdcli.errors import ExhaustedError
from gdcli.language.budget import USUAL, Budget, answered, fork, limit_time, outcome, send, settle

T = TypeVar("T")
_HEADER = 8


class Worker:
    """A child that computes one function call after the other, each within the budget.

    It is started by the first call, and replaced after one that met a limit. What runs out of memory in a child that
    has served before gets a second chance in a fresh one, so that no formula pays for those before it. Where the
    system cannot fork (Windows) the calls run in place, without limits.
    """

    def __init__(self, budget: Budget = USUAL) -> None:
        self._budget = budget
        self._child: int | None = None
        self._reader = self._writer = -1
        self._timed_out = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def run(self, function: Callable[..., T], /, *args: object) -> T:
        """function(*args), both picklable; the errors of `budget.within`."""
        if not hasattr(os, "fork"):
            return function(*args)
        fresh = self._child is None
        try:
            return self._once(function, args)
        except ExhaustedError:
            if fresh or self._timed_out:
                raise
        return self._once(function, args)

    def close(self) -> int:
        """End the child; its exit status."""
        if self._child is None:
            return 0
        child, self._child = self._child, None
        os.close(self._reader)
        os.close(self._writer)
        os.kill(child, signal.SIGKILL)
        return os.waitpid(child, 0)[1]

    def _once(self, function: Callable[..., T], args: tuple[object, ...]) -> T:
        self._timed_out = False
        if self._child is None:
            self._start()
        answer: bytes | None = b""
        try:
            answer = self._asked(pickle.dumps((function, args)))
            status = 0 if answer else self.close()
            self._timed_out = answer is None
            return outcome(answer, status, self._budget)
        except ExhaustedError:
            self.close()
            raise
        except BaseException:
            # Interrupted between question and answer: the next answer would be taken for this one's.
            if not answer:
                self.close()
            raise

    def _start(self) -> None:
        to_child, self._writer = os.pipe()
        self._reader, from_child = os.pipe()
        try:
            self._child = fork()
        except ExhaustedError:
            for end in (to_child, self._writer, self._reader, from_child):
                os.close(end)
            raise
        if self._child == 0:
            os.close(self._writer)
            os.close(self._reader)
            _serve(to_child, from_child, self._budget)
        os.close(to_child)
        os.close(from_child)

    def _asked(self, question: bytes) -> bytes | None:
        """The child's answer; nothing if it died, None if the deadline came first."""
        deadline = self._budget.deadline()
        try:
            send(self._writer, len(question).to_bytes(_HEADER) + question)
        except BrokenPipeError:
            return b""
        header = _received(self._reader, _HEADER, deadline)
        return _received(self._reader, int.from_bytes(header), deadline) if header else header


def _received(reader: int, size: int, deadline: float | None = None) -> bytes | None:
    """`size` bytes; fewer (nothing) at the end of the stream, None if the deadline comes first."""
    parts: list[bytes] = []
    while size:
        left = None if deadline is None else max(0.0, deadline - time.monotonic())
        if not select.select([reader], [], [], left)[0]:
            return None
        part = os.read(reader, min(size, 2**20))
        if not part:
            return b""
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _serve(reader: int, writer: int, budget: Budget) -> NoReturn:
    """The child's whole life: question, answer, until the parent goes away."""
    try:
        settle(budget.memory)
        while header := _received(reader, _HEADER):
            question = _received(reader, int.from_bytes(header)) or b""
            limit_time(budget.seconds)
            answer = answered(_called, (question,))
            send(writer, len(answer).to_bytes(_HEADER) + answer)
    finally:
        os._exit(0)


def _called(question: bytes) -> object:
    function, args = pickle.loads(question)
    return function(*args)
