"""A line a partial derivative: its formula, and its value at the point if there is one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gdcli.results.grad import GradientReport


def columns(result: GradientReport) -> Sequence[str]:
    """variable, partial, and value at a point."""
    return ("variable", "partial") if result.point is None else ("variable", "partial", "value")


def rows(result: GradientReport) -> Iterator[Sequence[object]]:
    """One a variable; the value is empty where there is no derivative."""
    values = {} if result.point is None else {slope.variable: slope.slope.value for slope in result.point.slopes}
    for name, partial in result.partials.items():
        yield name, partial.text, *([values[name]] if values else [])
