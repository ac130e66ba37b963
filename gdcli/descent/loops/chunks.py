"""Steps with drawn rows, many at a time, by the engine.

A chunk ends where the log looks, where the goal is asked for, and after so many steps that an interruption is prompt.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import repeat

import numpy as np

from gdcli.data.sampling import draw, in_batches, skipped
from gdcli.descent.draws import at_hand
from gdcli.descent.engine import Loops
from gdcli.descent.loops.judge import Judge
from gdcli.descent.loops.price import checks
from gdcli.descent.loops.state import State
from gdcli.descent.plan import Plan
from gdcli.descent.stopping import Stopped
from gdcli.kernels.native.engine import Steps, draws
from gdcli.kernels.native.tally import Tally
from gdcli.risk.empirical import Rows, Vector

# Numbers in the rows of a chunk: compiled or interpreted, some 10 ms of work.
NUMBERS = {"compile": 1 << 22, "interpret": 1 << 16}
# So many steps serve, and what is made for each of them stays in the cache.
MOST_STEPS = 1 << 14


class InChunks:
    """theta <- theta - eta_t g by the engine's loop, the average kept beside; judged at the end of epochs."""

    def __init__(self, plan: Plan, judge: Judge, state: State, loop: Loops) -> None:
        self.state = state
        self._plan = plan
        self._judge = judge
        self._loop = loop
        numbers = NUMBERS[plan.engine.name] // max(plan.risk.width, 4)
        most = max(1, min(MOST_STEPS, numbers // plan.options.rows))
        self._blocks = at_hand(plan.risk, skipped(_stream(plan, most), state.t))
        self._coming = (plan.schedule.etas(t, min(t + most, plan.steps)) for t in range(state.t, plan.steps, most))
        self._rows, self._steps = self._next_block()
        self._etas = next(self._coming, np.zeros(0))
        self._weighing = _weighing(plan)
        self._checks = checks(plan, state.t)
        self._check = next(self._checks)

    def go_to(self, until: int) -> Stopped | None:
        """As loops.state.Loop has it."""
        while self.state.t < until:
            if self.state.t == self._check:
                self._check = next(self._checks)
                if self._judge.certified(self.state.theta):
                    return Stopped.GAP
            if not self._chunk(min(until, self._check)):
                return Stopped.DIVERGED
        return None

    def _chunk(self, until: int) -> bool:
        """Whether all steps of it were taken; else a prediction was not finite."""
        if not len(self._rows):
            self._rows, self._steps = self._next_block()
        if not len(self._etas):
            self._etas = next(self._coming)
        before = self.state
        count = min(until - before.t, len(self._rows), len(self._etas))
        etas, self._etas = self._etas[:count], self._etas[count:]
        rows, self._rows = self._rows[:count], self._rows[count:]
        theta, average = before.theta.copy(), before.average.copy()
        tally = Tally(before.weight, before.total, before.squares, *self._weighing)
        done = self._steps.advance(theta, average, rows, etas, tally)
        if done:
            self.state = _after(before, theta, average, etas[:done], tally, self._plan.options.rows)
        return done == count

    def _next_block(self) -> tuple[Rows, Steps]:
        risk, rows = next(self._blocks)
        return rows, self._loop(risk)


def _weighing(plan: Plan) -> tuple[float, float, float]:
    """unit, c and L_max of the weights of risk.bounds.stochastic.averaging_weight, as native.tally has them."""
    if plan.averaging is None or not math.isfinite(plan.averaging.b):
        return float(plan.averaging is not None), 0.0, 0.0
    b = plan.averaging.b
    return 1.0, 1.0 + 1.0 / b, plan.constants.L_max


def _after(before: State, theta: Vector, average: Vector, etas: Vector, tally: Tally, batch: int) -> State:
    """The state after steps of the sizes `etas`."""
    weight, total, squares = tally.sums
    return before._replace(
        theta=theta,
        average=average,
        eta=float(etas[-1]),
        t=before.t + len(etas),
        work=before.work + len(etas) * batch,
        weight=weight,
        total=total,
        squares=squares,
        least=min(before.least, float(etas.min())),
        largest=max(before.largest, float(etas.max())),
    )


def _stream(plan: Plan, size: int) -> Iterator[Rows]:
    """The blocks of data.sampling, drawn by compiled code where there is some: the same numbers in the same order."""
    options, rows = plan.options, plan.risk.rows
    compiled = draws(rows, options.seed, plan.engine.folder) if plan.engine.name == "compile" else None
    if compiled is None:
        return draw(options.sampling, rows, options.rows, options.seed)
    if options.sampling == "shuffle":
        return in_batches(compiled.permutation, options.rows)
    return (compiled.uniform(n * options.rows).reshape(n, options.rows) for n in repeat(size))
