"""A saved run as a picture for people."""

from __future__ import annotations

from gdcli.escape import visible
from gdcli.render import Look
from gdcli.render.text.loglog import DOTS, picture
from gdcli.results.plot import PlotReport

WIDEST = 80
MARKS = {"bound": DOTS, "averaged_gap": "a", "gap": "*", "above_local": "*"}
WORDS = {
    "bound": "the bound",
    "averaged_gap": "gap of the average",
    "gap": "gap R - R*",
    "above_local": "R - R_loc",
}


def result(result: PlotReport, look: Look) -> str:
    """The gap against the steps on log-log axes, with the bound and the average's gap where there are such."""
    title = f"{visible(result.data)}, {result.method}: the gap against the steps"
    # The bound first: curves are drawn over it.
    order = [name for name in MARKS if name in result.series]
    lines = picture({name: result.series[name] for name in order}, MARKS, min(look.width, WIDEST))
    legend = "   ".join(f"{MARKS[name]} {WORDS[name]}" for name in reversed(order))
    return "\n".join([look.paint(title, "bold"), *lines, *([legend] if legend else [])]) + "\n"
