"""Sections of Markdown: a table for the README, and every figure behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.benchmarks.engine.crew import Times
from tests.benchmarks.engine.data import TOLERANCE

WORSE = "†"


@dataclass(frozen=True)
class Section:
    """`table`: a head and rows; `notes` below it; `details` are for whoever runs the benchmark, not for the README."""

    title: str
    table: list[list[str]]
    notes: tuple[str, ...] = ()
    drawing: str = ""
    details: list[list[str]] = field(default_factory=list)

    def text(self, *, whole: bool) -> str:
        """Markdown; the details only if `whole`."""
        parts = [f"**{self.title}**", markdown(self.table), *self.notes]
        if self.drawing:
            parts.append(f"```text\n{self.drawing}\n```")
        if whole and self.details:
            parts.append(markdown(self.details))
        return "\n\n".join(parts)


def markdown(table: Sequence[Sequence[str]]) -> str:
    """The table's first row is its head."""
    head, *rows = table
    rule = ["---"] * len(head)
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows))


def pivot(corner: str, cells: dict[tuple[str, str], str]) -> list[list[str]]:
    """Cells by (row, column), rows and columns in the order in which they first come."""
    columns = list(dict.fromkeys(column for _, column in cells))
    rows = list(dict.fromkeys(row for row, _ in cells))
    return [[corner, *columns], *([row, *(cells.get((row, column), "") for column in columns)] for row in rows)]


def mark(risk: float, reference: float) -> str:
    """A dagger where the risk is worse than the reference by more than the tolerance (or not a number)."""
    return "" if risk <= reference * (1 + TOLERANCE) else WORSE


def slower(ratio: float) -> str:
    """How many times gdcli's time this took."""
    return f"{ratio:.0f}x" if ratio >= 100 else f"{ratio:.3g}x"


def spread(times: Times) -> list[str]:
    """Median and least, in ms."""
    return [f"{1e3 * times.median:.4g}", f"{1e3 * times.least:.4g}"]
