"""The words of a figure for matplotlib: mathematics where mathtext can set it, everything else exactly as it stands."""

from __future__ import annotations

import re
from functools import lru_cache

from gdcli.escape import visible
from gdcli.results.figure import Figure, pieces

# More does not fit in a legend.
LABEL = 48
# A formula of more characters is no title as mathematics.
LONGEST = 200
_LOW = re.compile(r"\\left([(|\[])((?:(?!\\left|\\right|\\frac|\\sqrt|\^).)*)\\right([)|\]])")


def words(text: str, limit: int | None = LABEL) -> str:
    """A label as matplotlib takes it: foreign text escaped, LaTeX that it cannot set shown as its source."""
    return "".join(_set(shown) if is_math else _plain(shown, limit) for shown, is_math in pieces(text))


def formula(figure: Figure) -> str:
    """The formula as mathematics; nothing where there is none or matplotlib cannot set it."""
    fitting = figure.formula and len(figure.formula) <= LONGEST and _can_set(figure.formula)
    return f"${_upright(figure.formula)}$" if fitting else ""


def unadorned(text: str) -> str:
    """A label without dollar signs, for pages and for readers aloud."""
    return "".join(visible(shown, 400) for shown, _ in pieces(text))


def _plain(text: str, limit: int | None) -> str:
    return visible(text, limit or len(text)).replace("$", r"\$")


def _set(latex: str) -> str:
    return f"${_upright(latex)}$" if _can_set(latex) else _plain(latex, LABEL)


def _upright(latex: str) -> str:
    """Brackets around what is no higher than a letter in their own size: matplotlib would make them smaller."""
    return _LOW.sub(r"\1\2\3", latex)


@lru_cache(maxsize=256)
def _can_set(latex: str) -> bool:
    """Whether mathtext knows every command of this."""
    from matplotlib.mathtext import MathTextParser

    try:
        MathTextParser("path").parse(f"${latex}$")
    except ValueError:
        return False
    return True
