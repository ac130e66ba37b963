"""The curves of a saved run: a line a point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gdcli.results.plot import PlotReport


def columns(result: PlotReport) -> Sequence[str]:
    """The curve, the step and the value there."""
    return "series", "step", "value"


def rows(result: PlotReport) -> Iterator[Sequence[object]]:
    """Curve by curve."""
    for name, points in result.series.items():
        yield from ((name, int(step), value) for step, value in points)
