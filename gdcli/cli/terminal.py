"""The outside world of one command: streams, environment, clock. Passed in, so that a test can replace it whole."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from gdcli.cli import github
from gdcli.errors import GdcliError, ReaderGoneError, Stopped
from gdcli.render import Look, load

if TYPE_CHECKING:
    from gdcli.cli.settings.setting import Setting
    from gdcli.results.common import Failure

STYLES = {"warning": "yellow", "error": "bold red"}
# The formats in which a failure is a document, too.
MACHINE = ("json", "ndjson")
# The formats that are read in a log; the others are for programs, and keep every character.
PAGES = ("text", "markdown")


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
    # The result is written, or is about to be: a failure behind it is no document of its own.
    answered: bool = False
    settings: tuple[Setting, ...] = ()
    # Takes away what stands on the line in front of which the next text is written.
    above: Callable[[], AbstractContextManager[None]] = nullcontext

    @classmethod
    def of_process(cls) -> Terminal:
        """The streams and environment of this process; COLUMNS wide, or as the terminal is, or 80 without one."""
        width = shutil.get_terminal_size((80, 24)).columns
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

    @property
    def animated(self) -> bool:
        """Whether stderr may show what moves."""
        shown = self.format == "text" and not self.quiet and self.environ.get("TERM") != "dumb"
        return shown and self.stderr.isatty()

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
        if self.format in PAGES:
            text = github.inert(text, self)
        with self.above():
            try:
                self.stdout.write(text if text.endswith("\n") else text + "\n")
                self.stdout.flush()
            except BrokenPipeError:
                raise ReaderGoneError from None

    def emit(self, result: Any, failure: Failure | None = None) -> None:
        """One result in the format asked for; programs are told in it, too, why the exit code will not be 0."""
        renderer, look = load(self.format), self.look(self.stdout)
        if failure is None or self.format not in MACHINE:
            text = renderer.result(result, look)
        else:
            text = import_module(f"gdcli.render.{self.format}").failed(result, failure, look)
        self.answered = True
        self.write(text)

    def note(self, message: str) -> None:
        """A remark about the input or the run: stderr, and silent under -q."""
        if not self.quiet:
            self.say("note", message)

    def say(self, label: str, message: str) -> None:
        """A labelled line on stderr."""
        shown = self.look(self.stderr).paint(label, STYLES[label]) if label in STYLES else label
        with self.above():
            self.tell_people(f"gdcli: {shown}: {message}\n")
            if label in ("error", "warning") and github.inside(self):
                github.annotate(label, message, self)

    def tell_people(self, text: str) -> None:
        """Whole lines to stderr."""
        self.stderr.write(github.inert(text, self))
        self.stderr.flush()

    def fail(self, error: GdcliError) -> None:
        """An error to stderr for people, and in the envelope to stdout for programs that asked for JSON."""
        self.tell_people(load("text").error(error, self.command, self.look(self.stderr)))
        if github.inside(self):
            github.annotate_error(error, self)
        self.tell(error)

    def tell(self, error: GdcliError) -> None:
        """A failure to programs alone, unless they have the result."""
        if self.format in (*MACHINE, "junit") and not self.answered:
            self.write(load(self.format).error(error, self.command, self.look(self.stdout)))
