"""The claims of a file: a line a claim."""

from __future__ import annotations

from collections.abc import Sequence

from gdcli.results.check import ClaimAnswer, ClaimsHead


def columns(head: ClaimsHead) -> Sequence[str]:
    """The place, the verdict, the formula, the partials that are wrong, and why a claim could not be checked."""
    return "file", head.unit, "verdict", "formula", "wrong", "error"


def row(answer: ClaimAnswer) -> Sequence[object]:
    """One claim: right, wrong or bad."""
    place = answer.file, answer.number, answer.verdict
    if answer.report is None:
        return *place, None, None, None if answer.error is None else answer.error.message
    wrong = " ".join(partial.variable for partial in answer.report.partials if not partial.right)
    return *place, answer.report.expression.text, wrong, None
