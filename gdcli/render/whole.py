"""A result that streams as one Markdown page: what its head, its steps and its end say, put together again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gdcli.render import Look, foot, load
from gdcli.results.check import CheckSummary, ClaimsHead
from gdcli.results.descend import RunReport

Stream = tuple[Any, Sequence[Any]]


def page(result: Any) -> str:
    """The page of a job's summary and of a notebook: of a run its log where it has one, of claims those that fail."""
    renderer, look = load("markdown"), Look()
    stream = _stream(result)
    if stream is None:
        return renderer.result(result, look)
    head, steps = stream
    rows = "".join(renderer.step(step, look) for step in steps)
    opened = renderer.head(head, look)
    # Without rows the table, the last block of the head, would be its titles alone.
    begun = f"{opened}\n{rows}{foot(renderer, head, look)}" if rows else f"{opened.rpartition(SPACE)[0]}{SPACE}"
    return begun + renderer.result(result, look)


SPACE = "\n\n"


def _stream(result: Any) -> Stream | None:
    if isinstance(result, RunReport):
        return result.head, result.log
    if isinstance(result, CheckSummary) and result.answers:
        failing = [answer for answer in result.answers if answer.verdict != "right"]
        return ClaimsHead(result.file, result.answers[0].unit), failing
    return None
