"""A claimed gradient: a line a partial derivative."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gdcli.render.text.calculus import place
from gdcli.results.check import CheckReport


def columns(result: CheckReport) -> Sequence[str]:
    """The claim, right or wrong and how that is known, the derivative, and the point that shows a wrong one."""
    return "variable", "claim", "verdict", "how", "derivative", "at", "claim_value", "derivative_value"


def rows(result: CheckReport) -> Iterator[Sequence[object]]:
    """The last three are empty where the claim is right."""
    for partial in result.partials:
        found = partial.counterexample
        point = (None, None, None) if found is None else (place(found.at), found.claim.value, found.truth.value)
        verdict = "right" if partial.right else "wrong"
        yield partial.variable, partial.claim.text, verdict, partial.how, partial.truth.text, *point
