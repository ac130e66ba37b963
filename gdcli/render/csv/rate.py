"""The curves of rates: a line a point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, fields

from gdcli.results.rate import RatePoint, RateReport


def columns(head: RateReport) -> Sequence[str]:
    """The fields of a point."""
    return [field.name for field in fields(RatePoint)]


def row(step: RatePoint) -> Sequence[object]:
    """One point."""
    return astuple(step)
