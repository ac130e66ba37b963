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
        self.state = state
        self._plan = plan
        self._judge = judge
        self._method_state = plan.method.init(plan.theta0)
        self._etas = eta_stream(plan)
        self._draws = draws(plan.risk, plan.options)
        self._checks = checks(plan)
        self._check = next(self._checks)

    def go_to(self, until: int) -> Stopped | None:
        """As loops.state.Loop has it."""
        while self.state.t < until:
            before, eta = self.state, next(self._etas)
            gradient = self._gradient(*next(self._draws))
            theta, self._method_state = self._plan.method.step(before.theta, gradient, self._method_state, eta)
            self.state = averaged(self._plan, before, before.after(theta, eta))
            if self.state.t == self._check:
                self._check = next(self._checks)
                # At `until` whoever looks there sees it.
                if self.state.t < until and self._judge.certified(theta):
                    return Stopped.GAP
        return None

    def _gradient(self, risk: EmpiricalRisk, rows: Rows) -> Vector:
        """The mean of the rows' gradients; past the largest double it is nan, which the log notices."""
        theta = self.state.theta
        if len(rows) > 1:
            return risk.batch_gradient(theta, rows)
        try:
            return risk.row_gradient(theta, int(rows[0]))
        except ArithmeticError:
            return np.full(risk.width, math.nan)
