"""Marks as layers of characters, the lowest first, laid over one another."""

from __future__ import annotations

from collections.abc import Iterator

from gdcli.render import Look
from gdcli.render.plots.terminal import fields, lines
from gdcli.render.plots.terminal.roles import Style, styles
from gdcli.render.plots.terminal.scale import Scales
from gdcli.render.plots.terminal.words import folded, plain
from gdcli.results.figure import Arrows, Band, Curve, Field, Mark, Panel

# A character and how it is painted ("": as it is).
Cell = tuple[str, str]
BRAILLE = 0x2800
SHADE = {True: "░", False: ":"}
# What dots cover: a character is kept.
GROUND = f"{fields.BANDS}{fields.HOLE}{''.join(SHADE.values())}"


def layers(panel: Panel, scales: Scales, look: Look) -> list[list[Cell]]:
    """The cells inside the frame, row by row from above."""
    cells: list[list[Cell]] = [[(" ", "")] * scales.x.cells for _ in range(scales.y.cells)]
    for mark, style, base in _styled(panel):
        for j, row in enumerate(_drawn(mark, style, base, scales, look)):
            for i, character in enumerate(row):
                if character not in (" ", chr(BRAILLE)):
                    cells[j][i] = _over(cells[j][i], character, mark, style, base, look)
    return cells


def legend(panel: Panel, width: int, look: Look) -> list[str]:
    """A character and a label for each mark that has one, and what the bands of a field are."""
    seen: dict[str, str] = {}
    for mark, style, base in sorted(_styled(panel), key=lambda each: each[1].dashed):
        if base is mark and isinstance(mark, Field):
            seen |= dict.fromkeys(fields.said(mark, plain(mark.label, look)), "")
        elif mark.label:
            sign = _sign(mark, style, look)
            seen.setdefault(f"{sign} {plain(mark.label, look)}", style.colour)
    lines = folded(list(seen), width, "   ")
    for text, colour in seen.items() if look.colour else ():
        if colour:
            lines = [line.replace(text, look.paint(text[0], colour) + text[1:], 1) for line in lines]
    return lines


def _styled(panel: Panel) -> Iterator[tuple[Mark, Style, Field | None]]:
    """Each mark with its style and the field whose bands lie below all: the first that is not one level's line."""
    base = next((m for m in panel.marks if isinstance(m, Field) and len(m.levels) != 1), None)
    for mark, style in zip(panel.marks, styles(panel.marks), strict=True):
        yield mark, style, base


def _drawn(mark: Mark, style: Style, base: Field | None, scales: Scales, look: Look) -> list[str]:
    """One mark alone: rows of blanks, of braille, and of other characters."""
    if isinstance(mark, Field):
        return fields.bands(mark, scales) if mark is base else fields.level_lines(mark, base, scales)
    if isinstance(mark, Band):
        return lines.band(mark, scales, SHADE[look.unicode])
    if isinstance(mark, Arrows):
        return lines.arrows(mark, scales, look.unicode)
    if isinstance(mark, Curve):
        return lines.curve(mark, style, scales)
    return lines.points(mark, style.character, scales)


def _over(below: Cell, character: str, mark: Mark, style: Style, base: Field | None, look: Look) -> Cell:
    """A character on what lies below: dots join dots; without Unicode dots are the style's character."""
    if mark is base:
        return character, "bright_black"
    if not _is_braille(character):
        return character, style.colour
    if not look.unicode:
        return style.character, style.colour
    if _is_braille(below[0]):
        return chr(ord(below[0]) | ord(character)), style.colour
    return (character, style.colour) if below[0] in GROUND else below


def _is_braille(character: str) -> bool:
    return BRAILLE <= ord(character) < BRAILLE + 256


def _sign(mark: Mark, style: Style, look: Look) -> str:
    """What the legend shows for a mark."""
    if isinstance(mark, Band):
        return SHADE[look.unicode]
    if isinstance(mark, Arrows):
        return lines.sign(mark, look.unicode)
    return style.character
