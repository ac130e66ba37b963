"""Three questions and their answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gdcli.results.differentiable import DifferentiabilityReport


def columns(result: DifferentiabilityReport) -> Sequence[str]:
    """The question, yes, no or undecided, and why."""
    return "question", "answer", "reason"


def rows(result: DifferentiabilityReport) -> Iterator[Sequence[object]]:
    """continuous, partial derivatives, differentiable."""
    yield from ((name, finding.answer, " ".join(finding.reasons)) for name, finding in result.findings.items())
