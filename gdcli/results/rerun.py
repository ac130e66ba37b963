"""What gdcli rerun emits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from gdcli.results.common import Changes
from gdcli.results.result import Result


@dataclass(frozen=True, slots=True)
class Difference:
    """The first thing that came out otherwise: `key` at `step`, as it was saved and as it is again."""

    step: int
    key: str
    saved: object
    again: object


@dataclass(frozen=True, slots=True)
class RerunReport(Result):
    """A saved run beside the same run again.

    `run`: its folder; `steps` were run again and `lines` of the log compared, with the state after the last step and,
    of a run that had ended, with its report; `difference` is None where all are equal to the bit (times aside).
    """

    command: ClassVar[str] = "rerun"
    json_changes: ClassVar[Changes] = {"equal": "bool"}

    run: str
    data: str
    method: str
    lines: int
    steps: int
    difference: Difference | None

    @property
    def equal(self) -> bool:
        """Whether there is no difference."""
        return self.difference is None

    def as_json(self) -> Mapping[str, object]:
        """The fields, and the verdict."""
        return {"equal": self.equal} | {name: getattr(self, name) for name in self.__slots__}
