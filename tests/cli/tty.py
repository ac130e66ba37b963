"""A command on a terminal: what a pseudo-terminal was sent, and what stands on its screen in the end."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

# Seconds that a command may take.
LIMIT = 60.0
# The first bytes of a progress line.
AWAY = "\r\x1b[J"


@dataclass(frozen=True)
class Session:
    """How a command ended, all that its terminal was sent, and what went to a pipe in place of the terminal."""

    code: int
    sent: str
    piped: str = ""

    @property
    def progress(self) -> list[str]:
        """The progress lines, in order."""
        return [line for line in re.findall(r"\r\x1b\[J([^\r\n]+)\r", self.sent) if line]

    @property
    def screen(self) -> list[str]:
        """The lines on the screen, as a terminal without an end makes them of what it is sent."""
        return screen(self.sent)


def screen(sent: str) -> list[str]:
    """The lines that are left of a text with carriage returns, and ESC [ J that clears from the cursor on."""
    lines, column = [""], 0
    for part in re.findall(r"\x1b\[J|\x1b\[[0-9;]*m|\r|\n|[^\x1b\r\n]+", sent):
        if part == "\r":
            column = 0
        elif part == "\n":
            lines, column = [*lines, ""], 0
        elif part == "\x1b[J":
            lines[-1] = lines[-1][:column]
        elif not part.startswith("\x1b"):
            kept = lines[-1].ljust(column)
            lines[-1] = kept[:column] + part + kept[column + len(part) :]
            column += len(part)
    return lines


def run(
    args: Sequence[str],
    *,
    columns: int = 80,
    stop: Callable[[str], bool] | None = None,
    piped: bool = False,
    program: Sequence[str] = ("-m", "gdcli"),
    **environment: str,
) -> Session:
    """One command whose outputs are a terminal (stdout a pipe with `piped`), sent Ctrl-C once `stop(sent)` says so."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    outer = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR", "FORCE_COLOR")}
    process = subprocess.Popen(
        [sys.executable, *program, *args],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if piped else slave,
        stderr=slave,
        env={**outer, "TERM": "xterm", "LANG": "C.UTF-8", **environment},
        start_new_session=True,
    )
    os.close(slave)
    sent = _sent(master, process, stop)
    out = b"" if process.stdout is None else process.stdout.read()
    if process.stdout is not None:
        process.stdout.close()
    return Session(process.wait(60), sent, out.decode())


def _sent(master: int, process: subprocess.Popen[bytes], stop: Callable[[str], bool] | None) -> str:
    """All that comes until the last one who holds the terminal lets go of it."""
    raw, deadline = b"", time.monotonic() + LIMIT
    while time.monotonic() < deadline:
        if not select.select([master], [], [], 1.0)[0]:
            continue
        try:
            piece = os.read(master, 1 << 16)
        except OSError:
            break
        if not piece:
            break
        raw += piece
        if stop is not None and stop(raw.decode(errors="replace")):
            stop = None
            process.send_signal(signal.SIGINT)
    os.close(master)
    return raw.decode(errors="replace").replace("\r\n", "\n")
