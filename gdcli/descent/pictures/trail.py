"""What a picture needs of a run as it goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gdcli.results.descend import StepReport
from gdcli.risk.bounds.promise import Promise


@dataclass
class Trail:
    """The lines of a log, and for each the bounds that were met then, by their names; no bounds of a saved run."""

    lines: list[Mapping[str, Any]] = field(default_factory=list)
    bounds: list[Mapping[str, float]] = field(default_factory=list)

    def add(self, step: StepReport, met: Sequence[Promise]) -> None:
        """One line more."""
        self.lines.append(step.as_json())
        self.bounds.append({promise.name: promise.value for promise in met})
