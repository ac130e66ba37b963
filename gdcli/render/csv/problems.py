"""The bundled problems, or one of them: a line a problem."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple, fields

from gdcli.results.problems import ProblemList, ProblemSummary


def columns(result: ProblemList | ProblemSummary) -> Sequence[str]:
    """What a card tells."""
    return [field.name for field in fields(ProblemSummary)]


def rows(result: ProblemList | ProblemSummary) -> Iterator[Sequence[object]]:
    """One a problem."""
    cards = result.problems if isinstance(result, ProblemList) else (result,)
    yield from map(astuple, cards)
