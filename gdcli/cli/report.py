"""The report of a bug of ours: one line on the terminal, everything else in a file the user can read and send."""

from __future__ import annotations

import os
import platform
import tempfile
import time
import traceback
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from gdcli import __version__
from gdcli.cli.terminal import Terminal
from gdcli.data.urls import shown
from gdcli.errors import BugError, Exit
from gdcli.escape import visible

# What gdcli is built on.
LIBRARIES = (
    "typer",
    "rich",
    "sympy",
    "mpmath",
    "numpy",
    "platformdirs",
    "plotille",
    "llvmlite",
    "polars",
    "zstandard",
    "matplotlib",
    "dask",
    "distributed",
    "bokeh",
    "fsspec",
    "s3fs",
    "aiohttp",
)
PREFACE = "Look this over before you send it: arguments and messages of errors may quote a path, a formula or a cell."


def bug(error: Exception, args: list[str], terminal: Terminal) -> int:
    """Write the report, say in one line what went wrong and where the report is, and return exit code 70."""
    cause = visible(f"{type(error).__name__}: {error}", 200)
    text = document(error, args)
    try:
        place = f"please send us the report in {visible(str(_kept(text)), 4096)}"
    except OSError as failure:
        place = f"please send us the report below, which could not be written ({failure.strerror or failure})"
        text = f"\n{text}"
    else:
        text = f"\n{text}" if terminal.verbose > 1 else ""
    terminal.say("bug", f"{cause}: this is our mistake, not yours; {place}{text.rstrip()}")
    terminal.tell(BugError(cause, hint=place))
    return int(Exit.BUG)


def document(error: Exception, args: list[str]) -> str:
    """What we need to know: versions, system, arguments and the traceback; no variable's value, no data."""
    lines = [
        PREFACE,
        "",
        f"gdcli {__version__}, Python {platform.python_version()}, {platform.platform()}",
        ", ".join(map(_versioned, LIBRARIES)),
        f"arguments: {[shown(argument) for argument in args]!r}",
        "",
        *(visible(line, 4096) for line in "".join(traceback.format_exception(error)).splitlines()),
    ]
    return "\n".join(lines) + "\n"


def _versioned(library: str) -> str:
    try:
        return f"{library} {version(library)}"
    except PackageNotFoundError:
        return f"no {library}"


def _kept(text: str) -> Path:
    """The path of a new file with this text, for its owner's eyes. Raises OSError where there can be none."""
    prefix = time.strftime("gdcli-report-%Y%m%d-%H%M%S-")
    handle, name = tempfile.mkstemp(prefix=prefix, suffix=".txt")
    path = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    return path
