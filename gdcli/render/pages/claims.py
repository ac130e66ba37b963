"""The claims of a file: a line a claim, and their count."""

from __future__ import annotations

from collections.abc import Iterator

from gdcli.render.pages.blocks import Block, Heading, Row, Text, table
from gdcli.render.text.check import briefly, weakest
from gdcli.results.check import CheckSummary, ClaimAnswer, ClaimsHead


def head(head: ClaimsHead) -> Iterator[Block]:
    """The titles of the columns."""
    yield Heading((f"Claims of {head.file}",))
    yield table("rlpp", (head.unit, "verdict", "formula", "because"), ())


def step(step: ClaimAnswer) -> Row:
    """One claim: right, wrong and where, or bad and why."""
    if step.report is None:
        return step.number, step.verdict, "", "" if step.error is None else step.error.message
    because = weakest(step.report) if step.report.right else briefly(step.report)
    return step.number, step.verdict, step.report.expression.text, because


def result(result: CheckSummary) -> Iterator[Block]:
    """How many are right, wrong and bad."""
    counts = f"{result.right} right ({result.proven} proven), {result.wrong} wrong, {result.bad} bad"
    noun = "claim" if result.claims == 1 else "claims"
    yield Text((f"{result.claims} {noun}: {counts}.",))
