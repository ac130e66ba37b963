"""A figure as a page of PDF in its own size, with the fonts it needs."""

from __future__ import annotations

from gdcli.render.plots.page import save
from gdcli.render.plots.words import unadorned
from gdcli.results.figure import Figure


def draw(figure: Figure) -> bytes:
    """The bytes of the file, without the time of its making."""
    about = {"CreationDate": None, "Producer": None, "Creator": "gdcli", "Title": unadorned(figure.title)}
    return save(figure, "pdf", metadata=about)
