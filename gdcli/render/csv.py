"""A run as CSV: a header, a line a step (a line a point for rates, a row for predictions).

What is said at the end goes to no column, so it is left to the other formats.
"""

from __future__ import annotations

import csv
import io
from dataclasses import fields
from typing import Any

from gdcli.errors import GdcliError
from gdcli.render import Look
from gdcli.results.descend import StepReport
from gdcli.results.minimize import MinimizeHead, MinimizeStep
from gdcli.results.predict import PredictHead, Prediction
from gdcli.results.rate import RatePoint, RateReport


def head(head: Any, look: Look) -> str:
    """The names of the columns."""
    if isinstance(head, MinimizeHead | PredictHead):
        return _line(head.columns())
    if isinstance(head, RateReport):
        return _line([field.name for field in fields(RatePoint)])
    return _line([field.name for field in fields(StepReport)])


def step(step: Any, look: Look) -> str:
    """One step, or one row; what is not known is an empty cell."""
    if isinstance(step, MinimizeStep | Prediction):
        return _line(step.cells())
    values = [getattr(step, field.name) for field in fields(RatePoint if isinstance(step, RatePoint) else StepReport)]
    return _line(["" if value is None else value for value in values])


def result(result: Any, look: Look) -> str:
    """Nothing: the last step is the result."""
    return ""


def error(error: GdcliError, command: str, look: Look) -> str:
    """Nothing: the message is on stderr."""
    return ""


def _line(cells: list[Any]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()
