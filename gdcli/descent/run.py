"""A run as an iterator of steps. It never prints; what watches it (log, progress, checkpoint) is outside."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from gdcli.descent.draws import draws
from gdcli.descent.plan import Plan
from gdcli.descent.stopping import Stopped, log_steps
from gdcli.risk.bounds import lipschitz, smooth, stochastic
from gdcli.risk.bounds.promise import Course, Promise, StepSizes
from gdcli.risk.certificate.gap import Gap
from gdcli.risk.empirical import EmpiricalRisk, Vector
from gdcli.risk.kinks import Kinks, kinks

HOPELESS = 1e6
# Of what a step may lower the risk by, for the rounding of the product.
SAFE = 1.0 + 1e-6


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
        self._weight = self._total = self._squares = self._largest = self._slopes = 0.0
        self._least = math.inf
        self._clock = clock
        self._start = clock()
        self._risk0 = plan.risk.value(plan.theta0)
        drop = self._risk0 - plan.certificate.optimum.risk_optimum
        self._wobble = 0.0 if plan.stochastic or not math.isfinite(plan.distance) else _rounding(plan)
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
            average = None if plan.averaging is None else self._average
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
            # R may be a number that no double holds.
            return Gap(0.0, math.inf, math.inf)
        return self.plan.certificate.gap(theta)

    def _bound(self) -> Promise | None:
        """The smallest of the bounds that hold for this run at step t and cost nothing."""
        met = [promise for promise in self._promises(self._course()) if promise.met]
        return min(met, key=lambda promise: promise.value, default=None)

    def promises(self) -> tuple[Promise, ...]:
        """All that the theory may promise of this run at step t: what is met, the smallest first, then what is not.

        One of them takes a solve of its own.
        """
        course, risk, optimum = self._course(), self.plan.risk, self.plan.certificate.optimum.risk_optimum
        solved = stochastic.nonnegative if self.plan.stochastic else smooth.any_point
        found = [*self._promises(course), solved(course, risk, optimum)]
        return tuple(sorted(found, key=lambda promise: (not promise.met, promise.value)))

    def kinks(self) -> Kinks | None:
        """The rows at a kink of the loss at the present theta; None for a loss without kinks."""
        return kinks(self.plan.risk, self.theta, self.plan.certificate)

    def _promises(self, course: Course) -> list[Promise]:
        if self.plan.stochastic:
            return [stochastic.averaged_promise(course), lipschitz.stochastic_subgradient(course)]
        averaged = [] if self.plan.averaging is None else lipschitz.subgradient(course)
        return [*averaged, *smooth.gradient_descent(course)]

    def _course(self) -> Course:
        plan = self.plan
        return Course(
            constants=plan.constants,
            sizes=StepSizes(self.t, self._total, self._squares, self._least, self._largest, self._slopes),
            convex=plan.convex,
            distance=plan.distance,
            gap0=plan.gap0,
            omega=plan.certificate.omega,
            ridge=float(np.max(plan.risk.penalty)),
            origin=not np.any(plan.theta0),
            sigma2=math.nan if plan.sigma2 is None else plan.sigma2 / plan.options.batch,
            b=math.nan if plan.averaging is None else plan.averaging,
            uniform=plan.options.sampling == "uniform",
            wobble=self._wobble * (1.0 + self._largest),
        )

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
        """Full gradients; each step is judged, by the plain risk first and by the certificate where that is close.

        Where the certificate says that the gap is above the target, it need not be asked again before the steps can
        have brought it there: R(theta_{t+1}) >= R(theta_t) - g . (theta_t - theta_{t+1}), as R is convex.
        """
        plan = self.plan
        near = 2.0 * plan.target + 1e-12 * abs(plan.certificate.optimum.risk_optimum)
        least = -math.inf
        while True:
            risk, gradient = plan.risk.value_and_gradient(self.theta)
            if not math.isfinite(risk) or risk > self._hopeless:
                self.stopped = Stopped.DIVERGED
            elif not plan.convex and risk - plan.certificate.optimum.risk_optimum <= plan.target:
                self.stopped = Stopped.LOCAL
            elif risk - plan.certificate.optimum.risk_optimum <= near and least <= plan.target:
                gap = self._gap(self.theta, 0.0)
                least = gap.lower
                self.stopped = Stopped.GAP if gap.upper <= plan.target else None
            if self.stopped is None:
                before = self.theta
                self._take(gradient)
                self._slopes += self._eta * self._eta * float(gradient @ gradient)
                if plan.averaging is not None:
                    self._keep_average(before)
                least -= SAFE * float(gradient @ (before - self.theta))
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
        for risk, rows in draws(plan.risk, options):
            gradient = self._row_gradient(risk, int(rows[0])) if single else risk.batch_gradient(self.theta, rows)
            before = self.theta
            self._take(gradient)
            if plan.averaging is not None:
                self._keep_average(before)
            if self.t % epoch == 0 and self._certified():
                self.stopped = Stopped.GAP
            yield

    def _row_gradient(self, risk: EmpiricalRisk, i: int) -> Vector:
        """grad phi_i; past the largest double the gradient is nan, which the log notices."""
        try:
            return risk.row_gradient(self.theta, i)
        except ArithmeticError:
            return np.full(risk.width, math.nan)

    def _keep_average(self, theta: Vector) -> None:
        weight = stochastic.averaging_weight(self._eta, self.plan.constants, self.plan.averaging or math.nan)
        self._weight += weight
        if self._weight > 0.0:
            self._average = self._average + (weight / self._weight) * (theta - self._average)


def _rounding(plan: Plan) -> float:
    """What rounding moves a step of full gradients by, near the optimum, if eta is 1: of theta, and of a mean of N."""
    theta = plan.certificate.optimum.theta
    size = float(np.linalg.norm(theta) + np.linalg.norm(plan.theta0)) + math.sqrt(plan.risk.gradient_noise(theta))
    return (20.0 + math.log2(plan.risk.rows)) * float(np.finfo(float).eps) * size
