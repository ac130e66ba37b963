"""A run as an iterator of steps. It never prints; what watches it (log, progress, checkpoint) is outside."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from gdcli.data.sampling import draw
from gdcli.descent.plan import Plan
from gdcli.descent.stopping import Stopped, log_steps
from gdcli.risk import bounds
from gdcli.risk.bounds import Promise, StepSizes
from gdcli.risk.certificate.gap import Gap
from gdcli.risk.empirical import Vector

HOPELESS = 1e6


@dataclass(frozen=True)
class Step:
    """theta_t and what is known there. `averaged` is the gap of the weighted average of the iterates before t.

    `above_local` is R(theta_t) less the local minimum, where the risk is not known to be convex.
    """

    t: int
    epoch: float
    theta: Vector
    risk: float
    gap: Gap
    gradient_norm: float
    eta: float
    seconds: float
    bound: Promise | None
    averaged: Gap | None
    average: Vector | None
    above_local: float | None


class Run:
    """theta_0, theta_1, ... of a plan: iterate for the logged steps, then read `stopped` and `measure()`.

    The state is whole between any two steps, so an interruption loses nothing: `measure()` still tells where it is.
    """

    def __init__(self, plan: Plan, clock: Callable[[], float]) -> None:
        self.plan = plan
        self.stopped: Stopped | None = None
        self.t = 0
        self.theta = plan.theta0
        self._state = plan.method.init(plan.theta0)
        self._average = plan.theta0
        self._weight = self._total = self._squares = self._largest = 0.0
        self._least = math.inf
        self._clock = clock
        self._start = clock()
        self._risk0 = plan.risk.value(plan.theta0)
        drop = self._risk0 - plan.certificate.optimum.risk_optimum
        self._hopeless = self._risk0 + HOPELESS * max(abs(self._risk0), drop, np.finfo(float).tiny)
        self._etas = self._eta_stream()
        self._eta = float(plan.schedule.etas(0, 1)[0])
        self._advance = self._stochastic() if plan.stochastic else self._deterministic()

    def __iter__(self) -> Iterator[Step]:
        """The steps to log, the first and the last included."""
        logged = -1
        with np.errstate(over="ignore", invalid="ignore"):
            for until in log_steps(self.plan.options.every):
                self._go_to(min(until, self.plan.steps))
                if self.t == logged:
                    break
                step = self.measure()
                logged = self.t
                self._judge(step)
                yield step
                if self.stopped is not None:
                    break

    def measure(self) -> Step:
        """The present theta with its risk, certified gap and bound: full passes over the data."""
        with np.errstate(over="ignore", invalid="ignore"):
            plan = self.plan
            risk, gradient = plan.risk.value_and_gradient(self.theta)
            average = self._average if plan.stochastic else None
            return Step(
                t=self.t,
                epoch=self.t * plan.rows_per_step / plan.risk.rows,
                theta=self.theta,
                risk=risk,
                gap=self._gap(self.theta, risk),
                gradient_norm=float(np.linalg.norm(gradient)),
                eta=self._eta,
                seconds=self._clock() - self._start,
                bound=self._bound(),
                averaged=None if average is None else self._gap(average, 0.0),
                average=average,
                above_local=None if plan.convex else risk - plan.certificate.optimum.risk_optimum,
            )

    def interrupt(self) -> None:
        """Note that the run was stopped from outside."""
        self.stopped = Stopped.INTERRUPTED

    def _gap(self, theta: Vector, risk: float) -> Gap:
        if not (np.all(np.isfinite(theta)) and math.isfinite(risk)):
            return Gap(math.inf, math.inf, math.inf)
        return self.plan.certificate.gap(theta)

    def _bound(self) -> Promise | None:
        """The promise that holds for this run at step t."""
        plan = self.plan
        if not plan.stochastic:
            if self._least != self._largest:
                return None
            return bounds.gradient_descent(plan.constants, plan.distance, plan.gap0, self._eta, self.t)
        if plan.averaging is None or plan.sigma2 is None or plan.options.sampling != "uniform":
            return None
        sizes = StepSizes(self._total, self._squares, self._largest)
        noise = plan.sigma2 / plan.options.batch
        return bounds.stochastic_gradient(sizes, plan.constants, plan.distance, noise, plan.averaging)

    def promises(self) -> tuple[Promise, ...]:
        """What the theory promises of this run at step t, the smallest first; one of them takes a solve of its own."""
        plan = self.plan
        found = [promise for promise in (self._bound(),) if promise is not None]
        gentle = self._largest == self._least and 0.0 < self._largest * plan.constants.L <= 1.0
        if not plan.stochastic and plan.convex and gentle:
            optimum = plan.certificate.optimum.risk_optimum
            found.append(bounds.any_point(plan.risk, optimum, self._largest, self.t))
        return tuple(sorted(found, key=lambda promise: promise.value))

    def _judge(self, step: Step) -> None:
        """Stop where the log sees a reason to."""
        if not math.isfinite(step.risk) or step.risk > self._hopeless:
            self.stopped = Stopped.DIVERGED
        elif self.stopped is None and step.above_local is not None and step.above_local <= self.plan.target:
            self.stopped = Stopped.LOCAL
        elif self.stopped is None and step.gap.upper <= self.plan.target:
            self.stopped = Stopped.GAP
        elif self.stopped is None and self.t >= self.plan.steps:
            self.stopped = Stopped.STEPS

    def _eta_stream(self) -> Iterator[float]:
        for etas in self.plan.schedule.blocks(self.plan.steps):
            yield from etas.tolist()

    def _go_to(self, until: int) -> None:
        """Step until t is `until` or there is a reason to stop."""
        while self.t < until and self.stopped is None:
            next(self._advance)

    def _take(self, gradient: Vector) -> None:
        """theta_t to theta_{t+1}."""
        eta = next(self._etas)
        theta, self._state = self.plan.method.step(self.theta, gradient, self._state, eta)
        self._eta = eta
        self._least, self._largest = min(eta, self._least), max(eta, self._largest)
        self._total += eta
        self._squares += eta * eta
        self.theta, self.t = theta, self.t + 1

    def _deterministic(self) -> Iterator[None]:
        """Full gradients; each step is judged, by the plain risk first and by the certificate where that is close."""
        plan = self.plan
        near = 2.0 * plan.target + 1e-12 * abs(plan.certificate.optimum.risk_optimum)
        while True:
            risk, gradient = plan.risk.value_and_gradient(self.theta)
            if not math.isfinite(risk) or risk > self._hopeless:
                self.stopped = Stopped.DIVERGED
            elif not plan.convex and risk - plan.certificate.optimum.risk_optimum <= plan.target:
                self.stopped = Stopped.LOCAL
            elif risk - plan.certificate.optimum.risk_optimum <= near and self._certified():
                self.stopped = Stopped.GAP
            else:
                before = self.theta
                self._take(gradient)
                if np.array_equal(before, self.theta):
                    self.stopped = Stopped.STILL
            yield

    def _certified(self) -> bool:
        return self._gap(self.theta, 0.0).upper <= self.plan.target

    def _stochastic(self) -> Iterator[None]:
        """Gradients of drawn rows, the average kept beside; judged at every epoch and where the log looks."""
        plan = self.plan
        options = plan.options
        single = options.batch == 1
        epoch = max(1, round(plan.risk.rows / options.batch))
        for block in draw(options.sampling, plan.risk.rows, options.batch, options.seed):
            for rows in block:
                gradient = self._row_gradient(int(rows[0])) if single else plan.risk.batch_gradient(self.theta, rows)
                before = self.theta
                self._take(gradient)
                self._keep_average(before)
                if self.t % epoch == 0 and self._certified():
                    self.stopped = Stopped.GAP
                yield

    def _row_gradient(self, i: int) -> Vector:
        """grad phi_i; past the largest double the gradient is nan, which the log notices."""
        try:
            return self.plan.risk.row_gradient(self.theta, i)
        except ArithmeticError:
            return np.full(self.plan.risk.width, math.nan)

    def _keep_average(self, theta: Vector) -> None:
        weight = bounds.averaging_weight(self._eta, self.plan.constants, self.plan.averaging or math.nan)
        self._weight += weight
        if self._weight > 0.0:
            self._average = self._average + (weight / self._weight) * (theta - self._average)
