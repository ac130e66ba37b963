"""What GitHub Actions reads on a line of output: workflow commands that annotate a file's line.

A command is one line, `::error file=F,line=N,title=T::message`. The message has %, CR and LF written as %25, %0D and
%0A; the properties : and , too. https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

import re

from gdcli.errors import GdcliError
from gdcli.escape import visible
from gdcli.render import Look
from gdcli.render.text.check import verdict
from gdcli.results.check import ClaimAnswer

IN_MESSAGE = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
IN_PROPERTY = IN_MESSAGE | str.maketrans({":": "%3A", ",": "%2C"})
# What the runner takes for a command: :: behind blanks at most, and in its older form ##[ anywhere in a line.
_COMMAND = re.compile(r"^(\s*):(?=:)|#(?=#\[)", re.MULTILINE)
LONGEST = 4096
"""Characters of a message's line, or of a property, that are shown."""


def annotation(level: str, message: str, *, title: str, file: str | None = None, line: int | None = None) -> str:
    """One workflow command; `level` is "error" or "warning". A `line` without a file says nothing, so it goes with it.

    There is no `col`: it counts characters of the line, and a data file's columns are cells.
    """
    place = {} if file is None else {"file": file} if line is None else {"file": file, "line": str(line)}
    properties = ",".join(f"{key}={_escape(value, IN_PROPERTY)}" for key, value in {**place, "title": title}.items())
    return f"::{level} {properties}::{_escape(message, IN_MESSAGE)}\n"


def inert(text: str) -> str:
    """`text` of which the runner takes no line for a command: the first sign of what looks like one is replaced."""
    return _COMMAND.sub("\\1\N{REPLACEMENT CHARACTER}", text)


def _escape(text: str, table: dict[int, str]) -> str:
    shown = "\n".join(visible(line, LONGEST) for line in text.split("\n"))
    return shown.translate(table)


def explain(error: GdcliError) -> str:
    """Place, cause and remedy."""
    return str(error) if error.hint is None else f"{error}\nhint: {error.hint}"


def claim(answer: ClaimAnswer) -> str | None:
    """What is wrong with a claim, and the remedy where it cannot be read; None for a claim that is right."""
    if answer.verdict == "right":
        return None
    hint = None if answer.error is None else answer.error.hint
    return verdict(answer, Look()) + ("" if hint is None else f"\nhint: {hint}")
