"""What gdcli descend --dry-run emits."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from gdcli.results.common import Changes
from gdcli.results.descend import RunHead
from gdcli.results.setting import Optimum


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker of a cluster: its address, how many partitions of the rows it holds, their bytes, and its limit."""

    address: str
    partitions: int
    partition_bytes: int
    memory_limit: int | None


@dataclass(frozen=True, slots=True)
class PlanReport:
    """What would run, and what it would cost at most; the head is the run's own.

    `max_gap`: what the run must reach or fail; `row_gradients` of all steps, so many `passes` over the rows, and about
    so many `flops`, None for a model by formula; `besides`: what the method asks for on top; `rows_bytes`: the rows as
    they are optimised, in files where `rows_in_file`; `proof_bytes`: what R* and its proof hold at once, 0 where they
    go over blocks of rows; `skipped`: what a run would do before its first step and this did not; `warnings` that can
    be given before it; `workers`: what each worker of a cluster holds, where there is one.
    """

    command: ClassVar[str] = "descend"
    kind: ClassVar[str] = "plan"
    json_changes: ClassVar[Changes] = {
        "head": "*RunHead",
        "dry_run": "Literal[True]",
        "optimum": "Optimum | None",
        "optimum_reason?": "str",
    }

    head: RunHead
    max_gap: float | None
    row_gradients: int
    passes: float
    flops: float | None
    besides: tuple[str, ...]
    rows_bytes: int
    rows_in_file: bool
    proof_bytes: int
    skipped: tuple[str, ...]
    warnings: tuple[str, ...]
    workers: tuple[Worker, ...] = ()

    @property
    def optimum(self) -> Optimum | None:
        """R*, None where it was not looked for."""
        return None if self.skipped else self.head.optimum

    def as_json(self) -> Mapping[str, object]:
        """Flat, as a run's: the head's keys beside its own, and the reason of what is null."""
        head = {name: getattr(self.head, name) for name in self.head.__slots__ if name != "data"}
        data = {name: getattr(self.head.data, name) for name in self.head.data.__slots__}
        own = {name: getattr(self, name) for name in self.__slots__ if name != "head"}
        return {"dry_run": True, **data, **head, "optimum": self.optimum, **own, **self._unknown()}

    def _unknown(self) -> dict[str, object]:
        """Keys that are null because R* was not looked for, or because the method finds its step sizes itself."""
        found: dict[str, object] = {}
        if math.isnan(self.head.eta):
            found |= {"eta": None, "eta_reason": "found at every step"}
        if self.skipped:
            found |= {"optimum_reason": NOT_FOUND}
        if math.isnan(self.head.gap_target):
            found |= {"gap_target": None, "gap_target_reason": NOT_FOUND}
        return found


NOT_FOUND = "R* is not looked for in a dry run"
