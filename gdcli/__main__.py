"""`gdcli` and `python -m gdcli`: signals first, then the command, then an exit code that tells the truth."""

from __future__ import annotations

import codecs
import contextlib
import gc
import os
import signal
import sys
from collections.abc import MutableMapping
from types import FrameType
from typing import NoReturn

from gdcli.errors import SHORTAGES, Exit, ReaderGoneError, Stopped
from gdcli.escape import escaped

# Importing makes much and frees little: collecting garbage on the way costs a fifth of sympy's import.
gc.set_threshold(100_000, 20, 20)


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    raise Stopped(_CODES[number])


_CODES: dict[int, Exit] = {signal.SIGINT: Exit.INTERRUPTED, signal.SIGTERM: Exit.TERMINATED}
if hasattr(signal, "SIGHUP"):
    _CODES[signal.SIGHUP] = Exit.HANGUP


def _be_deaf() -> None:
    """All is said and the exit code stands: a signal must not change it while the interpreter takes itself down, which
    would give every signal its default answer again.
    """
    for number in _CODES:
        signal.signal(number, signal.SIG_IGN)


# The variables that numpy's linear algebra reads when it is loaded.
BLAS_THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def one_thread_a_product(environment: MutableMapping[str, str]) -> None:
    """Let numpy's products run on one thread, unless the user has set how many.

    They are small or bound by memory here; threads that wait for one another stall where cores are shared (5000 x 20
    Newton steps: 2 ms on one thread, 2 to 90 on two of a busy machine), and sums would depend on the cores there are.
    """
    for name in BLAS_THREADS:
        environment.setdefault(name, "1")


def run(args: list[str]) -> int:
    """The exit code of one command line."""
    for number in _CODES:
        signal.signal(number, _stop)
    from gdcli.cli.app import main as command
    from gdcli.cli.terminal import Terminal

    return command(args, Terminal.of_process())


def main() -> NoReturn:
    """Run the process's own arguments and leave with an exit code."""
    one_thread_a_product(os.environ)
    try:
        _prepare_streams()
        code = run(sys.argv[1:])
        sys.stdout.flush()
        sys.stderr.flush()
        _be_deaf()
    except (BrokenPipeError, ReaderGoneError):
        _silence()
        code = Exit.PIPE
    except Stopped as stopped:
        code = stopped.code
    except MemoryError:
        # So little of it that not even a report of the failure can be made.
        code = _say("out of memory")
    except OSError as error:
        cause = "the system ran short" if error.errno in SHORTAGES else "the output could not be written"
        code = _say(f"{cause}: {error.strerror or error}")
    except Exception as error:
        # What fails before there is a command, such as the import of a broken library.
        code = _bug(error)
    _be_deaf()
    # On its way out Python would search all that was imported for garbage: a tenth of a short run.
    gc.freeze()
    sys.exit(code)


def _say(message: str) -> Exit:
    """The last words of a process that can do no more; where stderr cannot be written, the exit code alone tells."""
    with contextlib.suppress(OSError):
        sys.stderr.write(f"gdcli: error: {message}\n")
    _silence()
    return Exit.EXHAUSTED


def _bug(error: Exception) -> int:
    from gdcli.cli import report
    from gdcli.cli.terminal import Terminal

    return report.bug(error, sys.argv[1:], Terminal.of_process())


def _prepare_streams() -> None:
    """A closed standard stream is opened again: nothing to read from stdin, and what goes to stdout fails as on a full
    disk. Characters that a stream's encoding has no place for are written as escapes, which JSON reads, too.
    """
    for name, mode, access in (("stdin", "r", os.O_RDONLY), ("stdout", "w", os.O_RDONLY), ("stderr", "w", os.O_WRONLY)):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, access), mode, encoding="utf-8"))
    codecs.register_error("gdcli-escape", _escape)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="gdcli-escape")  # type: ignore[union-attr]


def _escape(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return escaped(error.object[error.start : error.end]), error.end


def _silence() -> None:
    """Point both outputs elsewhere, so that the interpreter's own flush of what is left stays silent."""
    with contextlib.suppress(OSError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.dup2(null, sys.stderr.fileno())


if __name__ == "__main__":
    main()
