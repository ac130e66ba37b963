"""f around the path of a run, on a grid: the picture of a valley."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from gdcli.kernels.derived import Derived
from gdcli.kernels.interpret import scalars
from gdcli.results.minimize import Valley

COLUMNS, ROWS = 60, 20
MARGIN = 0.25
PLACES = 4000


def valley(kernel: Derived, trace: Sequence[tuple[float, ...]]) -> Valley:
    """f(x, y) at the centres of 60 x 20 cells that hold the finite places of `trace` with a margin."""
    path = [(p[0], p[1]) for p in trace if all(map(math.isfinite, p)) and max(map(abs, p)) < 1e100]
    x, y = (_range([place[i] for place in path]) for i in (0, 1))
    (f,) = scalars(kernel)
    values = tuple(tuple(_value(f, a, b) for a in _centres(x, COLUMNS)) for b in _centres(y, ROWS))
    stride = max(1, len(path) // PLACES)
    return Valley(x, y, values, (*path[::stride], path[-1]))


def _range(coordinates: Sequence[float]) -> tuple[float, float]:
    low, high = min(coordinates), max(coordinates)
    margin = MARGIN * (high - low) or max(1.0, abs(low) / 2)
    return low - margin, high + margin


def _centres(ends: tuple[float, float], cells: int) -> list[float]:
    width = (ends[1] - ends[0]) / cells
    return [float(c) for c in ends[0] + width * (np.arange(cells) + 0.5)]


def _value(f: object, a: float, b: float) -> float | None:
    try:
        value = f(a, b)[0]  # type: ignore[operator]
    except (ArithmeticError, ValueError):
        return None
    return None if isinstance(value, complex) or not math.isfinite(value) else float(value)
