"""Steps with full gradients."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from gdcli.descent.asked import AskedOfRisk
from gdcli.descent.loops.judge import Judge
from gdcli.descent.loops.state import State
from gdcli.descent.plan import Plan
from gdcli.descent.stopping import Stopped
from gdcli.risk.empirical import Vector
from gdcli.risk.models.sparse import SparseRisk

# Of what a step may lower the risk by, for the rounding of the product.
SAFE = 1.0 + 1e-6


class Full:
    """Each step is judged, by the plain risk first and by the certificate where that is close.

    Where the certificate says that the gap is above the target, it need not be asked again before the steps can have
    brought it there: R(theta_{t+1}) >= R(theta_t) - g . (theta_t - theta_{t+1}), as R is convex.
    """

    def __init__(self, plan: Plan, judge: Judge, state: State) -> None:
        self.state = state._replace(own=plan.method.init(plan.theta0)) if state.t == 0 else state
        self._plan = plan
        self._judge = judge
        self._etas = eta_stream(plan, state.t)
        self._least = -math.inf
        optimum = plan.certificate.optimum
        one_pass = plan.engine.full(plan.risk, optimum.theta, state.asked - state.known)
        self._R = AskedOfRisk(plan.risk, one_pass, optimum.risk_optimum, state.work // plan.risk.rows, state.asked)
        if state.known:
            self._R.recall(self._place(state))

    def go_to(self, until: int) -> Stopped | None:
        """As loops.state.Loop has it."""
        while self.state.t < until:
            if self.state.still:
                return Stopped.STILL
            risk, gradient = self._R.at(self._place(self.state))
            reason = self._reason(risk) or self._take(gradient)
            if reason is not None:
                return reason
        return None

    def _place(self, state: State) -> Vector:
        """Where the next gradient is taken."""
        look = self._plan.method.look
        return state.theta if look is None else look(state.theta, state.own)

    def _reason(self, risk: float) -> Stopped | None:
        plan = self._plan
        if self._judge.diverged(risk):
            return Stopped.DIVERGED
        if not plan.convex:
            return Stopped.LOCAL if risk - plan.certificate.optimum.risk_optimum <= plan.target else None
        if self._judge.is_near(risk) and self._least <= plan.target:
            gap = self._judge.gap(self.state.theta)
            self._least = gap.lower
            return Stopped.GAP if gap.upper <= plan.target else None
        return None

    def _slope(self, gradient: Vector, before: Vector, after: Vector) -> float:
        """g . (theta_t - theta_{t+1}), and how far an L1 term falls: R falls by no more."""
        fall, risk = float(gradient @ (before - after)), self._plan.risk
        return fall + risk.norm(before) - risk.norm(after) if isinstance(risk, SparseRisk) else fall

    def _take(self, gradient: Vector) -> Stopped | None:
        method, before, eta = self._plan.method, self.state, next(self._etas)
        asked = (self._R,) if method.asks else ()
        theta, own = method.step(before.theta, gradient, before.own, eta, *asked)
        eta = eta if method.size is None else method.size(own)
        slopes = before.slopes + eta * eta * float(gradient @ gradient)
        fall = math.inf if method.look else SAFE * self._slope(gradient, before.theta, theta)
        self._least -= fall
        after = before.after(theta, eta, self._R.passes * self._plan.risk.rows, own)
        known = self._R.knows(self._place(after))
        still = np.array_equal(before.theta, theta) and method.look is None
        after = after._replace(slopes=slopes, asked=self._R.asked, known=known, still=still)
        self.state = averaged(self._plan, before, after)
        return Stopped.STILL if still else None


def averaged(plan: Plan, before: State, after: State) -> State:
    """With theta_t in the average, if there is one: weight w_t of eta_t."""
    if plan.averaging is None:
        return after
    share = plan.averaging.weight(before.t, after.eta, plan.constants)
    weight = before.weight + share
    if not weight > 0.0:
        return after._replace(weight=weight)
    return after._replace(weight=weight, average=before.average + (share / weight) * (before.theta - before.average))


def eta_stream(plan: Plan, start: int) -> Iterator[float]:
    """All step sizes of a run from step `start` on."""
    for etas in plan.schedule.blocks(start, plan.steps):
        yield from etas.tolist()
