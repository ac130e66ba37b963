"""Steps with full gradients."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from gdcli.descent.loops.judge import Judge
from gdcli.descent.loops.state import State
from gdcli.descent.plan import Plan
from gdcli.descent.stopping import Stopped
from gdcli.risk.bounds.stochastic import averaging_weight
from gdcli.risk.empirical import Vector

# Of what a step may lower the risk by, for the rounding of the product.
SAFE = 1.0 + 1e-6


class Full:
    """Each step is judged, by the plain risk first and by the certificate where that is close.

    Where the certificate says that the gap is above the target, it need not be asked again before the steps can have
    brought it there: R(theta_{t+1}) >= R(theta_t) - g . (theta_t - theta_{t+1}), as R is convex.
    """

    def __init__(self, plan: Plan, judge: Judge, state: State) -> None:
        self.state = state
        self._plan = plan
        self._judge = judge
        self._method_state = plan.method.init(plan.theta0)
        self._etas = eta_stream(plan)
        self._least = -math.inf
        self._pass = plan.engine.full(plan.risk, plan.certificate.optimum.theta)

    def go_to(self, until: int) -> Stopped | None:
        """As loops.state.Loop has it."""
        while self.state.t < until:
            risk, gradient = self._pass(self.state.theta)
            reason = self._reason(risk) or self._take(gradient)
            if reason is not None:
                return reason
        return None

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

    def _take(self, gradient: Vector) -> Stopped | None:
        before, eta = self.state, next(self._etas)
        theta, self._method_state = self._plan.method.step(before.theta, gradient, self._method_state, eta)
        slopes = before.slopes + eta * eta * float(gradient @ gradient)
        self._least -= SAFE * float(gradient @ (before.theta - theta))
        self.state = averaged(self._plan, before, before.after(theta, eta)._replace(slopes=slopes))
        return Stopped.STILL if np.array_equal(before.theta, theta) else None


def averaged(plan: Plan, before: State, after: State) -> State:
    """With theta_t in the average, if there is one: weight w_t of eta_t."""
    if plan.averaging is None:
        return after
    share = averaging_weight(after.eta, plan.constants, plan.averaging)
    weight = before.weight + share
    if not weight > 0.0:
        return after._replace(weight=weight)
    return after._replace(weight=weight, average=before.average + (share / weight) * (before.theta - before.average))


def eta_stream(plan: Plan) -> Iterator[float]:
    """All step sizes of a run."""
    for etas in plan.schedule.blocks(plan.steps):
        yield from etas.tolist()
