"""Predictions: a line a row of the data."""

from __future__ import annotations

from collections.abc import Sequence

from gdcli.results.predict import PredictHead, Prediction


def columns(head: PredictHead) -> Sequence[str]:
    """row, prediction, and probability or score where there are classes."""
    return head.columns()


def row(step: Prediction) -> Sequence[object]:
    """One row."""
    return step.cells()
