"""The words of a figure for matplotlib: mathematics where mathtext can set it, everything else exactly as it stands."""

from __future__ import annotations

from functools import lru_cache

from gdcli.escape import visible
from gdcli.results.figure import Figure, pieces

# More does not fit on a picture's line.
LONGEST = 90
LABEL = 48


def words(text: str, limit: int = LABEL) -> str:
    """A label as matplotlib takes it: foreign text escaped, LaTeX that it cannot set shown as its source."""
    return "".join(_set(shown) if is_math else _plain(shown, limit) for shown, is_math in pieces(text))


def title(figure: Figure) -> str:
    """The formula as mathematics, else as text; where there is none, the figure's title."""
    if not figure.text:
        return words(figure.title, LONGEST)
    if figure.formula and len(figure.text) <= LONGEST and _can_set(figure.formula):
        return f"${figure.formula}$"
    return _plain(figure.text, LONGEST)


def unadorned(text: str) -> str:
    """A label without dollar signs, for pages and for readers aloud."""
    return "".join(visible(shown, 400) for shown, _ in pieces(text))


def _plain(text: str, limit: int) -> str:
    return visible(text, limit).replace("$", r"\$")


def _set(latex: str) -> str:
    return f"${latex}$" if _can_set(latex) else _plain(latex, LABEL)


@lru_cache(maxsize=256)
def _can_set(latex: str) -> bool:
    """Whether mathtext knows every command of this."""
    from matplotlib.mathtext import MathTextParser

    try:
        MathTextParser("path").parse(f"${latex}$")
    except ValueError:
        return False
    return True
