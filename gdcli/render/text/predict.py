"""Predictions for people: a line a row."""

from __future__ import annotations

from gdcli.escape import visible
from gdcli.render import Look
from gdcli.results.predict import PredictHead, Prediction, PredictReport

WIDTH = 16


def head(head: PredictHead, look: Look) -> str:
    """The titles of the columns."""
    return look.paint("".join(name.rjust(WIDTH if j else 8) for j, name in enumerate(head.names)), "bold")


def step(step: Prediction, look: Look) -> str:
    """One row."""
    row, *rest = step.cells()
    shown = [f"{value:.8g}" if isinstance(value, float) else visible(str(value)) for value in rest]
    return f"{row:>8}" + "".join(f" {text:>{WIDTH - 1}}" for text in shown) + "\n"


def result(result: PredictReport, look: Look) -> str:
    """The risk, where the file has the target."""
    return "" if result.judged is None else f"\n{result.judged}\n"
