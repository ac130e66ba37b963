"""What gdcli problems emits."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import ClassVar

from gdcli.results.result import Result, Tabular, columns


@dataclass(frozen=True, slots=True)
class ProblemSummary(Result):
    """One bundled problem, as its card tells it."""

    command: ClassVar[str] = "problems"

    name: str
    title: str
    rows: int
    features: int
    loss: str
    target: str
    risk_optimum: float | None
    attained: bool
    shows: str
    origin: str
    licence: str
    file: str | None


@dataclass(frozen=True, slots=True)
class ProblemList(Tabular):
    """The bundled problems."""

    command: ClassVar[str] = "problems"

    problems: tuple[ProblemSummary, ...]

    def table(self) -> dict[str, list[object]]:
        """A problem a row."""
        return columns(self.problems, [field.name for field in fields(ProblemSummary)])
