"""What a worker says of itself, and whether it fits the driver."""

from __future__ import annotations

import platform
from collections.abc import Mapping

import gdcli
from gdcli.errors import UsageError


def facts() -> tuple[str, str]:
    """The versions of gdcli and of Python."""
    return gdcli.__version__, ".".join(platform.python_version_tuple()[:2])


def check_alike(said: Mapping[str, object]) -> None:
    """What `facts` gave on each worker (or the exception it raised): raise UsageError where it differs from here.

    A worker that cannot be reached is no matter of versions.
    """
    ours = facts()
    for worker, theirs in sorted(said.items()):
        if isinstance(theirs, OSError):
            continue
        hint = f"install gdcli {ours[0]} under Python {ours[1]} on every worker"
        if isinstance(theirs, BaseException) and "No module named" in repr(theirs):
            raise UsageError(f"worker {worker} has no gdcli, or one without this engine", hint=hint)
        if isinstance(theirs, BaseException):
            raise UsageError(f"worker {worker} cannot tell its version of gdcli: {theirs!r}", hint=hint)
        if theirs != ours:
            named = "gdcli {} under Python {}".format(*_pair(theirs))
            raise UsageError(
                f"worker {worker} has {named}; here it is gdcli {ours[0]} under Python {ours[1]}", hint=hint
            )


def _pair(theirs: object) -> tuple[str, str]:
    return (str(theirs[0]), str(theirs[1])) if isinstance(theirs, tuple) and len(theirs) == 2 else ("?", "?")
