"""What GitHub Actions reads: workflow commands that annotate a file's line, and the page of a job's summary.

A command is one line, `::error file=F,line=N,title=T::message`. The message has %, CR and LF written as %25, %0D and
%0A; the properties : and , too. https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

import re
from importlib.util import find_spec
from typing import Any

from gdcli.errors import GdcliError
from gdcli.escape import visible
from gdcli.render import Look, load
from gdcli.render.text.check import verdict
from gdcli.results.check import CheckSummary, ClaimAnswer

IN_MESSAGE = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
IN_PROPERTY = IN_MESSAGE | str.maketrans({":": "%3A", ",": "%2C"})
LONGEST = 4096
"""Characters of a message's line, or of a property, that are shown."""


def annotation(level: str, message: str, *, title: str, file: str | None = None, line: int | None = None) -> str:
    """One workflow command; `level` is "error" or "warning". A `line` without a file says nothing, so it goes with it.

    There is no `col`: it counts characters of the line, and a data file's columns are cells.
    """
    place = {} if file is None else {"file": file} if line is None else {"file": file, "line": str(line)}
    properties = ",".join(f"{key}={_escape(value, IN_PROPERTY)}" for key, value in {**place, "title": title}.items())
    return f"::{level} {properties}::{_escape(message, IN_MESSAGE)}\n"


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


def summary(result: Any, look: Look) -> str:
    """The page of a job's summary: the Markdown of the result; of a file of claims, those that fail as a table.

    A command without a page in Markdown shows its text in a block of code.
    """
    if isinstance(result, CheckSummary):
        return _claims(result)
    if find_spec(f"gdcli.render.markdown.{result.command}") is not None:
        return load("markdown").result(result, look)
    text = load("text").result(result, look)
    fence = _fence(text, 3)
    return f"## gdcli {result.command}\n\n{fence}text\n{text}{fence}\n"


def _claims(result: CheckSummary) -> str:
    found = ((f"{answer.unit} {answer.number}", claim(answer)) for answer in result.answers)
    rows = [f"| {place} | {_cell(wrong)} |" for place, wrong in found if wrong is not None]
    table = ["| claim | what is wrong |", "|---|---|", *rows] if rows else []
    title = [f"## Claimed gradients: {_cell(result.file)}", "", load("text").result(result, Look())]
    return "\n".join([*title, *table, ""])


def _cell(text: str) -> str:
    """Foreign text as it stands, in a code span."""
    shown = visible(text.replace("\n", "; "), LONGEST).replace("|", "\\|")
    fence = _fence(shown, 1)
    return f"{fence} {shown} {fence}"


def _fence(text: str, least: int) -> str:
    """Backticks, more than there are in any row of them in the text."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    return "`" * max(least, longest + 1)
