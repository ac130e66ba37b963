"""Work on a user's formula under a deadline and a memory limit that hold even inside C code.

An alarm does not interrupt big-number arithmetic; killing a forked child does, and costs 8 ms.
"""

from __future__ import annotations

import faulthandler
import gc
import os
import pickle
import select
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, Self, TypeVar

from gdcli import sizes
from gdcli.errors import DomainError, ExhaustedError, GdcliError, lacks_memory
from gdcli.language.recursion import FRAMES

T = TypeVar("T")
_TIME_HINT = "simplify the formula, or allow more time with --timeout"
_SIZE_HINT = "simplify the formula, or choose a point where it is smaller"
_REAL_HINT = "every variable and every value here is real"
_NOT_REAL = ("Invalid comparison of non-real", "Invalid NaN comparison")
_MEMORY_HINT = "simplify the formula, or allow more memory with --memory"
_DEPTH_HINT = "simplify the formula"
# Seconds; the system waits for no centuries.
_LONGEST = 1e9


@dataclass(frozen=True, slots=True)
class Budget:
    """What the work on one formula may take: seconds, and bytes beyond those that the process has already."""

    seconds: float = 10.0
    memory: int = 2 * 2**30

    @classmethod
    def of(cls, seconds: float, memory: str | None) -> Self:
        """With a size such as "500MB"; None: the usual memory."""
        return cls(seconds) if memory is None else cls(seconds, sizes.size(memory))

    def deadline(self) -> float:
        """When the time is over that begins now, by the monotonic clock."""
        return time.monotonic() + min(self.seconds, _LONGEST)


USUAL = Budget()


def within(function: Callable[..., T], /, *args: object, budget: Budget = USUAL) -> T:
    """function(*args), computed in a forked child that keeps to the budget.

    The result must be picklable. ExhaustedError where a limit is met or the child crashes; any exception of the
    function is raised here, with the child's traceback as a note. Where the system cannot fork (Windows) the
    function runs in place, without limits.
    """
    if not hasattr(os, "fork"):
        return function(*args)
    reader, writer = os.pipe()
    try:
        child = fork()
    except ExhaustedError:
        os.close(reader)
        os.close(writer)
        raise
    if child == 0:
        os.close(reader)
        _work(writer, function, args, budget)
    os.close(writer)
    try:
        answer = _read(reader, budget.deadline())
    finally:
        os.close(reader)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    return outcome(answer, status, budget)


def fork() -> int:
    """os.fork(), without a word about threads. Raises ExhaustedError where no process can be had."""
    with warnings.catch_warnings():
        # Python 3.12 warns of forking beside threads: the child touches no lock of theirs, and the deadline bounds it.
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            return os.fork()
        except OSError:
            raise ExhaustedError("no further process could be started", hint="close other programs") from None


def _read(reader: int, deadline: float) -> bytes | None:
    """Everything the child writes, None if the deadline comes first."""
    parts: list[bytes] = []
    while (left := deadline - time.monotonic()) > 0:
        ready, _, _ = select.select([reader], [], [], left)
        if ready:
            part = os.read(reader, 2**20)
            if not part:
                return b"".join(parts)
            parts.append(part)
    return None


def outcome(answer: bytes | None, status: int, budget: Budget) -> T:  # type: ignore[type-var]
    """What a child answered: its value, or its error raised. None: the deadline came first; nothing: it crashed."""
    if answer is None:
        raise ExhaustedError(f"the formula was not done within {budget.seconds:g} s", hint=_TIME_HINT)
    if not answer:
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
            raise ExhaustedError("the formula took too much time", hint=_TIME_HINT)
        allowed = sizes.written(budget.memory)
        message = f"the computation broke down (out of its {allowed} of memory, or a number beyond all bounds)"
        raise ExhaustedError(message, hint=_MEMORY_HINT)
    done, value = pickle.loads(answer)
    if isinstance(value, MemoryError):
        message = f"the formula needs more memory than the {sizes.written(budget.memory)} it may take"
        raise ExhaustedError(message, hint=_MEMORY_HINT)
    if not done:
        raise value
    return value  # type: ignore[no-any-return]


def _work(writer: int, function: Callable[..., object], args: tuple[object, ...], budget: Budget) -> NoReturn:
    """The child's whole life: it never returns and runs no handler of the parent."""
    try:
        settle(budget.memory)
        limit_time(budget.seconds)
        # The child is short-lived: collecting would only touch, and so copy, the parent's pages.
        gc.disable()
        send(writer, answered(function, args))
    finally:
        os._exit(0)


def settle(memory: int) -> None:
    """Make a child of this process a worker: default signals, room to recurse, a bound on its memory."""
    import resource

    # A crash here is reported by the parent, in a sentence.
    faulthandler.disable()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    sys.setrecursionlimit(max(sys.getrecursionlimit(), FRAMES))
    # Numbers are bounded by their bits, before any of them is printed.
    sys.set_int_max_str_digits(0)
    statm = Path("/proc/self/statm")
    pages = list(map(int, statm.read_text().split())) if statm.exists() else [0] * 6
    # Addresses, and what of them can be written: malloc's arenas hold addresses in reserve.
    for kind, taken in ((resource.RLIMIT_AS, pages[0]), (resource.RLIMIT_DATA, pages[5])):
        _limit(kind, taken * resource.getpagesize() + memory)
    _limit(resource.RLIMIT_CORE, 0)


def limit_time(seconds: float) -> None:
    """Let this process use the processor for `seconds` from now on; the wall clock is the parent's to watch."""
    import resource

    _limit(resource.RLIMIT_CPU, time.process_time() + seconds + 2)


def _limit(kind: int, bound: float) -> None:
    import resource

    _, hard = resource.getrlimit(kind)
    most = sys.maxsize if hard == resource.RLIM_INFINITY else hard
    resource.setrlimit(kind, (int(min(bound, most)), hard))


def send(writer: int, message: bytes) -> None:
    """Write the whole message into a pipe."""
    left = memoryview(message)
    while left:
        left = left[os.write(writer, left) :]


def answered(function: Callable[..., object], args: tuple[object, ...]) -> bytes:
    """(True, function(*args)) or (False, the exception), pickled: what `outcome` undoes."""
    try:
        return pickle.dumps((True, function(*args)))
    except GdcliError as error:
        return pickle.dumps((False, error))
    except RecursionError:
        return pickle.dumps((False, ExhaustedError("the formula grew too deep to handle", hint=_DEPTH_HINT)))
    except OverflowError:
        # Towers of exponentials: mpmath cannot hold the digits that such a number needs.
        return pickle.dumps((False, ExhaustedError("a number is too large to compute with", hint=_SIZE_HINT)))
    except BaseException as error:
        if lacks_memory(error):
            return pickle.dumps((False, MemoryError()))
        # Where sympy compares the cases of a formula that is not real in one of them.
        if isinstance(error, TypeError) and str(error).startswith(_NOT_REAL):
            return pickle.dumps(
                (False, DomainError("the formula has no real value in one of its cases", hint=_REAL_HINT))
            )
        return _surprise(error)


def _surprise(error: BaseException) -> bytes:
    report = "".join(traceback.format_exception(error))
    error.add_note(f"In the worker process:\n{report}")
    try:
        answer = pickle.dumps((False, error))
        pickle.loads(answer)
    except Exception:
        return pickle.dumps((False, RuntimeError(report)))
    return answer
