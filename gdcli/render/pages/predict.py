"""Predictions: a line a row, and the risk where the file has the target."""

from __future__ import annotations

from collections.abc import Iterator

from gdcli.render.pages.blocks import Block, Heading, Row, Text, table
from gdcli.results.predict import PredictHead, Prediction, PredictReport


def head(head: PredictHead) -> Iterator[Block]:
    """The titles of the columns."""
    yield Heading(("Predictions",))
    yield table("r", head.columns(), ())


def step(step: Prediction) -> Row:
    """One row."""
    return tuple(step.cells())


def result(result: PredictReport) -> Iterator[Block]:
    """The mean loss."""
    yield Text((f"{result.data}: {result.judged or f'{result.rows} rows, without a target'}.",))
