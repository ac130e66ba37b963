"""A saved run beside the same run again, in one line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gdcli.results.rerun import RerunReport


def columns(result: RerunReport) -> Sequence[str]:
    """What was compared, whether it is equal, and the first difference."""
    return "run", "data", "method", "steps", "lines", "equal", "step", "key", "saved", "again"


def rows(result: RerunReport) -> Iterator[Sequence[object]]:
    """The last four are empty where all is equal."""
    first = result.difference
    found = (None, None, None, None) if first is None else (first.step, first.key, first.saved, first.again)
    yield result.run, result.data, result.method, result.steps, result.lines, result.equal, *found
