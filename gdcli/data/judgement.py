"""Columns whose cells are no plain numbers throughout: texts, or numbers among which something is wrong."""

from __future__ import annotations

from dataclasses import dataclass

from gdcli.data.names import label, ranges
from gdcli.data.numbers import missing, number, numeric, oddity
from gdcli.data.selection import Selection
from gdcli.data.table import Place, Table
from gdcli.errors import DataError
from gdcli.escape import visible


@dataclass(frozen=True)
class Judgement:
    """Of a column's cells how many are there, how many of these are numbers in some writing, and how many are missing;
    the first that is no plain number, and the first that is missing, each with its place.
    """

    present: int
    numeric: int
    gaps: int = 0
    odd: tuple[str, Place] | None = None
    gap: tuple[str, Place] | None = None

    @property
    def text(self) -> bool:
        """Whether the column is one of texts: most of its cells are."""
        return 2 * self.numeric < self.present

    def __add__(self, below: Judgement) -> Judgement:
        """Of this column's cells with those that come below."""
        return Judgement(
            self.present + below.present,
            self.numeric + below.numeric,
            self.gaps + below.gaps,
            self.odd or below.odd,
            self.gap or below.gap,
        )

    def error(self, chosen: Selection, index: int) -> DataError | None:
        """What is wrong with the first cell that fits neither numbers nor texts, if one is."""
        if self.gap and (self.text or self.gap == self.odd):
            return _missing(*self.gap, self.gaps, chosen, index)
        return None if self.text or self.odd is None else _no_number(*self.odd, chosen, index)


def judge(cells: list[str], table: Table) -> Judgement:
    """Judge the cells of a column of `table`."""

    def first(row: int | None) -> tuple[str, Place] | None:
        if row is None:
            return None
        place = table.body.place(row)
        return cells[row], place._replace(file=place.file or table.file)

    gaps = [row for row, cell in enumerate(cells) if missing(cell)]
    numeric_cells = sum(numeric(cell) for cell in cells if not missing(cell))
    odd = next((row for row, cell in enumerate(cells) if number(cell) is None), None)
    return Judgement(len(cells) - len(gaps), numeric_cells, len(gaps), first(odd), first(gaps[0] if gaps else None))


def _no_number(cell: str, place: Place, chosen: Selection, index: int) -> DataError:
    found = oddity(cell)
    if found is not None:
        message, hint = f'"{visible(cell)}" looks like {found.looks}', found.remedy
    elif cell == chosen.names[index]:
        message, hint = "this line repeats the header", "were two files joined? remove the line"
    else:
        message = f'"{visible(cell)}" is not a number, and this column holds numbers'
        hint = f"correct the cell or drop the line{or_without(chosen, index)}"
    return error_at(message, place, chosen, index, hint=hint)


def _missing(cell: str, place: Place, gaps: int, chosen: Selection, index: int) -> DataError:
    shown = f'a missing cell, "{visible(cell)}"' if cell else "an empty cell"
    more = f" (one of {gaps} in this column)" if gaps > 1 else ""
    hint = f"fill it or drop the line{or_without(chosen, index)}"
    return error_at(f"{shown}{more}", place, chosen, index, hint=hint)


def or_without(chosen: Selection, index: int) -> str:
    """Return the end of a hint: the option that leaves a feature out, where others remain."""
    rest = ranges(sorted(j + 1 for j in chosen.features if j != index))
    return f", or leave the column out: --features {rest}" if index != chosen.target and rest else ""


def error_at(message: str, place: Place, chosen: Selection, index: int, *, hint: str) -> DataError:
    """The error at a place of a column."""
    return DataError(
        f"{message}{place.row}",
        file=place.file or "",
        line=place.line,
        column=label(index, chosen.names[index]),
        hint=hint,
    )
