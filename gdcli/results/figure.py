"""A picture before it is drawn: panels with marks on them, in numbers; the renderers of `render.plots` draw it.

Numbers that are None are gaps: a curve breaks there, a field has a hole. What a mark is for stands in its `role`, which
the renderer turns into a colour, a line style or a character: "function", "tangent", "error", "path", "start", "end",
"gap", "average", "bound", "data", "fit", "boundary", "gradient", "other".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

Numbers = tuple[float | None, ...]
_MATHEMATICS = re.compile(r"(?<!\\)\$((?:[^$\\]|\\.)+)\$")


def literal(text: str) -> str:
    r"""Foreign text for a label or a title: every dollar sign as ``\$``, which begins no mathematics."""
    return text.replace("$", r"\$")


def pieces(text: str) -> list[tuple[str, bool]]:
    r"""The pieces of a label in order: words as they are to be shown, and (True) LaTeX from between dollar signs."""
    parts = _MATHEMATICS.split(text)
    found = [(part if k % 2 else part.replace(r"\$", "$"), k % 2 == 1) for k, part in enumerate(parts)]
    return [piece for piece in found if piece[0]]


@dataclass(frozen=True, slots=True)
class Axis:
    """A title, in words or between dollar signs as LaTeX, a logarithmic scale or not, the range (None: the marks')."""

    title: str
    log: bool = False
    range: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Curve:
    """The line through the points (x, y), or (x, y, z) in a panel of three axes."""

    label: str
    role: str
    x: Numbers
    y: Numbers
    z: Numbers | None = None


@dataclass(frozen=True, slots=True)
class Points:
    """The points themselves."""

    label: str
    role: str
    x: Numbers
    y: Numbers
    z: Numbers | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """What lies between `lower` and `upper` over each x."""

    label: str
    role: str
    x: Numbers
    lower: Numbers
    upper: Numbers


@dataclass(frozen=True, slots=True)
class Arrows:
    """An arrow from each (x, y) along (u, v), drawn in one length for all: directions alone are shown."""

    label: str
    role: str
    x: Numbers
    y: Numbers
    u: Numbers
    v: Numbers


@dataclass(frozen=True, slots=True)
class Field:
    """`z[j][i]` over x[i], y[j]: a surface in a panel of three axes, else contours at the values `levels`."""

    label: str
    role: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    z: tuple[Numbers, ...]
    levels: tuple[float, ...] = ()


Mark = Curve | Points | Band | Arrows | Field


@dataclass(frozen=True, slots=True)
class Panel:
    """Axes with their marks, the lowest first; three axes where `z` is given. `equal`: units as long on x as on y."""

    title: str
    x: Axis
    y: Axis
    marks: tuple[Mark, ...]
    z: Axis | None = None
    equal: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """Panels side by side under a `title`, the `formula` in LaTeX (empty: none) with its plain `text`, and notes below.

    Labels, titles and notes may hold what comes from a file, passed through `literal`: renderers show it as it is, and
    interpret nothing but LaTeX between the dollar signs that gdcli itself wrote (`pieces`).
    """

    title: str
    text: str
    formula: str
    panels: tuple[Panel, ...]
    notes: tuple[str, ...] = ()
