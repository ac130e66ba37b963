"""In GitHub Actions: annotations beside the messages on stderr, and the job's summary.

The runner reads workflow commands on stderr as on stdout, and stdout belongs to the results.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gdcli.errors import DataError, GdcliError

if TYPE_CHECKING:
    from gdcli.cli.terminal import Terminal
    from gdcli.results.check import ClaimAnswer


def inside(place: Terminal) -> bool:
    """Whether this command is a step of a workflow."""
    return place.environ.get("GITHUB_ACTIONS") == "true"


def inert(text: str, place: Terminal) -> str:
    """Text for a log: in a workflow, no line of it that quotes a formula, a name or a cell is read as a command."""
    if not inside(place):
        return text
    from gdcli.render import github

    return github.inert(text)


def annotate(level: str, message: str, place: Terminal, file: str | None = None, line: int | None = None) -> None:
    """An annotation, on the line of the file where there is one."""
    from gdcli.render.github import annotation

    named = None if file is None else _in_repository(file, place)
    place.stderr.write(annotation(level, message, title=f"gdcli {place.command}".strip(), file=named, line=line))
    place.stderr.flush()


def annotate_error(error: GdcliError, place: Terminal) -> None:
    """The annotation of a failure; a formula on the command line has no file to name."""
    from gdcli.render.github import explain

    file, line = (error.file, error.line) if isinstance(error, DataError) else (None, None)
    annotate("error", explain(error), place, file, line)


def annotate_claim(answer: ClaimAnswer, place: Terminal) -> None:
    """The annotation of a claim that is wrong, or that cannot be read or checked."""
    from gdcli.render.github import claim

    message = claim(answer)
    if message is not None and inside(place):
        line = answer.number if answer.unit == "line" else None
        annotate("error", message if line else f"{answer.unit} {answer.number}: {message}", place, answer.file, line)


def summarise(result: Any, place: Terminal) -> None:
    """Append the result as Markdown to the file that GITHUB_STEP_SUMMARY names; a file that cannot be is a warning."""
    target = place.environ.get("GITHUB_STEP_SUMMARY")
    if not target:
        return
    from gdcli.render.whole import page

    text = page(result)
    try:
        with open(target, "a", encoding="utf-8", errors="backslashreplace", opener=_without_waiting) as file:
            file.write(f"{text}\n\n")
    except OSError as error:
        place.say("warning", f"the job's summary could not be written: {error.strerror or error}")


def _without_waiting(path: str, flags: int) -> int:
    """Open a file; a pipe that nobody reads is an OSError, not a command that hangs."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0), 0o666)


def _in_repository(file: str, place: Terminal) -> str | None:
    """The file as the repository names it, from its root; None for what is no file, such as standard input."""
    try:
        path = Path(file).resolve(strict=True)
    except (OSError, ValueError):
        return None
    if not path.is_file():
        return None
    root = Path(place.environ.get("GITHUB_WORKSPACE") or ".").resolve()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
