"""Steps with drawn rows, many at a time, by the engine.

A chunk ends where the log looks, where the goal is asked for, and after so many steps that an interruption is prompt.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat

import numpy as np

from gdcli.data.sampling import draw, in_batches
from gdcli.descent.draws import at_hand
from gdcli.descent.engine import Loops
from gdcli.descent.loops.judge import Judge
from gdcli.descent.loops.price import checks
from gdcli.descent.loops.sizes import Sizes, sizes
from gdcli.descent.loops.state import State
from gdcli.descent.plan import Plan
from gdcli.descent.stopping import Stopped
from gdcli.kernels.native.engine import Steps, draws
from gdcli.risk.empirical import Rows, Vector

# Numbers in the rows of a chunk: compiled or interpreted, some 10 ms of work.
NUMBERS = {"compile": 1 << 22, "interpret": 1 << 16}
# So many steps serve, and what is made for each of them stays in the cache.
MOST_STEPS = 1 << 14
# Of a run of no steps.
NONE = Sizes(0, *[np.zeros(0)] * 5)


class InChunks:
    """theta <- theta - eta_t g by the engine's loop, the average kept beside; judged at the end of epochs."""

    def __init__(self, plan: Plan, judge: Judge, state: State, loop: Loops) -> None:
        self.state = state
        self._plan = plan
        self._judge = judge
        self._loop = loop
        numbers = NUMBERS[plan.engine.name] // max(plan.risk.width, 4)
        most = max(1, min(MOST_STEPS, numbers // plan.options.batch))
        self._blocks = at_hand(plan.risk, _stream(plan, most))
        self._coming = sizes(plan, most)
        self._rows, self._steps = self._next_block()
        self._sizes = next(self._coming, NONE)
        self._checks = checks(plan)
        self._check = next(self._checks)

    def go_to(self, until: int) -> Stopped | None:
        """As loops.state.Loop has it."""
        while self.state.t < until:
            if not self._chunk(min(until, self._check)):
                return Stopped.DIVERGED
            if self.state.t == self._check:
                self._check = next(self._checks)
                if self._judge.certified(self.state.theta):
                    return Stopped.GAP
        return None

    def _chunk(self, until: int) -> bool:
        """Whether all steps of it were taken; else a prediction was not finite."""
        if not len(self._rows):
            self._rows, self._steps = self._next_block()
        before = self.state
        if before.t == self._sizes.start + len(self._sizes.etas):
            self._sizes = next(self._coming)
        first = before.t - self._sizes.start
        last = first + min(until - before.t, len(self._rows), len(self._sizes.etas) - first)
        etas, ratios = self._sizes.etas[first:last], self._sizes.ratios[first:last]
        rows, self._rows = self._rows[: last - first], self._rows[last - first :]
        theta, average = before.theta.copy(), before.average.copy()
        done = self._steps.advance(theta, average, rows, etas, ratios)
        if done:
            self.state = self._after(theta, average, first, first + done)
        return done == len(rows)

    def _after(self, theta: Vector, average: Vector, first: int, last: int) -> State:
        """The state after the steps from `first` to before `last` of the present sizes."""
        sizes, before = self._sizes, self.state
        etas = sizes.etas[first:last]
        return before._replace(
            theta=theta,
            average=average,
            eta=float(etas[-1]),
            t=sizes.start + last,
            weight=float(sizes.weights[last]),
            total=float(sizes.totals[last]),
            squares=float(sizes.squares[last]),
            least=min(before.least, float(etas.min())),
            largest=max(before.largest, float(etas.max())),
        )

    def _next_block(self) -> tuple[Rows, Steps]:
        risk, rows = next(self._blocks)
        return rows, self._loop(risk)


def _stream(plan: Plan, size: int) -> Iterator[Rows]:
    """The blocks of data.sampling, drawn by compiled code where there is some: the same numbers in the same order."""
    options, rows = plan.options, plan.risk.rows
    compiled = draws(rows, options.seed, plan.engine.folder) if plan.engine.name == "compile" else None
    if compiled is None:
        return draw(options.sampling, rows, options.batch, options.seed)
    if options.sampling == "shuffle":
        return in_batches(compiled.permutation, options.batch)
    return (compiled.uniform(n * options.batch).reshape(n, options.batch) for n in repeat(size))
