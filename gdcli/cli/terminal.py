"""The outside world of one command: streams, environment, clock. Passed in, so that a test can replace it whole."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, TextIO

from gdcli.errors import GdcliError, ReaderGoneError, Stopped
from gdcli.render import Look, load


@dataclass
class Terminal:
    """Where a command reads, writes and looks at the clock."""

    stdin: BinaryIO
    stdout: TextIO
    stderr: TextIO
    environ: Mapping[str, str]
    width: int
    clock: Callable[[], float] = time.perf_counter
    color: bool | None = None
    quiet: bool = False
    verbose: int = 0
    command: str = ""
    format: str = "text"
    interruption: Stopped | None = None

    @classmethod
    def of_process(cls) -> Terminal:
        """The streams and environment of this process; 80 columns where there is no terminal to ask."""
        width = shutil.get_terminal_size((80, 24)).columns if sys.stdout.isatty() else 80
        return cls(sys.stdin.buffer, sys.stdout, sys.stderr, os.environ, max(60, min(width, 200)))

    def coloured(self, stream: TextIO) -> bool:
        """--color over NO_COLOR over FORCE_COLOR over TERM=dumb over isatty."""
        if self.color is not None:
            return self.color
        if self.environ.get("NO_COLOR"):
            return False
        if self.environ.get("FORCE_COLOR"):
            return True
        return self.environ.get("TERM") != "dumb" and stream.isatty()

    def unicode(self, stream: TextIO) -> bool:
        """More than ASCII: not for TERM=dumb, the locale C, nor an encoding that has no braille."""
        locale = self.environ.get("LC_ALL") or self.environ.get("LANG")
        if self.environ.get("TERM") == "dumb" or locale in ("C", "POSIX"):
            return False
        try:
            "\u28ff".encode(stream.encoding or "utf-8")
        except (UnicodeEncodeError, LookupError):
            return False
        return True

    def look(self, stream: TextIO) -> Look:
        """How results look on this stream."""
        return Look(self.width, self.coloured(stream), self.verbose, self.unicode(stream))

    def write(self, text: str) -> None:
        """Result text to stdout, at once, so that a log streams."""
        if not text:
            return
        try:
            self.stdout.write(text if text.endswith("\n") else text + "\n")
            self.stdout.flush()
        except BrokenPipeError:
            raise ReaderGoneError from None

    def emit(self, result: Any) -> None:
        """One result in the format asked for."""
        self.write(load(self.format).result(result, self.look(self.stdout)))

    def note(self, message: str) -> None:
        """A remark about the input or the run: stderr, and silent under -q."""
        if not self.quiet:
            self.say("note", message)

    def say(self, label: str, message: str) -> None:
        """A labelled line on stderr."""
        self.stderr.write(f"gdcli: {label}: {message}\n")
        self.stderr.flush()

    def fail(self, error: GdcliError) -> None:
        """An error to stderr for people, and in the envelope to stdout for programs that asked for JSON."""
        self.stderr.write(load("text").error(error, self.command, self.look(self.stderr)))
        self.stderr.flush()
        if self.format in ("json", "ndjson"):
            self.write(load(self.format).error(error, self.command, self.look(self.stdout)))
