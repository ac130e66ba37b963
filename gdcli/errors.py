"""Everything a user can get wrong, each with its exit code. Imports nothing of gdcli."""

from __future__ import annotations

import errno
from enum import IntEnum


class Exit(IntEnum):
    """The exit codes of every command: the one source of the tables in ``--help`` and README."""

    DONE = 0
    NOT_MET = 1
    USAGE = 2
    DIVERGED = 3
    EXHAUSTED = 4
    BUG = 70
    HANGUP = 129
    INTERRUPTED = 130
    PIPE = 141
    TERMINATED = 143

    @property
    def meaning(self) -> str:
        """One line saying when a command ends so."""
        return _MEANINGS[self]


_MEANINGS = {
    Exit.DONE: "done",
    Exit.NOT_MET: "ran, but what was demanded does not hold (check, --max-gap)",
    Exit.USAGE: "usage, formula or data",
    Exit.DIVERGED: "the descent diverged",
    Exit.EXHAUSTED: "out of time or memory, or a cluster that is gone",
    Exit.BUG: "a bug of gdcli (a report file is written)",
    Exit.HANGUP: "the terminal hung up",
    Exit.INTERRUPTED: "interrupted (Ctrl-C); the partial result is printed",
    Exit.PIPE: "the reader of the output went away",
    Exit.TERMINATED: "terminated; the partial result is printed",
}


class Stopped(BaseException):
    """A signal asked us to stop: it unwinds, past every handler of errors, to the place that prints what there is."""

    def __init__(self, code: Exit) -> None:
        super().__init__()
        self.code = code


class ReaderGoneError(BaseException):
    """Nobody reads stdout any more: there is nobody to tell, so everything ends quietly."""


class GdcliError(Exception):
    """An expected failure: what is wrong (message), what to do about it (hint), and where."""

    kind = "error"
    exit = Exit.USAGE

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    @property
    def where(self) -> dict[str, str | int]:
        """The place of the failure under the keys file, line, column, position (those that are known)."""
        return {}

    def __str__(self) -> str:
        place = ", ".join(f"{key} {value}" for key, value in self.where.items())
        return f"{place}: {self.message}" if place else self.message

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross the pipe from the worker process: rebuild without calling __init__.
        return (_rebuild, (type(self), self.__dict__))


def _rebuild(cls: type[GdcliError], state: dict[str, object]) -> GdcliError:
    error = cls.__new__(cls)
    Exception.__init__(error, state.get("message", ""))
    error.__dict__.update(state)
    return error


class UsageError(GdcliError):
    """An option or argument that makes no sense."""

    kind = "usage"


class SettingError(GdcliError):
    """A file of settings that cannot be used; `line` is the 1-based line, where it is known."""

    kind = "setting"

    def __init__(self, message: str, *, file: str, line: int | None = None, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.file = file
        self.line = line

    @property
    def where(self) -> dict[str, str | int]:
        """The file, and the line where it is known."""
        return {"file": self.file} | ({} if self.line is None else {"line": self.line})


class FormulaError(GdcliError):
    """A formula that cannot be read; `start` and `end` (0-based, end exclusive) mark the span in `source`."""

    kind = "formula"

    def __init__(self, message: str, *, source: str, start: int, end: int, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.source = source
        self.start = start
        self.end = end

    @property
    def where(self) -> dict[str, str | int]:
        """Where the formula goes wrong: position is 1-based."""
        return {"position": self.start + 1}


class DataError(GdcliError):
    """A data file that cannot be used; `line` is the 1-based physical line, `column` number and name."""

    kind = "data"

    def __init__(
        self,
        message: str,
        *,
        file: str,
        line: int | None = None,
        column: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.file = file
        self.line = line
        self.column = column

    @property
    def where(self) -> dict[str, str | int]:
        """The file, and the line and column where they are known."""
        known = {"file": self.file, "line": self.line, "column": self.column}
        return {key: value for key, value in known.items() if value is not None}


class DomainError(GdcliError):
    """A formula that has no (real, finite) value where one is needed."""

    kind = "domain"


# What the system may run short of while anything is read, written or started.
SHORTAGES = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN})
# What is said of libraries that could not be loaded, of threads that could not be started, and by Python itself where
# there was no memory for an exception.
_SIGNS = ("failed to map segment", "can't start new thread", "error return without exception set")


def lacks_memory(error: BaseException) -> bool:
    """Whether an error means that there was too little memory."""
    found: BaseException | None = error
    while found is not None:
        if isinstance(found, MemoryError) or any(sign in str(found) for sign in _SIGNS):
            return True
        # Libraries that cannot be loaded say so in words of their own, and name what happened as the cause.
        found = found.__cause__
    return False


class ExhaustedError(GdcliError):
    """A computation that ran out of its time or memory."""

    kind = "exhausted"
    exit = Exit.EXHAUSTED


class ClusterError(GdcliError):
    """A cluster that cannot be reached, or that went away."""

    kind = "cluster"
    exit = Exit.EXHAUSTED


class SignalError(GdcliError):
    """A signal that ended a command before it had a result."""

    kind = "interrupted"

    def __init__(self, code: Exit) -> None:
        super().__init__("interrupted: there is no result")
        self.exit = code


class BugError(GdcliError):
    """A mistake of gdcli's own."""

    kind = "bug"
    exit = Exit.BUG
