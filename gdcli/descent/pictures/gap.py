"""The gap against the steps on log-log axes, with what the theory promises."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gdcli.descent.pictures.trail import Trail
from gdcli.results.figure import Axis, Curve, Mark, Numbers, Panel, literal

GAPS = (
    ("gap", "gap", "gap $R - R^*$"),
    ("averaged_gap", "average", "gap of the average"),
    ("above_local", "gap", r"$R - R_{loc}$"),
)


def gap_panel(trail: Trail) -> Panel:
    """A curve for each kind of gap that is known, over every bound that was met somewhere.

    The step 0 and a gap that is 0 or below have no logarithm: they are left out.
    """
    lines = [(k, line) for k, line in enumerate(trail.lines) if line["step"] > 0]
    steps = tuple(float(line["step"]) for _, line in lines)
    marks = [*_bounds(trail, lines, steps)]
    known = []
    for name, role, label in GAPS:
        values = _positive(line.get(name) for _, line in lines)
        if any(value is not None for value in values):
            marks.append(Curve(label, role, steps, values))
            known.append(label)
    axes = Axis("steps t", log=True), Axis(known[0] if known else "gap", log=True)
    return Panel("the gap against the steps", *axes, tuple(marks))


def _bounds(trail: Trail, lines: Sequence[tuple[int, object]], steps: tuple[float, ...]) -> list[Mark]:
    """Every bound of a run just made; of a saved one the smallest, which is in the log."""
    if not trail.bounds:
        values = _positive(line.get("bound") for line in (trail.lines[k] for k, _ in lines))
        return [Curve("the bound", "bound", steps, values)] if any(v is not None for v in values) else []
    names = dict.fromkeys(name for met in trail.bounds for name in met)
    return [
        Curve(f"{literal(name)} (bound)", "bound", steps, _positive(trail.bounds[k].get(name) for k, _ in lines))
        for name in names
    ]


def _positive(values: Iterable[object]) -> Numbers:
    """Finite numbers above 0; None for others."""
    return tuple(float(v) if isinstance(v, int | float) and 0.0 < v < float("inf") else None for v in values)
