"""Results as CSV (RFC 4180, lines end in a line feed): a header, and rows of numbers and texts. One module a command.

A module has `columns`, the header's names, and `rows` of the whole result; or, where the result streams, `row`, the
cells of a step. What is not known is an empty cell, a number has the digits that read back to the same double. Text is
as it is elsewhere: control characters are shown escaped, so that a line is a row, and nothing else is changed. A
spreadsheet takes a cell that begins with = + - or @ for a formula of its own: import such columns as text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any

from gdcli.errors import GdcliError
from gdcli.escape import visible
from gdcli.render import Look, page_name


def head(head: Any, look: Look) -> str:
    """The names of the columns."""
    page = _page(head)
    return _lines([page.columns(head)]) if hasattr(page, "row") else ""


def step(step: Any, look: Look) -> str:
    """One step, or one row."""
    page = _page(step)
    return _lines([page.row(step)]) if hasattr(page, "row") else ""


def result(result: Any, look: Look) -> str:
    """The header and all rows; nothing where they streamed, as no column is for what is said at the end."""
    page = _page(result)
    return "" if hasattr(page, "row") else _lines([page.columns(result), *page.rows(result)])


def error(error: GdcliError, command: str, look: Look) -> str:
    """Nothing: the message is on stderr."""
    return ""


def _page(result: Any) -> Any:
    return import_module(f"gdcli.render.csv.{page_name(result)}")


def _lines(rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, str):
        return visible(value, len(value))
    return str(value).lower() if isinstance(value, bool) else value
