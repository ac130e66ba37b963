"""Results as text for people. One module a command, named after it; this one holds what they share."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from gdcli.errors import FormulaError, GdcliError
from gdcli.render import Look


def head(head: Any, look: Look) -> str:
    """What stands before the first step."""
    return str(_page(head).head(head, look))


def step(step: Any, look: Look) -> str:
    """One line of the log."""
    return str(_page(step).step(step, look))


def result(result: Any, look: Look) -> str:
    """The whole result."""
    return str(_page(result).result(result, look))


def _page(result: Any) -> Any:
    return import_module(f"gdcli.render.text.{result.command}")


def error(error: GdcliError, command: str, look: Look) -> str:
    """`gdcli: error: place: cause`, the formula with a caret where there is one, then the remedy."""
    place = "".join(f"{part}: " for part in _place(error))
    lines = [f"gdcli: {look.paint('error', 'bold red')}: {place}{error.message}"]
    if isinstance(error, FormulaError):
        lines += _caret(error, look)
    if error.hint:
        lines.append(f"  {look.paint('hint', 'bold')}: {error.hint}")
    return "\n".join(lines) + "\n"


def _place(error: GdcliError) -> list[str]:
    where = error.where
    parts = [str(where["file"])] if "file" in where else []
    parts += [f"line {where['line']}"] if "line" in where else []
    return parts + ([f"column {where['column']}"] if "column" in where else [])


def _caret(error: FormulaError, look: Look) -> list[str]:
    """The formula (the part of a long one around the error) with carets under the span."""
    room = look.width - 4
    first = max(0, min(error.start - room // 2, len(error.source) - room))
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in error.source[first : first + room])
    length = max(1, min(error.end, first + room) - error.start)
    marks = " " * (error.start - first) + "^" * length
    return [f"    {shown}", f"    {look.paint(marks, 'bold red')}"]
