"""Lines no wider than the page, broken between words, with a hanging indent; nothing is cut."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from gdcli.render import Look

# Stands for a blank at which no line is broken; no text to be shown has one.
HELD = "\0"


def folded(text: str, look: Look, hanging: int = 4) -> list[str]:
    """A paragraph."""
    return _wrap(text, look, "", " " * hanging)


def beside(parts: Sequence[str], look: Look, gap: str = "   ") -> list[str]:
    """The parts on one line, or each on a line of its own where they do not fit."""
    line = gap.join(parts)
    return [line] if len(line) <= look.width else [shown for part in parts for shown in folded(part, look)]


def entry(label: str, text: str, look: Look, column: int = 12, indent: int = 0) -> list[str]:
    """A label and what it stands for, in a column of its own."""
    return _wrap(text, look, " " * indent + label.ljust(column), " " * (indent + column))


def items(label: str, pieces: Sequence[str], look: Look, most: int | None = None, column: int = 12) -> list[str]:
    """A label and short pieces in lines; beyond `most` lines the rest is counted, and where to find it said."""
    lines = list(_rows(pieces, look.width - column))
    if most is not None and len(lines) > most:
        kept = _head(pieces, look.width - column, most)
        lines = list(_rows([*pieces[:kept], _rest(len(pieces) - kept)], look.width - column))
    heads = [label.ljust(column), *[" " * column] * (len(lines) - 1)]
    return [head + line for head, line in zip(heads, lines, strict=True)]


def _rest(number: int) -> str:
    return f"... {number} more with -v"


def _head(pieces: Sequence[str], room: int, most: int) -> int:
    """How many of the pieces fit into so many lines beside the note on the rest."""
    kept = len(pieces)
    while kept > 1 and len(list(_rows([*pieces[:kept], _rest(len(pieces) - kept)], room))) > most:
        kept -= 1
    return kept


def _rows(pieces: Sequence[str], room: int) -> Iterator[str]:
    """The pieces three blanks apart; one longer than the line is folded."""
    line = ""
    for piece in pieces:
        if line and len(line) + 3 + len(piece) > room:
            yield line
            line = ""
        line = f"{line}   {piece}" if line else piece
        if len(line) > room:
            *full, line = textwrap.wrap(line, room, subsequent_indent="  ", break_on_hyphens=False)
            yield from full
    yield line


def _wrap(text: str, look: Look, first: str, rest: str) -> list[str]:
    """What stands before and behind an equals sign stays on its line."""
    held = text.replace(" = ", f"{HELD}={HELD}")
    lines = textwrap.wrap(held, look.width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)
    return [line.replace(HELD, " ") for line in lines] or [first.rstrip()]
