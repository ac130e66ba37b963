"""Steps with drawn rows, one after the other, by a method's own step and the risk's own gradients."""

from __future__ import annotations

import math

import numpy as np

from gdcli.descent.draws import draws
from gdcli.descent.loops.full import averaged, eta_stream
from gdcli.descent.loops.judge import Judge
from gdcli.descent.loops.price import checks
from gdcli.descent.loops.state import State
from gdcli.descent.plan import Plan
from gdcli.descent.stopping import Stopped
from gdcli.risk.empirical import EmpiricalRisk, Rows, Vector


class ByRows:
    """Judged at the end of epochs."""

    def __init__(self, plan: Plan, judge: Judge, state: State) -> None:
        self.state = state._replace(own=plan.method.init(plan.theta0)) if state.t == 0 else state
        self._plan = plan
        self._judge = judge
        self._etas = eta_stream(plan, state.t)
        self._draws = draws(plan.risk, plan.options, state.t)
        self._checks = checks(plan, state.t)
        self._check = next(self._checks)

    def go_to(self, until: int) -> Stopped | None:
        """As loops.state.Loop has it."""
        while self.state.t < until:
            if self.state.t == self._check:
                self._check = next(self._checks)
                if self._judge.certified(self.state.theta):
                    return Stopped.GAP
            self._step(*next(self._draws), next(self._etas))
        return None

    def _step(self, risk: EmpiricalRisk, rows: Rows, eta: float) -> None:
        before, method = self.state, self._plan.method
        place = before.theta if method.look is None else method.look(before.theta, before.own)
        theta, own = method.step(before.theta, self._gradient(risk, rows, place), before.own, eta)
        eta = eta if method.size is None else method.size(own)
        self.state = averaged(self._plan, before, before.after(theta, eta, before.work + len(rows), own))

    def _gradient(self, risk: EmpiricalRisk, rows: Rows, theta: Vector) -> Vector:
        """The mean of the rows' gradients; past the largest double it is nan, which the log notices."""
        if len(rows) > 1:
            return risk.batch_gradient(theta, rows)
        try:
            return risk.row_gradient(theta, int(rows[0]))
        except ArithmeticError:
            return np.full(risk.width, math.nan)
