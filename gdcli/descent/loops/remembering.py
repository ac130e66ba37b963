"""Steps with drawn rows whose earlier gradients are remembered (SAGA, SAG), or known at a snapshot (SVRG)."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from gdcli.data.sampling import draw
from gdcli.descent.loops.chunks import snapshots
from gdcli.descent.loops.full import averaged, eta_stream
from gdcli.descent.loops.judge import Judge
from gdcli.descent.loops.price import checks
from gdcli.descent.loops.state import State
from gdcli.descent.plan import Plan
from gdcli.descent.stopping import Stopped
from gdcli.risk.empirical import Rows
from gdcli.risk.remembered import Scores, remembered


class Memory(NamedTuple):
    """The method's own state, a score for each row, and the scores that are to be written into it before the next step.

    Writing them late leaves a state whole that was interrupted on the way to the next one.
    """

    own: Any
    table: Scores
    rows: Rows
    fresh: Scores


class Remembering:
    """Judged at the end of epochs."""

    def __init__(self, plan: Plan, judge: Judge, state: State) -> None:
        self.state = state
        self._plan = plan
        self._judge = judge
        self._rows_of = remembered(plan.risk)
        self._etas = eta_stream(plan, state.t)
        options = plan.options
        blocks = draw(options.sampling, plan.risk.rows, options.rows, options.seed, state.t)
        self._draws = (rows for block in blocks for rows in block)
        self._checks = checks(plan, state.t)
        self._check = next(self._checks)
        self._between = snapshots(plan)

    def go_to(self, until: int) -> Stopped | None:
        """As loops.state.Loop has it."""
        while self.state.t < until:
            if self.state.t == self._check:
                self._check = next(self._checks)
                if self._judge.certified(self.state.theta):
                    return Stopped.GAP
            self._step(next(self._draws), next(self._etas))
        return None

    def _step(self, rows: Rows, eta: float) -> None:
        plan, before = self._plan, self.state
        memory, cost = self._memory()
        fresh = self._rows_of.scores(before.theta, rows)
        pull = plan.risk.penalty * before.theta
        g, old = (self._rows_of.gradient(scores, rows) for scores in (fresh, memory.table[rows]))
        theta, own = plan.method.step(before.theta, g, memory.own, eta, old, float(plan.risk.rows))
        written = (rows, fresh) if plan.method.remembers == "last" else (rows[:0], fresh[:0])
        after = Memory(own, memory.table, *written)
        work = before.work + cost + len(rows)
        self.state = averaged(plan, before, before.after(theta - eta * pull, eta, work, after))

    def _memory(self) -> tuple[Memory, int]:
        """What is remembered before the step, and how many rows it took to look it up."""
        state = self.state
        if state.own is None or (self._between and state.t % self._between == 0):
            table = self._rows_of.scores(state.theta)
            own = self._plan.method.init(self._rows_of.gradient(table))
            nothing = np.empty(0, dtype=np.intp)
            return Memory(own, table, nothing, table[:0]), self._plan.risk.rows
        memory: Memory = Memory(*state.own)
        memory.table[memory.rows] = memory.fresh
        return memory, 0
