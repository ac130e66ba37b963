"""What gdcli plot emits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class PlotReport:
    """The log of a saved run as curves: `series` maps a name to its points (step, value), all positive.

    The names are "gap", "bound", "averaged_gap" and "above_local", as in the log; those without a point are left out.
    """

    command: ClassVar[str] = "plot"

    run: str
    data: str
    method: str
    series: Mapping[str, tuple[tuple[float, float], ...]]
