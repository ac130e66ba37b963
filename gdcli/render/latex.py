r"""Results as LaTeX, to be pasted into a document that loads amsmath: align environments, and tabular for tables.

Headings and remarks are left out: what is pasted stands among the author's own words. Names in other than Latin letters
need an engine that has them (lualatex, xelatex).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from gdcli.errors import GdcliError
from gdcli.escape import visible
from gdcli.render import Look, pages
from gdcli.render import text as plain
from gdcli.render.pages.blocks import Block, Cell, Formulas, Heading, Remark, Row, Section, Table, Text, shown
from gdcli.render.pages.calculus import scientific, special


def head(head: Any, look: Look) -> str:
    """What stands before the log, and its table opened."""
    blocks = pages.head(head)
    return _join([*map(_set, blocks[:-1])], [_open(block) for block in blocks[-1:] if isinstance(block, Table)])


def step(step: Any, look: Look) -> str:
    """A row of the log."""
    row = pages.step(step)
    return "" if row is None else _row(row) + "\n"


def foot(head: Any, look: Look) -> str:
    """The log's table closed."""
    return f"{_CLOSE}\n{_APART}" if pages.head(head) else ""


def result(result: Any, look: Look) -> str:
    """The whole page."""
    return _join(list(map(_set, pages.result(result))))


def error(error: GdcliError, command: str, look: Look) -> str:
    """A failure as a comment, so that a document still compiles."""
    return "".join(f"% {line}\n" for line in plain.error(error, command, look).splitlines())


_CLOSE = r"\end{tabular}"
_APART = "\n\\medskip\n\n"


def _join(*parts: Sequence[str]) -> str:
    """A blank line, which ends a paragraph, around tables and text; none between formulas."""
    text = ""
    for block in (block for part in parts for block in part if block):
        if text.endswith(f"{_CLOSE}\n"):
            text += _APART
        elif text and not (text.endswith("\\end{align*}\n") and block.startswith(r"\begin{align*}")):
            text += "\n"
        text += f"{block}\n"
    return text


def _set(block: Block) -> str:
    return _SETTERS[type(block)](block)


def _formulas(block: Formulas) -> str:
    return "\n".join([r"\begin{align*}", " \\\\\n".join(f"  {row}" for row in block.rows), r"\end{align*}"])


def _table(block: Table) -> str:
    return "\n".join([_open(block), *map(_row, block.rows), _CLOSE])


def _open(block: Table) -> str:
    align = block.align.replace("p", f"p{{{_width(block.align):.2f}\\linewidth}}")
    return "\n".join([rf"\noindent\begin{{tabular}}{{{align}}}", rf"{_row(block.titles)} \hline"])


def _width(align: str) -> float:
    """Of a column of paragraphs: its part of what a page has left beside the others, in lines of text."""
    paragraphs = max(1, align.count("p"))
    return (1.0 - 0.17 * (len(align) - paragraphs)) / paragraphs - 0.035


def _row(row: Row) -> str:
    cells = " & ".join(map(_cell, row))
    # After the \\ of the line above, [ would begin a length and * belong to it.
    guard = "{}" if cells.startswith(("[", "*")) else ""
    return rf"  {guard}{cells} \\"


def _cell(cell: Cell) -> str:
    return shown(cell, text, "${}$".format, lambda number: f"${scientific(number)}$")


def _words(parts: Row) -> str:
    return "".join(map(_cell, parts))


def text(words: str) -> str:
    """Text as it stands: nothing in it is a command, and -- is no dash."""
    return re.sub("-(?=-)", "-{}", "".join(special(char) for char in visible(words, 4096)))


_SETTERS: dict[type, Callable[[Any], str]] = {
    Heading: lambda block: "",
    Remark: lambda block: "",
    Section: lambda block: rf"\noindent\textbf{{{_words(block.parts)}}}",
    Text: lambda block: _words(block.parts),
    Formulas: _formulas,
    Table: _table,
}
