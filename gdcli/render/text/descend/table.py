"""The log: a line a step, in columns that keep their place; a narrow page has fewer of them, a wide one more digits."""

from __future__ import annotations

from dataclasses import dataclass

from gdcli.render import Look
from gdcli.render.text.descend.numbers import gap
from gdcli.results.descend import RunHead, StepReport


@dataclass(frozen=True, slots=True)
class Column:
    """A title, a width, and the order in which columns are given up where the page is too narrow; 0 never."""

    title: str
    width: int
    leaves: int = 0


FULL = (
    Column("step", 9),
    Column("R(theta)", 15),
    Column("gap R - R*", 12),
    Column("holdout", 11),
    Column("bound", 10),
    Column("|grad R|", 10, leaves=2),
    Column("eta", 10, leaves=1),
    Column("time", 9, leaves=3),
)
# Where iterates are averaged the average stands beside the last one: the bound is for the average.
AVERAGED = (
    Column("step", 9),
    Column("epoch", 8, leaves=2),
    Column("R(theta)", 13),
    Column("gap R - R*", 12),
    Column("holdout", 11),
    Column("avg. gap", 10),
    Column("its bound", 10),
    Column("eta", 9, leaves=1),
    Column("time", 9, leaves=3),
)
# From this width on the risk and the gap have more digits.
WIDE = 100
WIDER = {"R(theta)": 4, "gap R - R*": 4, "avg. gap": 3}


def title(head: RunHead, look: Look) -> str:
    """The table's header; where no R* is claimed the gap's column is the distance to the local minimum."""
    names = {"gap R - R*": "R - R_loc"} if head.optimum.lowest is not None else {}
    columns = _columns(FULL if head.averaging is None else AVERAGED, look, head.rows_holdout is not None)
    return "".join(names.get(column.title, column.title).rjust(column.width) for column in columns)


def step(step: StepReport, look: Look) -> str:
    """One line of the table."""
    more = 4 if look.width >= WIDE else 0
    shown = {
        "step": str(step.step),
        "epoch": f"{step.epoch:.3g}",
        "R(theta)": f"{step.risk:.{8 + more}g}",
        "gap R - R*": gap(step.gap, step.gap_lower, step.gap_upper, 4 + more)
        if step.above_local is None
        else f"{step.above_local:.4g}",
        "avg. gap": "-" if step.averaged_gap is None else f"{step.averaged_gap:.{3 + more // 2}g}",
        "|grad R|": f"{step.gradient_norm:.3g}",
        "eta": "-" if step.eta is None else f"{step.eta:.3g}",
        "time": f"{step.seconds:.2f} s",
    }
    shown["bound"] = shown["its bound"] = "-" if step.bound is None else f"{step.bound:.3g}"
    shown["holdout"] = "-" if step.risk_holdout is None else f"{step.risk_holdout:.6g}"
    columns = _columns(FULL if step.averaged_gap is None else AVERAGED, look, step.risk_holdout is not None)
    return "".join(_cell(shown[column.title], column.width) for column in columns) + "\n"


def _cell(text: str, width: int) -> str:
    """To the right, with a blank in front also of a text as wide as the column."""
    return text.rjust(width) if len(text) < width else f" {text}"


def _columns(every: tuple[Column, ...], look: Look, holdout: bool) -> list[Column]:
    """What fits on the page; the risk on unseen rows has a column where there are some."""
    columns = [column for column in every if holdout or column.title != "holdout"]
    if look.width >= WIDE:
        return [Column(column.title, column.width + WIDER.get(column.title, 0)) for column in columns]
    kept = columns
    for column in sorted((column for column in every if column.leaves), key=lambda column: column.leaves):
        if sum(each.width for each in kept) > look.width:
            kept.remove(column)
    return kept
