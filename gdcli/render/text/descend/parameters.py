"""theta_T beside theta*: a table, a line a parameter."""

from __future__ import annotations

from collections.abc import Mapping

from gdcli.escape import visible
from gdcli.render import Look
from gdcli.render.text.descend.layout import folded
from gdcli.results.descend import RunReport

NARROW = 80
"""A page less wide than this shows 8 digits, others 10."""
WIDEST = 4096
"""Characters of a parameter's name that are shown."""


def parameters(result: RunReport, look: Look) -> list[str]:
    """The table of all parameters; a name too long for its column has a line of its own."""
    best, title = reference(result)
    digits = 8 if look.width < NARROW else 10
    rows = [["", "theta_T"] if best is None else ["", "theta_T", title, "difference"]]
    for name, value in result.theta.items():
        row = [visible(name, WIDEST), f"{value:.{digits}g}"]
        rows.append(row if best is None else [*row, f"{best[name]:.{digits}g}", f"{value - best[name]:.2e}"])
    lines = _table(rows, (digits + 7, digits + 7, 11), look)
    if result.theta_difference is not None:
        lines += folded(f"  largest difference {result.theta_difference:.3g}", look)
    return lines


def reference(result: RunReport) -> tuple[Mapping[str, float] | None, str]:
    """What theta_T is compared with, and its name by what is proven of it."""
    if result.theta_optimum is not None:
        return result.theta_optimum, "theta*"
    return (result.theta_computed, "theta_hat") if result.theta_local is None else (result.theta_local, "theta_loc")


def _table(rows: list[list[str]], widths: tuple[int, ...], look: Look) -> list[str]:
    """A name and numbers to the right of it in columns of these widths."""
    cells = ["".join(cell.rjust(width) for cell, width in zip(row[1:], widths, strict=False)) for row in rows]
    room = min(look.width - 2 - len(cells[0]), max(len(row[0]) for row in rows))
    lines = []
    for (name, *_), numbers in zip(rows, cells, strict=True):
        if len(name) > room:
            lines += folded(f"  {name}", look)
        lines.append(f"  {name if len(name) <= room else '':{room}}{numbers}")
    return lines
