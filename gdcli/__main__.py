"""`gdcli` and `python -m gdcli`: signals first, then the command, then an exit code that tells the truth."""

from __future__ import annotations

import gc
import os
import signal
import sys
from types import FrameType
from typing import NoReturn

from gdcli.errors import Exit, ReaderGoneError, Stopped

# Importing makes much and frees little: collecting garbage on the way costs a fifth of sympy's import.
gc.set_threshold(100_000, 20, 20)


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    raise Stopped(_CODES[number])


_CODES: dict[int, Exit] = {signal.SIGINT: Exit.INTERRUPTED, signal.SIGTERM: Exit.TERMINATED}
if hasattr(signal, "SIGHUP"):
    _CODES[signal.SIGHUP] = Exit.HANGUP


def run(args: list[str]) -> int:
    """The exit code of one command line."""
    for number in _CODES:
        signal.signal(number, _stop)
    from gdcli.cli.app import main as command
    from gdcli.cli.terminal import Terminal

    return command(args, Terminal.of_process())


def main() -> NoReturn:
    """Run the process's own arguments and leave with an exit code."""
    try:
        code = run(sys.argv[1:])
        sys.stdout.flush()
        sys.stderr.flush()
    except (BrokenPipeError, ReaderGoneError):
        # The reader went away: point stdout elsewhere so that the interpreter's own flush stays silent.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = Exit.PIPE
    except Stopped as stopped:
        code = stopped.code
    except OSError as error:
        sys.stderr.write(f"gdcli: error: the output could not be written: {error.strerror or error}\n")
        code = Exit.EXHAUSTED
    sys.exit(code)


if __name__ == "__main__":
    main()
