"""theta_T beside theta*: a table, a line a parameter."""

from __future__ import annotations

from collections.abc import Sequence

from gdcli.escape import visible
from gdcli.render import Look
from gdcli.render.text.descend.layout import folded
from gdcli.results.descend import RunReport

CELL = 17
WIDEST = 4096
"""Characters of a parameter's name that are shown."""


def parameters(result: RunReport, look: Look) -> list[str]:
    """The table of all parameters; a name too long for its column has a line of its own."""
    best, title = result.theta_optimum, "theta*"
    if best is None and result.theta_local is not None:
        best, title = result.theta_local, "theta_loc"
    titles = ["theta_T"] if best is None else ["theta_T", title, "difference"]
    rows = {
        visible(name, WIDEST): _numbers(value, None if best is None else best[name])
        for name, value in result.theta.items()
    }
    room = look.width - 2 - CELL * len(titles)
    width = min(room, max(map(len, rows)))
    lines = ["  " + " " * width + _cells(titles)]
    for name, cells in rows.items():
        if len(name) > width:
            lines += folded(f"  {name}", look)
        lines.append(f"  {name if len(name) <= width else '':{width}}{_cells(cells)}")
    if result.theta_difference is not None:
        lines += folded(f"  largest difference {result.theta_difference:.3g}", look)
    return lines


def _numbers(value: float, best: float | None) -> list[str]:
    return [f"{value:.10g}"] if best is None else [f"{value:.10g}", f"{best:.10g}", f"{value - best:.2e}"]


def _cells(cells: Sequence[str]) -> str:
    return "".join(cell.rjust(CELL) for cell in cells)
