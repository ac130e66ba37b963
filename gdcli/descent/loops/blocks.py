"""Steps with rows whose numbers are drawn before, a block at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from gdcli.data.sampling import draw, in_batches, skipped
from gdcli.descent.draws import at_hand
from gdcli.descent.engine import Loops
from gdcli.descent.plan import Plan
from gdcli.kernels.native.engine import Steps, shuffled
from gdcli.kernels.native.tally import Tally
from gdcli.kernels.native.update import Held
from gdcli.risk.empirical import Rows, Vector


class Feed(Protocol):
    """What takes steps, one row after the other of a stream of draws."""

    @property
    def ready(self) -> int:
        """How many steps it can take at once, at least 1."""

    def advance(self, theta: Vector, average: Vector, etas: Vector, tally: Tally, held: Held) -> int:
        """As kernels.native.engine.Steps has it, with len(etas) steps."""


class Blocks:
    """Steps by a loop that is given the numbers of its rows."""

    def __init__(self, plan: Plan, loop: Loops, start: int) -> None:
        self._loop = loop
        self._blocks = at_hand(plan.risk, skipped(_stream(plan), start))
        self._rows, self._steps = self._next()

    @property
    def ready(self) -> int:
        """As many as are left of a block."""
        if not len(self._rows):
            self._rows, self._steps = self._next()
        return len(self._rows)

    def advance(self, theta: Vector, average: Vector, etas: Vector, tally: Tally, held: Held) -> int:
        """As Feed has it."""
        rows, self._rows = self._rows[: len(etas)], self._rows[len(etas) :]
        return self._steps.advance(theta, average, rows, etas, tally, held)

    def _next(self) -> tuple[Rows, Steps]:
        risk, rows = next(self._blocks)
        return rows, self._loop(risk)


def _stream(plan: Plan) -> Iterator[Rows]:
    """The blocks of data.sampling; permutations by compiled code where there is some: the same in the same order."""
    options, rows = plan.options, plan.risk.rows
    compiled = options.sampling == "shuffle" and plan.engine.name == "compile"
    permutations = shuffled(rows, options.seed, plan.engine.folder) if compiled else None
    if permutations is None:
        return draw(options.sampling, rows, options.rows, options.seed)
    return in_batches(permutations.permutation, options.rows)
