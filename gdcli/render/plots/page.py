"""A figure as matplotlib draws it: sizes for print, scales, legends, and a style of its own whatever the user's is."""

from __future__ import annotations

import math
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from gdcli.render.plots import marks
from gdcli.render.plots.fit import fitted, notes, title
from gdcli.render.plots.space import surfaces
from gdcli.render.plots.styles import INK, PAPER, RULE, Style, colours, style
from gdcli.render.plots.words import words
from gdcli.results.figure import Axis, Field, Figure, Mark, Panel

# Inches: two panels fill the width of a page of A4 between its margins.
ONE, SEVERAL, SPACE = (5.2, 4.2), (3.6, 3.5), (5.4, 4.6)
_STYLE: Any = {
    "font.size": 9.0,
    "axes.labelsize": 9.5,
    "legend.fontsize": 8.0,
    "xtick.labelsize": 8.0,
    "ytick.labelsize": 8.0,
    "mathtext.fontset": "dejavuserif",
    "axes.unicode_minus": True,
    "axes.formatter.limits": (-4, 5),
    "axes.formatter.use_mathtext": True,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.facecolor": PAPER,
    "axes.linewidth": 0.8,
    **{f"axes3d.{axis}axis.panecolor": PAPER for axis in "xyz"},
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": RULE,
    "grid.linewidth": 0.5,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "figure.facecolor": PAPER,
    "legend.frameon": False,
    "lines.solid_capstyle": "round",
    "svg.fonttype": "path",
    "svg.hashsalt": "gdcli",
    "pdf.fonttype": 42,
}


def save(figure: Figure, kind: str, **options: Any) -> bytes:
    """The picture in a format of matplotlib's; the same bytes for the same figure and the same matplotlib."""
    out = BytesIO()
    with _own_style():
        _composed(figure).savefig(out, format=kind, **options)
    return out.getvalue()


@contextmanager
def _own_style() -> Iterator[None]:
    """matplotlib's defaults and ours, whatever a matplotlibrc says; as it was afterwards. Fonts may lack a letter."""
    import matplotlib

    with matplotlib.rc_context(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_STYLE)
        yield


def _composed(figure: Figure) -> Any:
    from matplotlib.figure import Figure as Canvas

    count = len(figure.panels)
    size = (ONE if figure.panels[0].z is None else SPACE) if count == 1 else SEVERAL
    width, below = size[0] * count, notes(figure, size[0] * count)
    canvas = Canvas(figsize=(width, size[1] + 0.16 * len(below)), layout="constrained")
    shown, points = title(figure, 12.0, width - 0.4)
    canvas.suptitle(shown, fontsize=points)
    for k, panel in enumerate(figure.panels, 1):
        axes = canvas.add_subplot(1, count, k, projection=None if panel.z is None else "3d")
        _panel(axes, panel, size[0])
    if below:
        canvas.supxlabel("\n".join(below), fontsize=8, x=0.02, ha="left")
    return canvas


def _panel(axes: Any, panel: Panel, width: float) -> None:
    shown, points = fitted(words(panel.title, None), 9.5, width - 0.6)
    axes.set_title(shown, fontsize=points)
    looks = _looks(panel.marks)
    if panel.z is not None:
        surfaces(axes, [(mark, look) for mark, look in zip(panel.marks, looks, strict=True) if isinstance(mark, Field)])
    for order, (mark, look) in enumerate(zip(panel.marks, looks, strict=True)):
        marks.draw(axes, mark, look, order)
    _scale(axes, "x", panel.x)
    _scale(axes, "y", panel.y)
    if panel.z is not None:
        _scale(axes, "z", panel.z)
        axes.view_init(elev=22, azim=-55)
        axes.set_box_aspect((4, 4, 3.2), zoom=1.0)
    if panel.equal:
        axes.set_aspect("equal", adjustable="box")
    if any(isinstance(mark, Field) for mark in panel.marks):
        axes.grid(visible=panel.z is not None)
    _legend(axes, panel)


def _looks(found: Sequence[Mark]) -> list[Style]:
    """The look of each mark: those of one kind and role differ; one without a label looks as the one before it."""
    seen: Counter[tuple[type, str]] = Counter()
    looks, taken = [], colours(mark.role for mark in found)
    for mark in found:
        kind = type(mark), mark.role
        seen[kind] += bool(mark.label) or not seen[kind]
        looks.append(style(mark.role, seen[kind] - 1, taken))
    return looks


def _scale(axes: Any, name: str, axis: Axis) -> None:
    getattr(axes, f"set_{name}label")(words(axis.title))
    if axis.log:
        from matplotlib.ticker import LogFormatter

        getattr(axes, f"set_{name}scale")("log")
        # Short numbers between the powers of ten: longer ones would touch each other.
        getattr(axes, f"{name}axis").set_minor_formatter(LogFormatter())
    else:
        axes.locator_params(axis=name, nbins=4 if hasattr(axes, "get_zlim") else 7)
    if axis.range is not None and all(map(math.isfinite, axis.range)) and axis.range[0] < axis.range[1]:
        getattr(axes, f"set_{name}lim")(*axis.range)


def _legend(axes: Any, panel: Panel) -> None:
    """Every label once, under the panel where it would hide the marks."""
    handles, labels = axes.get_legend_handles_labels()
    found = {text: handle for handle, text in zip(handles, labels, strict=True) if text.strip()}
    if found:
        below = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.2), "ncols": 2}
        axes.legend(found.values(), found.keys(), **below)
