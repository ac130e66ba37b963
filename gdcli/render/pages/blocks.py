"""What a page is made of, set in LaTeX or in Markdown: blocks, and cells of text, numbers and formulas."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula in LaTeX, within a line or a cell."""

    latex: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is to be shown, such as 1.5e-07, or < 1e-12."""

    text: str


Cell = str | float | Formula | Number | None
"""Text is data and set as it stands; None is not known, or not defined."""
Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """What the page is about; left out where the page goes among an author's own words (LaTeX)."""

    parts: Row


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence that is left out where headings are."""

    parts: Row


@dataclass(frozen=True, slots=True)
class Section:
    """The title of a part of the page."""

    parts: Row


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    parts: Row


@dataclass(frozen=True, slots=True)
class Formulas:
    """Formulas a line each, aligned at the & in each line."""

    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Titles over rows of as many cells; `align` has a letter a column: l(eft), r(ight), p(aragraph)."""

    align: str
    titles: Row
    rows: tuple[Row, ...] = ()


Block = Heading | Remark | Section | Text | Formulas | Table


def table(align: str, titles: Iterable[Cell], rows: Iterable[Row]) -> Table:
    """A table of titles and rows as they come; one letter of `align` stands for all columns."""
    heads = tuple(titles)
    return Table(align * len(heads) if len(align) == 1 else align, heads, tuple(rows))


def shown(cell: Cell, text: Callable[[str], str], formula: Callable[[str], str], number: Callable[[str], str]) -> str:
    """A cell as a format writes text, formulas and numbers; - for None and not a number."""
    if isinstance(cell, str):
        return text(cell)
    if isinstance(cell, Formula):
        return formula(cell.latex)
    if isinstance(cell, Number):
        return number(cell.text)
    return "-" if cell is None or cell != cell else _decimal(cell, formula, number)


def _decimal(value: float, formula: Callable[[str], str], number: Callable[[str], str]) -> str:
    if value in (float("inf"), float("-inf")):
        return formula(r"\infty" if value > 0 else r"-\infty")
    return number(str(value) if isinstance(value, int) else f"{value:.9g}")
