"""The report of a bug of ours: one line on the terminal, everything else in a file the user can read and send."""

from __future__ import annotations

import platform
import tempfile
import traceback
from pathlib import Path

from gdcli import __version__
from gdcli.cli.terminal import Terminal
from gdcli.errors import BugError, Exit


def bug(error: Exception, args: list[str], terminal: Terminal) -> int:
    """Write the report, say where it is, and return exit code 70."""
    details = "".join(traceback.format_exception(error))
    text = f"gdcli {__version__}, Python {platform.python_version()}, {platform.platform()}\narguments: {args!r}\n\n"
    terminal.say("bug", f"{type(error).__name__}: {error}")
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="gdcli-report-", suffix=".txt", delete=False, encoding="utf-8"
        ) as file:
            file.write(text + details)
    except OSError as failure:
        terminal.say("bug", f"this is our mistake, not yours; no report could be written ({failure}):\n{details}")
    else:
        terminal.say("bug", f"this is our mistake, not yours; please send us the report in {Path(file.name)}")
    if terminal.verbose > 1:
        terminal.stderr.write(details)
    terminal.tell(BugError(f"{type(error).__name__}: {error}", hint="send us the report that stderr names"))
    return int(Exit.BUG)
