"""The log: a line a step, in columns that keep their place; a narrow page has fewer of them, a wide one more digits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from gdcli.render import Look
from gdcli.render.text.descend.numbers import fitting, gap, time
from gdcli.results.descend import DrawnStepReport, RunHead, StepReport


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
# Where rows are drawn, and no average is kept that a bound would be for.
DRAWN = (
    Column("step", 9),
    Column("epoch", 9, leaves=3),
    Column("R(theta)", 15),
    Column("gap R - R*", 12),
    Column("holdout", 11),
    Column("|grad R|", 10, leaves=2),
    Column("eta", 10, leaves=1),
    Column("time", 9, leaves=4),
)
# Where iterates are averaged the average stands beside the last one: the bound is for the average.
AVERAGED = (
    Column("step", 9),
    Column("epoch", 8, leaves=2),
    Column("R(theta)", 13),
    Column("gap R - R*", 12),
    Column("holdout", 11),
    Column("avg. gap", 10),
    Column("its bound", 10, leaves=4),
    Column("eta", 9, leaves=1),
    Column("time", 9, leaves=3),
)
# From this width on the risk and the gap have more digits, and steps and epochs more room.
WIDE = 100
WIDER = {"step": 3, "epoch": 2, "R(theta)": 4, "gap R - R*": 4, "avg. gap": 3}


def title(head: RunHead, look: Look) -> str:
    """The table's header; where no R* is claimed the gap's column is the distance to the local minimum."""
    names = {"gap R - R*": "R - R_loc"} if head.optimum.lowest is not None else {}
    columns = _columns(
        _table(head.averaging is not None, head.sampling is not None), look, head.rows_holdout is not None
    )
    return "".join(names.get(column.title, column.title).rjust(column.width) for column in columns)


def step(step: StepReport, look: Look) -> str:
    """One line of the table."""
    table = _table(step.averaged_gap is not None, isinstance(step, DrawnStepReport))
    columns = _columns(table, look, step.risk_holdout is not None)
    cells = {column.title: _cell(step, column, look).rjust(column.width) for column in columns}
    if _exceeded(step):
        cells |= {name: look.paint(cells[name], "red") for name in cells if name == "bound"}
    return "".join(cells.values()) + "\n"


def _exceeded(step: StepReport) -> bool:
    """Whether the gap is certified above its bound; a bound in expectation says nothing of a single run."""
    drawn = isinstance(step, DrawnStepReport)
    return not drawn and step.averaged_gap is None and step.bound is not None and step.gap_lower > step.bound


def _cell(step: StepReport, column: Column, look: Look) -> str:
    """What stands in a column, with a blank in front: as many digits as are true, and as find room."""
    more, room = 4 if look.width >= WIDE else 0, column.width - 1
    match column.title:
        case "gap R - R*" if step.above_local is None:
            return gap(step.gap, step.gap_lower, step.gap_upper, 4 + more, room)
        case "gap R - R*":
            return fitting(step.above_local, 4, room)
        case "time":
            return time(step.seconds)
        case "step":
            return fitting(step.step, 12, room)
    value, digits = {
        "epoch": (step.epoch, 3 + more // 4),
        "R(theta)": (step.risk, 8 + more),
        "avg. gap": (step.averaged_gap, 3 + more // 2),
        "|grad R|": (step.gradient_norm, 3),
        "eta": (step.eta, 3),
        "bound": (step.bound, 3),
        "its bound": (step.bound, 3),
        "holdout": (step.risk_holdout, 6),
    }[column.title]
    return fitting(value, digits, room)


def _table(averaged: bool, drawn: bool) -> tuple[Column, ...]:
    """The columns of a kind of run: an average of full steps stands in the table of averages, too."""
    if averaged:
        return AVERAGED
    return DRAWN if drawn else FULL


@cache
def _columns(every: tuple[Column, ...], look: Look, holdout: bool) -> list[Column]:
    """What fits on the page; the risk on unseen rows has a column where there are some."""
    more = WIDER if look.width >= WIDE else {}
    kept = [
        replace(column, width=column.width + more.get(column.title, 0))
        for column in every
        if holdout or column.title != "holdout"
    ]
    for leaving in sorted((column for column in kept if column.leaves), key=lambda column: column.leaves):
        if sum(column.width for column in kept) > look.width:
            kept.remove(leaving)
    return kept
