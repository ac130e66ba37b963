"""Words in the room there is: set smaller down to eight points, then cut; notes are broken into lines."""

from __future__ import annotations

from textwrap import wrap

from gdcli.render.plots.words import formula, words
from gdcli.results.figure import Figure

SMALLEST = 8.0
POINTS = 72.0


def title(figure: Figure, size: float, inches: float) -> tuple[str, float]:
    """The formula as mathematics with its size, else as text; where there is none, the figure's title. A formula of
    no text says nothing of this figure: its title stands before it.
    """
    shown = formula(figure)
    if shown and not figure.text:
        shown = f"{words(figure.title)}:   {shown}"
    smaller = size * min(1.0, inches / _inches(shown, size)) if shown else 0.0
    if smaller >= SMALLEST:
        return shown, smaller
    return fitted(words(figure.text.replace("$", r"\$") or figure.title, None), size, inches)


def fitted(shown: str, size: float, inches: float) -> tuple[str, float]:
    """The words, already escaped, and the size at which they fit; cut where that would be too small to read."""
    width = _inches(shown, size) if shown else 0.0
    if width <= inches:
        return shown, size
    if size * inches / width >= SMALLEST:
        return shown, size * inches / width
    room = int(len(shown) * inches / width * size / SMALLEST)
    return shown[: max(0, room - 4)].rstrip("\\") + "...", SMALLEST


def notes(figure: Figure, inches: float) -> list[str]:
    """The notes in lines of the page's width; one with mathematics in it stays whole."""
    found = []
    for note in figure.notes:
        shown = words(note, None)
        found += [shown] if "$" in shown else wrap(shown, int(inches * 15))
    return found


def _inches(shown: str, size: float) -> float:
    from matplotlib.textpath import TextPath

    return float(TextPath((0, 0), shown, size=size).get_extents().width) / POINTS
