"""Standardised columns of rows in parts: `gdcli.data.scaling.standardise`, each pass of it a sum over the parts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gdcli.data import scaling
from gdcli.data.partitions.load import Rows
from gdcli.data.partitions.parts import Parts, added
from gdcli.data.scaling import Scaling
from gdcli.data.table import Floats

Pair = tuple[Floats, Floats]


def standardised(parts: Parts, centre: bool, ones: bool) -> Scaling:
    """Let every part's X be centred, if asked, and divided by the columns' root mean square over all parts.

    With `ones` a last column of ones is added.
    """
    low, high = parts.total(_extremes, by=_wider)
    steps = scaling.Steps.of(low, high)
    if centre:
        rows, total = parts.total(_sum, steps.unit, by=added)
        (left,) = parts.total(_left, steps.unit, total / rows, by=added)
        steps = steps.centred(total / rows + left / rows)
    rows, squares = parts.total(_squares, steps, by=added)
    steps = steps.scaled(np.sqrt(squares / rows), centre)
    parts.change(_standardise, steps, ones)
    return steps.scaling


def with_ones(parts: Parts) -> None:
    """Give every part's X a last column of ones."""
    parts.change(_with_ones)


def _extremes(part: Rows) -> Pair:
    return scaling.extremes(part.X)


def _wider(first: Pair, second: Pair) -> Pair:
    return np.minimum(first[0], second[0]), np.maximum(first[1], second[1])


def _sum(part: Rows, unit: Floats) -> tuple[int, Floats]:
    return len(part.X), scaling.sums(part.X, unit)


def _left(part: Rows, unit: Floats, mean: Floats) -> tuple[Floats]:
    return (scaling.residuals(part.X, unit, mean),)


def _squares(part: Rows, steps: scaling.Steps) -> tuple[int, Floats]:
    return len(part.X), scaling.squares(part.X, steps)


def _standardise(part: Rows, steps: scaling.Steps, ones: bool) -> Rows:
    return replace(part, X=scaling.applied(part.X, steps, ones))


def _with_ones(part: Rows) -> Rows:
    return replace(part, X=scaling.with_ones(part.X))
