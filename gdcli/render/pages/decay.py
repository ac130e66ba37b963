"""How fast the remainder decays, as a table: a line a length of h, a column a direction."""

from __future__ import annotations

from collections.abc import Sequence

from gdcli.render.pages.blocks import Cell, Formula, Number, Row, Table, table
from gdcli.results.common import DecayRow


def decay_table(of: str, directions: Sequence[Sequence[float]], decay: Sequence[DecayRow]) -> Table:
    """|`of`|/||h|| along each direction; `of` is a formula."""
    norm = r"\left|h\right|" if len(directions[0]) == 1 else r"\left\|h\right\|"
    ratio = rf"\frac{{\left|{of}\right|}}{{{norm}}}"
    titles = [Formula(norm), *(Formula(rf"{ratio}, {_along(direction)}") for direction in directions)]
    rows: list[Row] = [(Number(f"{row.h:g}"), *map(_ratio, row.ratios)) for row in decay]
    return table("r", titles, rows)


def _along(direction: Sequence[float]) -> str:
    if len(direction) == 1:
        return f"h {'>' if direction[0] > 0 else '<'} 0"
    return rf"h \parallel ({', '.join(f'{entry:.3g}' for entry in direction)})"


def _ratio(ratio: float | None) -> Cell:
    return "not defined" if ratio is None else Number(f"{ratio:.4g}")
