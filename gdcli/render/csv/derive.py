"""The difference quotients at a point, a line an h; at a general point the derivatives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gdcli.results.derive import DeriveReport


def columns(result: DeriveReport) -> Sequence[str]:
    """At a point the quotients at h and -h."""
    return ("variable", "derivative") if result.point is None else ("variable", "h", "right", "left")


def rows(result: DeriveReport) -> Iterator[Sequence[object]]:
    """The one-sided limits last, in the line of h = 0."""
    if result.point is None:
        yield from ((name, partial.text) for name, partial in result.partials.items())
        return
    for derivation in result.derivations:
        yield from ((derivation.variable, row.h, row.right, row.left) for row in derivation.table)
        yield derivation.variable, 0.0, derivation.right.value, derivation.left.value
