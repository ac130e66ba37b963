"""A figure as SVG: letters as outlines, which look the same everywhere, and its words for searching and for reading
aloud.
"""

from __future__ import annotations

from html import escape

from gdcli.render.plots.page import save
from gdcli.render.plots.words import unadorned
from gdcli.results.figure import Figure, Panel

_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


def draw(figure: Figure) -> bytes:
    """The bytes of the file."""
    return _described(save(figure, "svg", metadata=_METADATA).decode(), figure).encode()


def _described(picture: str, figure: Figure) -> str:
    """The picture with `title` and `desc` as its first children, where programs look for them."""
    start = picture.index("<svg ")
    end = picture.index(">", start) + 1
    about = (
        f'<title id="title">{escape(summary(figure))}</title>\n <desc id="desc">{escape(description(figure))}</desc>'
    )
    opening = picture[start : end - 1] + ' role="img" aria-labelledby="title desc">'
    return f"{picture[:start]}{opening}\n {about}{picture[end:]}"


def summary(figure: Figure) -> str:
    """The picture in a line."""
    return ": ".join(filter(None, (unadorned(figure.title), unadorned(figure.text))))


def description(figure: Figure) -> str:
    """What is to be seen, panel by panel, and the notes."""
    return " ".join([*map(_panel, figure.panels), *map(unadorned, figure.notes)])


def _panel(panel: Panel) -> str:
    axes = [axis for axis in (panel.x, panel.y, panel.z) if axis is not None]
    against = " and ".join(unadorned(axis.title) + (" (logarithmic)" if axis.log else "") for axis in axes)
    seen = "; ".join(dict.fromkeys(unadorned(mark.label) for mark in panel.marks if mark.label))
    return f"{unadorned(panel.title) or 'A panel'} over {against}, with: {seen}."
