"""The log of a saved run as curves."""

from __future__ import annotations

from pathlib import Path

from gdcli.descent.keep.checkpoint import sealed
from gdcli.descent.keep.log import Mark, all_lines
from gdcli.descent.keep.manifest import read
from gdcli.results.plot import PlotReport

NAMES = ("gap", "averaged_gap", "bound", "above_local")


def curves(folder: Path) -> PlotReport:
    """What the log holds of the gap and of what it is compared with, where it is positive."""
    manifest = read(folder)
    kept = sealed(folder, manifest.run)
    found = all_lines(folder, Mark() if kept is None else kept.log)
    series = {
        name: tuple((float(line["step"]), float(line[name])) for line in found if _is_positive(line, name))
        for name in NAMES
    }
    drawn = {name: points for name, points in series.items() if points}
    return PlotReport(str(folder), manifest.data.name, manifest.method, drawn)


def _is_positive(line: dict[str, object], name: str) -> bool:
    step, value = line["step"], line.get(name)
    return isinstance(step, int) and step > 0 and isinstance(value, int | float) and value > 0
