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
from pathlib import Path
from typing import NoReturn, TypeVar

from gdcli.errors import DomainError, ExhaustedError, GdcliError
from gdcli.language.recursion import FRAMES

T = TypeVar("T")
_TIME_HINT = "simplify the formula, or allow more time with --timeout"
_SIZE_HINT = "simplify the formula, or choose a point where it is smaller"
_REAL_HINT = "every variable and every value here is real"
_NOT_REAL = ("Invalid comparison of non-real", "Invalid NaN comparison")
_MEMORY_HINT = "simplify the formula: it needs more memory than one formula may take"


def within(function: Callable[..., T], /, *args: object, seconds: float = 10.0, memory: int = 2 * 2**30) -> T:
    """function(*args), computed in a forked child of at most `seconds` and `memory` bytes beyond the present ones.

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
        _work(writer, function, args, seconds, memory)
    os.close(writer)
    try:
        answer = _read(reader, time.monotonic() + seconds)
    finally:
        os.close(reader)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    return outcome(answer, status, seconds)


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


def outcome(answer: bytes | None, status: int, seconds: float) -> T:  # type: ignore[type-var]
    """What a child answered: its value, or its error raised. None: the deadline came first; nothing: it crashed."""
    if answer is None:
        raise ExhaustedError(f"the formula was not done within {seconds:g} s", hint=_TIME_HINT)
    if not answer:
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
            raise ExhaustedError("the formula took too much time", hint=_TIME_HINT)
        raise ExhaustedError(
            "the computation broke down (out of memory, or a number beyond all bounds)", hint=_MEMORY_HINT
        )
    done, value = pickle.loads(answer)
    if not done:
        raise value
    return value  # type: ignore[no-any-return]


def _work(
    writer: int, function: Callable[..., object], args: tuple[object, ...], seconds: float, memory: int
) -> NoReturn:
    """The child's whole life: it never returns and runs no handler of the parent."""
    try:
        settle(memory)
        limit_time(seconds)
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
    taken = int(statm.read_text().split()[0]) * resource.getpagesize() if statm.exists() else 0
    _limit(resource.RLIMIT_AS, taken + memory)
    _limit(resource.RLIMIT_CORE, 0)


def limit_time(seconds: float) -> None:
    """Let this process use the processor for `seconds` from now on; the wall clock is the parent's to watch."""
    import resource

    _limit(resource.RLIMIT_CPU, int(time.process_time() + seconds) + 2)


def _limit(kind: int, bound: int) -> None:
    import resource

    _, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (bound if hard == resource.RLIM_INFINITY else min(bound, hard), hard))


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
    except MemoryError:
        return pickle.dumps((False, ExhaustedError("the formula ran out of memory", hint=_MEMORY_HINT)))
    except RecursionError:
        return pickle.dumps((False, ExhaustedError("the formula grew too deep to handle", hint=_MEMORY_HINT)))
    except OverflowError:
        # Towers of exponentials: mpmath cannot hold the digits that such a number needs.
        return pickle.dumps((False, ExhaustedError("a number is too large to compute with", hint=_SIZE_HINT)))
    except BaseException as error:
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
