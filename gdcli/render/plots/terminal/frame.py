"""The frame around the cells of a panel, with ticks and titles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from gdcli.render import Look
from gdcli.render.plots.terminal.layers import Cell
from gdcli.render.plots.terminal.scale import Scales
from gdcli.render.plots.terminal.words import plain
from gdcli.results.figure import Panel

LINES = {True: ("┌", "─", "┐", "│", "└", "┘"), False: ("+", "-", "+", "|", "+", "+")}


def framed(panel: Panel, scales: Scales, cells: Sequence[Sequence[Cell]], look: Look) -> Iterator[str]:
    """The title of y, the frame with its labels at the left and below, the title of x."""
    left, across, right, up, under_left, under_right = LINES[look.unicode]
    indent, edge, room = " " * scales.margin, across * scales.x.cells, scales.margin + scales.x.cells + 2
    labels = {scales.y.cells - 1 - scales.y.cell(tick): label for tick, label in scales.y.ticks}
    if panel.y.title:
        yield f"{indent}{plain(panel.y.title, look)}"[:room]
    yield f"{indent}{left}{edge}{right}"
    for j, row in enumerate(cells):
        yield f"{labels.get(j, ''):>{scales.margin - 1}} {up}{_painted(row, look)}{up}"
    yield f"{indent}{under_left}{edge}{under_right}"
    yield _ticks(scales)
    if panel.x.title:
        yield plain(panel.x.title, look)[:room].rjust(room)


def _ticks(scales: Scales) -> str:
    """The labels of x, each under its place; one that would touch its neighbour is left out."""
    line = ""
    for tick, label in scales.x.ticks:
        place = scales.margin + 1 + scales.x.cell(tick) - len(label) // 2
        start = max(0, min(place, scales.margin + scales.x.cells + 2 - len(label)))
        if not line or start > len(line):
            line = line.ljust(start) + label
    return line


def _painted(row: Sequence[Cell], look: Look) -> str:
    runs = groupby(row, key=lambda cell: cell[1])
    texts = [(style, "".join(character for character, _ in run)) for style, run in runs]
    return "".join(look.paint(text, style) if style else text for style, text in texts)
