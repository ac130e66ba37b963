"""Steps with drawn rows, many at a time, by the engine.

A chunk ends where the log looks, where the goal is asked for, and after so many steps that an interruption is prompt.
"""

from __future__ import annotations

import math
from contextlib import nullcontext

import numpy as np

from gdcli.descent.engine import Loops
from gdcli.descent.loops.blocks import Blocks, Feed
from gdcli.descent.loops.judge import Judge
from gdcli.descent.loops.price import checks
from gdcli.descent.loops.state import State
from gdcli.descent.plan import Plan
from gdcli.descent.stopping import Stopped
from gdcli.kernels.native.tally import Tally
from gdcli.kernels.native.update import Held, flat, formed
from gdcli.risk.empirical import Vector
from gdcli.signals import deferred

# Numbers in the rows of a chunk: compiled or interpreted, some 10 ms of work.
NUMBERS = {"compile": 1 << 22, "interpret": 1 << 16}
# So many steps serve, and what is made for each of them stays in the cache.
MOST_STEPS = 1 << 14
# A snapshot of methods that take some is due after so many passes' worth of steps.
BETWEEN = 2


class InChunks:
    """theta <- theta - eta_t g by the engine's loop, the average kept beside; judged at the end of epochs."""

    def __init__(self, plan: Plan, judge: Judge, state: State, loop: Loops) -> None:
        self.state = state if state.t or plan.method.remembers else state._replace(own=plan.method.init(plan.theta0))
        self._plan = plan
        self._judge = judge
        most, drawing = _most_steps(plan), plan.engine.drawing
        skipped = state.t * plan.options.rows
        self._feed: Feed = Blocks(plan, loop, state.t) if drawing is None else drawing.start(plan.options.seed, skipped)
        self._coming = (plan.schedule.etas(t, min(t + most, plan.steps)) for t in range(state.t, plan.steps, most))
        self._etas = next(self._coming, np.zeros(0))
        self._checks = checks(plan, state.t)
        self._check = next(self._checks)

    def go_to(self, until: int) -> Stopped | None:
        """As loops.state.Loop has it."""
        while self.state.t < until:
            if self.state.t == self._check:
                self._check = next(self._checks)
                if self._judge.certified(self.state.theta):
                    return Stopped.GAP
            if not self._chunk(min(until, self._check, self._turn())):
                return Stopped.DIVERGED
        return None

    def _turn(self) -> int:
        """The next step at which the weights of the average change, or a snapshot is due."""
        kept, t = self._plan.averaging, self.state.t
        turns = [self._plan.steps, *([kept.begins] if kept is not None and t < kept.begins else [])]
        between = snapshots(self._plan)
        return min(turns) if between == 0 else min(*turns, t + between - t % between)

    def _chunk(self, until: int) -> bool:
        """Whether all steps of it were taken; else a prediction was not finite."""
        if not len(self._etas):
            self._etas = next(self._coming)
        before = self.state
        count = min(until - before.t, self._feed.ready, len(self._etas))
        etas, self._etas = self._etas[:count], self._etas[count:]
        theta, average = before.theta.copy(), before.average.copy()
        held, cost = self._held()
        tally = Tally(before.weight, before.total, before.squares, *_weighing(self._plan, before.t))
        # What is remembered of rows is changed where it lies: between a chunk and its state no signal is answered.
        with deferred() if len(held.table) else nullcontext():
            done = self._feed.advance(theta, average, etas, tally, held)
            if done:
                self.state = self._after(theta, average, etas[:done], tally, held, cost)
        return done == count

    def _held(self) -> tuple[Held, int]:
        """The method's state before a chunk, and how many rows it took to look it up."""
        plan, update, state = self._plan, self._plan.engine.update, self.state
        if update is None:
            return Held(), 0
        if not update.remembers:
            return Held(flat(state.own)), 0
        between = snapshots(plan)
        if state.own is None or (between and state.t % between == 0):
            from gdcli.risk.remembered import remembered

            rows = remembered(plan.risk)
            table = rows.scores(state.theta)
            return Held(flat(plan.method.init(rows.gradient(table))), table), plan.risk.rows
        own, table = state.own
        return Held(flat(own), table), 0

    def _after(self, theta: Vector, average: Vector, etas: Vector, tally: Tally, held: Held, cost: int) -> State:
        """The state after steps of the sizes `etas`."""
        before, update = self.state, self._plan.engine.update
        own = None if update is None else formed(held.state, update.shape, len(theta))
        eta = float(etas[-1]) if update is None or update.size is None else update.size(own)
        weight, total, squares = tally.sums
        # One number in all places is looked at once.
        sizes = etas if etas.strides[0] else etas[:1]
        return before._replace(
            theta=theta,
            average=average,
            eta=eta,
            t=before.t + len(etas),
            work=before.work + cost + len(etas) * self._plan.options.rows,
            weight=weight,
            total=total,
            squares=squares,
            least=min(before.least, float(sizes.min())),
            largest=max(before.largest, float(sizes.max())),
            own=own if update is None or not update.remembers else (own, held.table),
        )


def snapshots(plan: Plan) -> int:
    """A snapshot is due every so many steps, of methods that take some; else 0."""
    return BETWEEN * plan.epoch if plan.method.remembers == "snapshot" else 0


def _most_steps(plan: Plan) -> int:
    """How many steps a chunk may have. Where nothing is made for each of them, there may be many."""
    steps = max(1, NUMBERS[plan.engine.name] // max(plan.risk.width, 4) // plan.options.rows)
    return steps if plan.engine.drawing is not None and plan.schedule.constant else min(MOST_STEPS, steps)


def _weighing(plan: Plan, t: int) -> tuple[float, float, float, float]:
    """unit, c, L_max and base of the weights of descent.averaging from step t on, as native.tally has them."""
    kept = plan.averaging
    if kept is None or t < kept.begins:
        return 0.0, 0.0, 0.0, 0.0
    if kept.kind != "weighted":
        return 0.0, 0.0, 0.0, 1.0
    return (1.0, 1.0 + 1.0 / kept.b, plan.constants.L_max, 0.0) if math.isfinite(kept.b) else (1.0, 0.0, 0.0, 0.0)
