"""A valley in characters: f in ten bands from low (blank) to high (#), the path on it."""

from __future__ import annotations

from bisect import bisect_right

from gdcli.render import Look
from gdcli.results.minimize import Valley

BANDS = " .:-=+*%@#"


def picture(valley: Valley, names: list[str], look: Look) -> list[str]:
    """The grid with its frame and legend; bands hold equally many cells each."""
    limits = _limits(valley)
    cells = [["?" if v is None else BANDS[bisect_right(limits, v)] for v in row] for row in valley.values]
    for mark, place in [("o", p) for p in valley.path] + [("S", valley.path[0]), ("E", valley.path[-1])]:
        i, j = _cell(valley, place)
        cells[j][i] = mark
    (left, right), (bottom, top) = valley.x, valley.y
    edge = f"+{'-' * len(cells[0])}+"
    lines = [f"{names[1]} = {top:.4g}", edge]
    lines += [f"|{_painted(row, look)}|" for row in reversed(cells)]
    end = f"{names[0]} = {right:.4g}"
    start = f"{names[1]} = {bottom:.4g}, {names[0]} = {left:.4g}"
    lines += [edge, start + end.rjust(max(len(edge) - len(start), len(end) + 2))]
    return [*lines, "S start, o path, E end; " + _legend(limits)]


def _limits(valley: Valley) -> list[float]:
    """The values between the bands."""
    values = sorted(v for row in valley.values for v in row if v is not None)
    if not values:
        return []
    limits = [values[len(values) * k // len(BANDS)] for k in range(1, len(BANDS))]
    return sorted(set(limits))


def _legend(limits: list[float]) -> str:
    if not limits:
        return "f has no value here"
    return f"f from low (blank) to high (#): ' ' < {limits[0]:.3g}, # >= {limits[-1]:.3g}"


def _cell(valley: Valley, place: tuple[float, float]) -> tuple[int, int]:
    counts = len(valley.values[0]), len(valley.values)
    found = []
    for x, (low, high), cells in zip(place, (valley.x, valley.y), counts, strict=True):
        found.append(min(cells - 1, max(0, int((x - low) / (high - low) * cells))))
    return found[0], found[1]


def _painted(row: list[str], look: Look) -> str:
    return "".join(look.paint(c, "bold red") if c in "SoE" else c for c in row) if look.colour else "".join(row)
