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

from gdcli.errors import ExhaustedError, GdcliError
from gdcli.language.recursion import FRAMES

T = TypeVar("T")
_TIME_HINT = "simplify the formula, or allow more time with --timeout"
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
        child = _fork()
    except OSError:
        os.close(reader)
        os.close(writer)
        raise ExhaustedError("no further process could be started", hint="close other programs") from None
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
    if answer is None:
        raise ExhaustedError(f"the formula was not done within {seconds:g} s", hint=_TIME_HINT)
    return _outcome(answer, status)


def _fork() -> int:
    with warnings.catch_warnings():
        # Python 3.12 warns of forking beside threads: the child touches no lock of theirs, and the deadline bounds it.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


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


def _outcome(answer: bytes, status: int) -> T:  # type: ignore[type-var]
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
        # A crash here is reported by the parent, in a sentence.
        faulthandler.disable()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE):
            signal.signal(number, signal.SIG_DFL)
        # The child is short-lived: collecting would only touch, and so copy, the parent's pages.
        gc.disable()
        sys.setrecursionlimit(max(sys.getrecursionlimit(), FRAMES))
        _limit(seconds, memory)
        answer = _answer(function, args)
        while answer:
            answer = answer[os.write(writer, answer) :]
    finally:
        os._exit(0)


def _limit(seconds: float, memory: int) -> None:
    import resource

    statm = Path("/proc/self/statm")
    taken = int(statm.read_text().split()[0]) * resource.getpagesize() if statm.exists() else 0
    for kind, bound in (
        (resource.RLIMIT_AS, taken + memory),
        (resource.RLIMIT_CPU, int(seconds) + 2),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (bound if hard == resource.RLIM_INFINITY else min(bound, hard), hard))


def _answer(function: Callable[..., object], args: tuple[object, ...]) -> bytes:
    try:
        return pickle.dumps((True, function(*args)))
    except GdcliError as error:
        return pickle.dumps((False, error))
    except MemoryError:
        return pickle.dumps((False, ExhaustedError("the formula ran out of memory", hint=_MEMORY_HINT)))
    except RecursionError:
        return pickle.dumps((False, ExhaustedError("the formula grew too deep to handle", hint=_MEMORY_HINT)))
    except BaseException as error:
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
