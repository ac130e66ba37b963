"""Figures in characters: a frame a panel, one under the other, with a legend.

plotille draws the lines, in dots of braille; its canvas is pure Python, needs nothing else and keeps no global state.
Frames and legends are ours, since plotille's are always as wide as it finds right, know no logarithms, and colour only
what is written to a terminal of its own finding. So are contours, which no library for terminals draws.
"""

from __future__ import annotations

from collections.abc import Iterator

from gdcli.render import Look
from gdcli.render.plots.terminal.frame import framed
from gdcli.render.plots.terminal.layers import layers, legend
from gdcli.render.plots.terminal.scale import scales
from gdcli.render.plots.terminal.words import folded, plain
from gdcli.results.figure import Figure, Panel, literal

WIDEST = 100
# Titles and notes go on in the next line.
WHOLE = 400


def draw(figure: Figure, look: Look) -> str:
    """The figure in lines of at most `look.width` characters, and never more than 100."""
    width = min(look.width, WIDEST)
    lines = [""]
    title = [plain(figure.title, look, WHOLE), plain(literal(figure.text), look, WHOLE)]
    lines += [look.paint(line, "bold") for line in folded([part for part in title if part], width, "  ")]
    for panel in figure.panels:
        lines += [*_panel(panel, figure.title, width, look), ""]
    for note in figure.notes:
        lines += folded(plain(note, look, WHOLE).split(), width, " ")
    return "\n".join(line.rstrip() for line in lines).rstrip("\n") + "\n"


def _panel(panel: Panel, title: str, width: int, look: Look) -> Iterator[str]:
    """Its title, where it is another than the figure's, the frame and the legend."""
    if panel.title and panel.title != title:
        yield from folded([plain(panel.title, look, WHOLE)], width, " ")
    found = scales(panel, width)
    if found is None:
        yield f"{plain(panel.y.title, look) or 'marks'}: nothing to draw"
        return
    drawn = layers(panel, found, look)
    yield from framed(panel, found, drawn, look)
    yield from legend(panel, width, look)
