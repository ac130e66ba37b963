"""A figure as a PNG image, with twice the pixels of a common screen."""

from __future__ import annotations

from gdcli.render.plots.page import save
from gdcli.results.figure import Figure

DPI = 200


def draw(figure: Figure) -> bytes:
    """The bytes of the file."""
    return save(figure, "png", dpi=DPI, metadata={"Software": None})
