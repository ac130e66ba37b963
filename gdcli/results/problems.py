"""What gdcli problems emits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class ProblemSummary:
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
class ProblemList:
    """The bundled problems."""

    command: ClassVar[str] = "problems"

    problems: tuple[ProblemSummary, ...]
