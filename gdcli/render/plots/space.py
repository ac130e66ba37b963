"""Surfaces in a panel of three axes: all their pieces in one heap, so that the nearer hides what is behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from gdcli.render.plots.marks import label
from gdcli.render.plots.styles import Style
from gdcli.results.figure import Field

Corner = tuple[float, float, float]


def surfaces(axes: Any, fields: Sequence[tuple[Field, Style]]) -> None:
    """Every field as quadrangles over its grid; where f has no value there is a hole."""
    from matplotlib.colors import to_rgba
    from mpl_toolkits.mplot3d.art3d import Poly3DCollection

    heap = [(quad, look) for field, look in fields for quad in _quadrangles(field)]
    if not heap:
        return
    faces = [to_rgba(look.colour, 0.62) for _, look in heap]
    edges = [to_rgba(look.colour, 0.9) for _, look in heap]
    pieces = [quad for quad, _ in heap]
    axes.add_collection3d(Poly3DCollection(pieces, facecolors=faces, edgecolors=edges, linewidths=0.3))
    axes.auto_scale_xyz(*([corner[k] for quad in pieces for corner in quad] for k in range(3)))
    for field, look in fields:
        axes.plot([], [], [], color=look.colour, alpha=0.62, linewidth=7, solid_capstyle="butt", label=label(field))


def _quadrangles(field: Field) -> Iterator[list[Corner]]:
    for (y, below), (top, above) in pairwise(zip(field.y, field.z, strict=True)):
        for i, (x, right) in enumerate(pairwise(field.x)):
            heights = below[i], below[i + 1], above[i + 1], above[i]
            places = (x, y), (right, y), (right, top), (x, top)
            found = [(*place, z) for place, z in zip(places, heights, strict=True) if z is not None]
            if len(found) == len(places):
                yield found
