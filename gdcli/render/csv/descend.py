"""The log of a run: a line a step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, fields

from gdcli.results.descend import RunHead, StepReport


def columns(head: RunHead) -> Sequence[str]:
    """The fields of a step."""
    return [field.name for field in fields(StepReport)]


def row(step: StepReport) -> Sequence[object]:
    """One step."""
    return astuple(step)
