"""Each kind of mark on matplotlib's axes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from gdcli.render.plots.styles import BLUE, INK, PAPER, Style
from gdcli.render.plots.words import words
from gdcli.results.figure import Arrows, Band, Curve, Field, Mark, Numbers, Points

# The strongest of the tints between contours, and of a surface that lies behind another.
DEEPEST = 0.42
# Inches: the arrows of a field, and a few that are looked at one by one, each with its name at the tip.
SHORT, LONG = 0.17, 0.62
FEW = 4
# From here on the places of a path are a line to the eye.
MANY = 150


def draw(axes: Any, mark: Mark, look: Style, order: int) -> None:
    """Put a mark on axes of two or three dimensions; marks of a higher order cover those of a lower one."""
    deep = hasattr(axes, "get_zlim")
    for kind, flat, solid in _KINDS:
        if isinstance(mark, kind):
            (solid if deep else flat)(axes, mark, look, order)


def label(mark: Mark) -> str:
    """What the legend calls a mark. A space before an underscore: matplotlib leaves such labels out."""
    shown = words(mark.label)
    return f" {shown}" if shown.startswith("_") else shown


def gaps(numbers: Numbers) -> list[float]:
    """Numbers with nan for the gaps."""
    return [math.nan if number is None else number for number in numbers]


def _curve(axes: Any, mark: Curve, look: Style, order: int) -> None:
    bare = {"marker": None} if not 2 < len(mark.x) <= MANY else {}
    # A line through one point would not be seen.
    alone = {"marker": look.marker or "o"} if len(mark.x) == 1 else {}
    kind = _line(look, order) | bare | alone
    axes.plot(gaps(mark.x), gaps(mark.y), **kind, label=label(mark), markersize=look.size)


def _curve_in_space(axes: Any, mark: Curve, look: Style, order: int) -> None:
    axes.plot(*map(gaps, (mark.x, mark.y, mark.z or ())), **_line(look, order), label=label(mark))


def _line(look: Style, order: int) -> dict[str, Any]:
    dashes = {"color": look.colour, "linestyle": look.dash, "linewidth": look.width}
    return {**dashes, "marker": look.marker or None, "zorder": 2 + order / 100}


def _points(axes: Any, mark: Points, look: Style, order: int) -> None:
    axes.plot(gaps(mark.x), gaps(mark.y), **_dots(look, order), label=label(mark))


def _points_in_space(axes: Any, mark: Points, look: Style, order: int) -> None:
    axes.plot(*map(gaps, (mark.x, mark.y, mark.z or ())), **_dots(look, order), label=label(mark))


def _dots(look: Style, order: int) -> dict[str, Any]:
    edge = {"markeredgecolor": PAPER, "markeredgewidth": 0.6 if look.size > 5 else 0.3}
    dot = {"color": look.colour, "linestyle": "none", "marker": look.marker or "o", "markersize": look.size}
    return {**dot, **edge, "zorder": 3 + order / 100}


def _band(axes: Any, mark: Band, look: Style, order: int) -> None:
    edges = map(gaps, (mark.x, mark.lower, mark.upper))
    axes.fill_between(*edges, color=look.colour, alpha=0.22, linewidth=0, label=label(mark), zorder=1 + order / 100)


def _arrows(axes: Any, mark: Arrows, look: Style, order: int) -> None:
    """Unit arrows: `angles="xy"` turns them with the scales of the axes, the length is a part of the panel's width."""
    ends = [_unit(u, v) for u, v in zip(gaps(mark.u), gaps(mark.v), strict=True)]
    u, v = ([end[k] for end in ends] for k in (0, 1))
    few = len(mark.x) <= FEW
    size = {"units": "inches", "width": 0.024 if few else 0.011, "scale": 1 / (LONG if few else SHORT)}
    shape = {"headwidth": 4, "headlength": 5, "headaxislength": 4.5, "pivot": "tail" if few else "middle"}
    place = (gaps(mark.x), gaps(mark.y), u, v)
    name = "" if few else label(mark)
    axes.quiver(*place, angles="xy", color=look.colour, label=name, zorder=2.5 + order / 100, **size, **shape)
    if few and mark.label and math.isfinite(ends[0][0]):
        _named(axes, mark, ends[0])


def _named(axes: Any, mark: Arrows, end: tuple[float, float]) -> None:
    """The label at the tip of the first arrow, on the side that the arrow leaves free."""
    from matplotlib.patheffects import withStroke

    place, tip = (mark.x[0], mark.y[0]), [72 * (LONG + 0.06) * part for part in end]
    sides = {"ha": "left" if end[0] >= 0 else "right", "va": "bottom" if end[1] >= 0 else "top"}
    halo = [withStroke(linewidth=2.5, foreground=PAPER)]
    text = {"fontsize": 8.5, "path_effects": halo, "zorder": 5}
    axes.annotate(label(mark), place, tip, textcoords="offset points", **sides, **text)


def _unit(u: float, v: float) -> tuple[float, float]:
    length = math.hypot(u, v)
    return (u / length, v / length) if 0.0 < length < math.inf else (math.nan, math.nan)


def _contours(axes: Any, mark: Field, look: Style, order: int) -> None:
    """Level sets: lines with their values over tints that deepen upwards."""
    if not mark.levels or not any(value is not None for row in mark.z for value in row):
        return
    z, levels = [gaps(row) for row in mark.z], list(mark.levels)
    single = len(levels) == 1
    if not single:
        from matplotlib.colors import to_rgba

        tints = [to_rgba(BLUE, DEEPEST * k / len(levels)) for k in range(len(levels) + 1)]
        axes.contourf(mark.x, mark.y, z, [-math.inf, *levels, math.inf], colors=tints, zorder=0.5, antialiased=False)
    style = {"colors": look.colour if single else BLUE, "linewidths": look.width if single else 0.7}
    lines = axes.contour(mark.x, mark.y, z, levels, linestyles="solid", **style, zorder=0.6 + order / 100)
    if single:
        axes.plot([], [], color=look.colour, linewidth=look.width, label=label(mark))
        return
    named = slice(len(levels) // 3, None, 2)
    places = [_aside(max(parts, key=len)) for parts in lines.allsegs[named] if parts]
    text = {"fontsize": 8, "colors": INK, "inline_spacing": 3}
    axes.clabel(lines, levels[named], fmt=lambda value: f"{value:.3g}", manual=places, **text)


def _aside(part: Any) -> tuple[float, float]:
    """A quarter along a line: a label there is cut off by no edge, and not on what stands in the middle."""
    x, y = part[len(part) // 4]
    return float(x), float(y)


def _none(axes: Any, mark: Mark, look: Style, order: int) -> None:
    """Bands and arrows lie in a plane; surfaces are drawn together, in `space`."""


Drawn = Callable[[Any, Any, Style, int], None]
_KINDS: Sequence[tuple[type, Drawn, Drawn]] = (
    (Curve, _curve, _curve_in_space),
    (Points, _points, _points_in_space),
    (Band, _band, _none),
    (Arrows, _arrows, _none),
    (Field, _contours, _none),
)
