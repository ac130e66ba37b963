"""Results as Markdown, for a notebook, a wiki or an issue: headings, formulas between dollar signs, tables."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from gdcli.errors import GdcliError
from gdcli.escape import visible
from gdcli.render import Look, pages
from gdcli.render import text as plain
from gdcli.render.pages.blocks import Block, Cell, Formulas, Heading, Remark, Row, Section, Table, Text, shown

RULES = {"l": "---", "p": "---", "r": "---:"}
ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def head(head: Any, look: Look) -> str:
    """What stands before the log, and the head of its table."""
    return "\n\n".join(map(_set, pages.head(head)))


def step(step: Any, look: Look) -> str:
    """A row of the log."""
    row = pages.step(step)
    return "" if row is None else _row(row) + "\n"


def foot(head: Any, look: Look) -> str:
    """A blank line, which ends the log's table."""
    return "\n" if pages.head(head) else ""


def result(result: Any, look: Look) -> str:
    """The whole page."""
    return "\n\n".join(map(_set, pages.result(result)))


def error(error: GdcliError, command: str, look: Look) -> str:
    """A failure as a block of code."""
    return f"```\n{plain.error(error, command, look)}```\n"


def _set(block: Block) -> str:
    return _SETTERS[type(block)](block)


def _formulas(block: Formulas) -> str:
    rows = " \\\\\n".join(block.rows)
    return f"$$\n\\begin{{aligned}}\n{rows}\n\\end{{aligned}}\n$$"


def _table(block: Table) -> str:
    rules = " | ".join(RULES[letter] for letter in block.align)
    return "\n".join([_row(block.titles), f"| {rules} |", *map(_row, block.rows)])


def _row(row: Row) -> str:
    return f"| {' | '.join(map(_cell, row))} |"


def _cell(cell: Cell) -> str:
    return shown(cell, text, _formula, text)


def _formula(latex: str) -> str:
    """A formula in a line; a bar would end the cell it may stand in."""
    barless = latex.replace(r"\|", r"\Vert ").replace("|", r"\vert ")
    return f"${barless}$"


def _words(parts: Row) -> str:
    return "".join(map(_cell, parts))


def text(words: str) -> str:
    """Text as it stands: nothing in it is markup, HTML or a formula, and no bar ends a cell."""
    marked = re.sub(r"([\\`*_{}\[\]|~$#])", r"\\\1", visible(words, 4096))
    return re.sub("[&<>]", lambda found: ENTITIES[found[0]], marked)


_SETTERS: dict[type, Callable[[Any], str]] = {
    Heading: lambda block: f"## {_words(block.parts)}",
    Section: lambda block: f"### {_words(block.parts)}",
    Text: lambda block: _words(block.parts),
    Remark: lambda block: _words(block.parts),
    Formulas: _formulas,
    Table: _table,
}
