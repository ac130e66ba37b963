"""Fields in characters: bands from low (blank) to high (#), and the lines of single levels."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from plotille import Canvas

from gdcli.render.plots.terminal.lines import HIGH, WIDE, rows_of
from gdcli.render.plots.terminal.scale import Scales
from gdcli.results.figure import Field

BANDS = " .:-=+*%@#"
HOLE = "?"
Values = list[list[float | None]]


def bands(field: Field, scales: Scales) -> list[str]:
    """A character a cell, for the band its middle lies in; ? where the field has no value."""
    limits = _limits(field)
    values = _sampled(field, scales, scales.x.cells, scales.y.cells)
    return ["".join(HOLE if v is None else _band(v, limits) for v in row) for row in reversed(values)]


def level_lines(field: Field, base: Field | None, scales: Scales) -> list[str]:
    """Dots where the field passes one of its own levels, or where it has none, of the levels of the bands."""
    columns, rows = scales.x.cells * WIDE, scales.y.cells * HIGH
    canvas = Canvas(scales.x.cells, scales.y.cells, 0, 0, columns, rows)
    limits = list(field.levels) or ([] if base is None else _limits(base))
    values = _sampled(field, scales, columns, rows)
    sides = [[None if v is None else bisect_right(limits, v) for v in row] for row in values]
    for j, row in enumerate(sides):
        for i, side in enumerate(row):
            near = (row[i + 1] if i + 1 < columns else side, sides[j + 1][i] if j + 1 < rows else side)
            if side is not None and any(other not in (None, side) for other in near):
                canvas.point(i, j)
    return rows_of(canvas)


def said(field: Field, label: str) -> list[str]:
    """The bands in words."""
    limits = _limits(field)
    if not limits:
        return [f"{label or 'f'}: one value, or none"]
    shown = [limits[k * (len(limits) - 1) // 3] for k in range(4)] if len(limits) > 4 else limits
    hole = [f"{HOLE} no value"] if any(v is None for row in field.z for v in row) else []
    pairs = dict.fromkeys(f"{_band(v, limits)} from {v:.4g}" for v in shown)
    return [f"{label or 'f'} from low (blank) to high (#):", *pairs, *hole]


def _limits(field: Field) -> list[float]:
    """At most as many as there are borders between bands: the levels, else such that bands are alike large."""
    known = sorted({v for row in field.z for v in row if v is not None}) if not field.levels else sorted(field.levels)
    borders = len(BANDS) - 1
    if len(known) <= borders:
        return known if field.levels else known[1:]
    return [known[len(known) * k // (borders + 1)] for k in range(1, borders + 1)]


def _band(value: float, limits: Sequence[float]) -> str:
    """The first band is blank and the last #, however many there are."""
    return BANDS[bisect_right(limits, value) * (len(BANDS) - 1) // max(1, len(limits))]


def _sampled(field: Field, scales: Scales, columns: int, rows: int) -> Values:
    """The field at the middles of so many cells, between its grid's points by both coordinates."""
    across = [_between(field.x, scales.x.value((i + 0.5) / columns)) for i in range(columns)]
    up = [_between(field.y, scales.y.value((j + 0.5) / rows)) for j in range(rows)]
    return [[_value(field, a, b) for a in across] for b in up]


def _between(grid: Sequence[float], at: float) -> tuple[int, float] | None:
    """The grid's interval and the share of it; None outside."""
    if len(grid) < 2 or not grid[0] <= at <= grid[-1]:
        return None
    k = min(bisect_right(grid, at) - 1, len(grid) - 2)
    return k, (at - grid[k]) / (grid[k + 1] - grid[k])


def _value(field: Field, across: tuple[int, float] | None, up: tuple[int, float] | None) -> float | None:
    if across is None or up is None:
        return None
    (i, s), (j, t) = across, up
    corners = field.z[j][i], field.z[j][i + 1], field.z[j + 1][i], field.z[j + 1][i + 1]
    a, b, c, d = corners
    if a is None or b is None or c is None or d is None:
        return None
    return (1.0 - t) * ((1.0 - s) * a + s * b) + t * ((1.0 - s) * c + s * d)
