"""The curves of a saved run as a table: a line a step."""

from __future__ import annotations

from collections.abc import Iterator

from gdcli.render.pages.blocks import Block, Heading, Row, Text, table
from gdcli.results.plot import PlotReport


def result(result: PlotReport) -> Iterator[Block]:
    """A column a curve."""
    yield Heading((f"{result.data}, {result.method}",))
    yield Text((f"The saved run {result.run} of {result.method} on {result.data}: the gap against the steps.",))
    curves = {name: dict(points) for name, points in result.series.items()}
    steps = sorted({step for points in curves.values() for step in points})
    rows: list[Row] = [(step, *(points.get(step) for points in curves.values())) for step in steps]
    yield table("r", ("step", *curves), rows)
