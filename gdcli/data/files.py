"""One name or several to files: patterns stand for the files they match."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gdcli.data.urls import scheme, shown
from gdcli.errors import DataError, UsageError
from gdcli.escape import visible


def expand(sources: Sequence[str]) -> list[str]:
    """Return the files that `sources` name, a pattern's sorted by name; a path that exists is no pattern.

    Raises DataError for a pattern that matches nothing, UsageError for no name at all and for a file named twice.
    """
    if not sources:
        raise UsageError("there is no file to read", hint="name one")
    found = [path for source in sources for path in _matches(source)]
    twice = next((path for path in found if found.count(path) > 1), None)
    if twice is not None:
        message = f"{visible(shown(twice), 200)} is named twice"
        raise UsageError(message, hint="its rows would count double; name it once")
    return found


def _matches(source: str) -> list[str]:
    if scheme(source):
        from gdcli.data import remote

        return remote.expand(source)
    if not set(source) & set("*?[") or Path(source).exists():
        return [source]
    from glob import iglob

    # Path.glob takes no absolute pattern.
    found = sorted(path for path in iglob(source, recursive=True) if not Path(path).is_dir())  # noqa: PTH207
    if not found:
        hint = "quote the pattern, so that the shell leaves it to gdcli, and check its folder"
        raise DataError("no file matches this pattern", file=visible(source, 4096), hint=hint)
    return found
