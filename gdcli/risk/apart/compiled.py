"""A part of the rows whose sums are compiled where it lies, as the passes of one machine are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from gdcli.data.folders import kernels_folder
from gdcli.kernels.native import engine as native
from gdcli.kernels.native.model import Linear
from gdcli.kernels.native.task import Task
from gdcli.risk.empirical import Vector
from gdcli.risk.models.linear import LinearRisk

if TYPE_CHECKING:
    from gdcli.kernels.native.compiled import CompiledSums

# Full gradients that are planned for; a worker has other threads for other parts.
PASSES, THREADS = 1000, 1


@dataclass(frozen=True)
class CompiledRisk(LinearRisk):
    """R of a part's own rows. What is compiled depends on the part alone: the sums are the same bits on any worker."""

    @cached_property
    def passes(self) -> CompiledSums | None:
        """The compiled pass over the rows; None where numpy makes it."""
        task = Task(self.kernel.derived, Linear(self.width), self.X, self.y, self.penalty, 1, None)
        return native.sums(task, PASSES, "auto", kernels_folder(), THREADS)

    def sums(self, theta: Vector) -> tuple[float, Vector]:
        """sum phi_i and sum phi'_i x_i."""
        if self.passes is None:
            return super().sums(theta)
        value, gradient = self.passes.value_and_gradient(theta)
        return value * self.rows, gradient * self.rows
