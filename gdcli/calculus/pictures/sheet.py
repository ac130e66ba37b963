"""f over a rectangle around a point, and the values worth a contour."""

from __future__ import annotations

import math
from collections.abc import Sequence

from gdcli.calculus.pictures.graph import reach
from gdcli.calculus.pictures.values import Values
from gdcli.results.figure import Numbers

CELLS = 28
LEVELS = 11


def axis(f: Values, place: Sequence[float], k: int, slope: float, cells: int = CELLS) -> tuple[float, ...]:
    """The k-th coordinates of a grid around the point, as wide as f along them is worth looking at."""

    def along(t: float) -> float | None:
        return f([t if i == k else x for i, x in enumerate(place)])

    return span(place[k], reach(along, place[k], slope), cells)


def span(middle: float, w: float, cells: int = CELLS) -> tuple[float, ...]:
    """Equally spaced numbers from middle - w to middle + w."""
    return tuple(middle + w * (2 * i - cells) / cells for i in range(cells + 1))


def sheet(f: Values, x: Sequence[float], y: Sequence[float]) -> tuple[Numbers, ...]:
    """f at every (x_i, y_j), row by row of y."""
    return tuple(tuple(f([a, b]) for a in x) for b in y)


def levels(rows: Sequence[Numbers], count: int = LEVELS) -> tuple[float, ...]:
    """Values for contours, geometrically spaced above the least: so a valley shows its bottom and its walls."""
    known = sorted(value for row in rows for value in row if value is not None)
    if not known or known[0] == known[-1]:
        return ()
    rises = [value - known[0] for value in known]
    low, high = (_quantile(rises, q) for q in (0.01, 0.97))
    if not 0.0 < low < high:
        low, high = rises[-1] / 100.0, rises[-1]
    ratio = (high / low) ** (1.0 / (count - 1))
    found = [_rounded(known[0] + low * ratio**k, low * ratio**k * (1.0 - 1.0 / ratio)) for k in range(count)]
    return tuple(sorted({level for level in found if known[0] < level < known[-1]}))


def even(rows: Sequence[Numbers], through: float, count: int = LEVELS) -> tuple[float, ...]:
    """Equally spaced values, `through` among them: so contours stand the closer the steeper f is."""
    known = sorted(value for row in rows for value in row if value is not None)
    low, high = (_quantile(known, q) for q in (0.03, 0.97))
    gap = (high - low) / count
    if not gap > 0.0:
        return ()
    steps = range(math.ceil((low - through) / gap), math.floor((high - through) / gap) + 1)
    return tuple(through + gap * k for k in steps)


def _quantile(ordered: Sequence[float], q: float) -> float:
    return ordered[int(q * (len(ordered) - 1))]


def _rounded(level: float, gap: float) -> float:
    """The level with no more digits than tell it from its neighbours."""
    return round(level, 1 - math.floor(math.log10(gap))) if gap > 0.0 else level
