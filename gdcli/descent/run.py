"""A run as an iterator of steps. It never prints; what watches it (log, progress, checkpoint) is outside."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gdcli.descent.loops.chunks import InChunks
from gdcli.descent.loops.full import Full
from gdcli.descent.loops.judge import Judge
from gdcli.descent.loops.price import line_steps
from gdcli.descent.loops.rows import ByRows
from gdcli.descent.loops.state import Loop, State
from gdcli.descent.loops.watched import Watched
from gdcli.descent.plan import Plan
from gdcli.descent.stopping import Stopped, log_steps
from gdcli.risk.bounds import accelerated, lipschitz, proximal, smooth, stochastic, sufficient
from gdcli.risk.bounds.promise import Course, Promise, StepSizes
from gdcli.risk.certificate.gap import Gap
from gdcli.risk.empirical import Vector

if TYPE_CHECKING:
    from gdcli.risk.kinks import Kinks

# The families of bounds that a method may name: those that cost nothing, and those that take a solve of their own.
FAMILIES: dict[str, Callable[[Course], list[Promise]]] = {
    "accelerated": accelerated.accelerated,
    "lipschitz": lipschitz.subgradient,
    "proximal": proximal.proximal_gradient,
    "smooth": smooth.gradient_descent,
    "stochastic": lambda course: [stochastic.averaged_promise(course), lipschitz.stochastic_subgradient(course)],
    "sufficient": sufficient.sufficient_decrease,
}
SOLVED = {"smooth": smooth.any_point, "stochastic": stochastic.nonnegative}


@dataclass(frozen=True)
class Step:
    """theta_t and what is known there. `averaged` is the gap of the weighted average of the iterates before t.

    `above_local` is R(theta_t) less the local minimum, where the risk is not known to be convex; `unseen` the mean loss
    of the rows that R does not hold, where there are some. `drawn`: steps use drawn rows.
    """

    t: int
    epoch: float
    work: int
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
    unseen: float | None
    drawn: bool


class Run:
    """theta_0, theta_1, ... of a plan: iterate for the logged steps, then read `stopped` and `measure()`.

    The state is whole between any two steps, so an interruption loses nothing: `measure()` still tells where it is.
    """

    def __init__(
        self,
        plan: Plan,
        clock: Callable[[], float],
        state: State | None = None,
        *,
        seconds: float = 0.0,
        watch: Callable[[State], None] | None = None,
    ) -> None:
        """Go on from `state`, which took `seconds`; `watch` sees the state between two steps every so often."""
        self.plan = plan
        self.stopped: Stopped | None = None
        self._clock = clock
        self._start = clock() - seconds
        self._judge = Judge.of(plan, plan.risk.value(plan.theta0))
        self._wobble = 0.0 if plan.stochastic or not math.isfinite(plan.distance) else _rounding(plan)
        loop = _loop(plan, self._judge, state)
        self._loop = loop if watch is None else Watched(loop, watch, clock)

    @property
    def state(self) -> State:
        """Where it is, whole: a run of the same plan goes on from it to the same bits."""
        return self._loop.state

    @property
    def t(self) -> int:
        """How many steps were taken."""
        return self._loop.state.t

    @property
    def theta(self) -> Vector:
        """theta_t."""
        return self._loop.state.theta

    def __iter__(self) -> Iterator[Step]:
        """The steps to log, the first and the last included; of a run that goes on, from where it was."""
        begin, logged = self.t, -1
        for until in log_steps(self.plan.options.every, line_steps(self.plan)):
            if until < begin:
                continue
            self.go_to(min(until, self.plan.steps))
            step = self.look()
            if self.t == logged:
                break
            logged = self.t
            yield step
            if self.stopped is not None:
                break

    def go_to(self, until: int) -> None:
        """Go on until t is `until` or there is a reason to stop."""
        # Not around a yield: whoever iterates would be silenced, too.
        with np.errstate(over="ignore", invalid="ignore"):
            self.stopped = self._loop.go_to(until)

    def look(self) -> Step:
        """The present step, where there may be a reason to stop."""
        step = self.measure()
        self.stopped = self.stopped or self._reason(step)
        return step

    def measure(self) -> Step:
        """The present theta with its risk, certified gap and bound: full passes over the data."""
        with np.errstate(over="ignore", invalid="ignore"):
            plan, state = self.plan, self._loop.state
            risk, gradient = plan.risk.value_and_gradient(state.theta)
            average = None if plan.averaging is None else state.average
            return Step(
                t=state.t,
                epoch=state.work / plan.risk.rows,
                work=state.work,
                theta=state.theta,
                risk=risk,
                gap=self._judge.gap(state.theta, risk),
                gradient_norm=float(np.linalg.norm(gradient)),
                eta=state.eta,
                seconds=self._clock() - self._start,
                bound=self._bound(),
                averaged=None if average is None else self._judge.gap(average),
                average=average,
                above_local=None if plan.convex else risk - plan.certificate.optimum.risk_optimum,
                unseen=None if plan.unseen is None else plan.unseen.risk(state.theta),
                drawn=plan.stochastic,
            )

    def interrupt(self) -> None:
        """Note that the run was stopped from outside."""
        self.stopped = Stopped.INTERRUPTED

    def _bound(self) -> Promise | None:
        """The smallest of the bounds that hold for this run at step t and cost nothing."""
        return min(self.met(), key=lambda promise: promise.value, default=None)

    def met(self) -> list[Promise]:
        """The bounds that hold for this run at step t and cost nothing."""
        return [promise for promise in self._promises(self._course()) if promise.met]

    def promises(self) -> tuple[Promise, ...]:
        """All that the theory may promise of this run at step t: what is met, the smallest first, then what is not.

        One of them takes a solve of its own.
        """
        course, risk, optimum = self._course(), self.plan.risk, self.plan.certificate.optimum.risk_optimum
        solved = [SOLVED[family](course, risk, optimum) for family in self.plan.method.bounds if family in SOLVED]
        found = [*self._promises(course), *solved]
        return tuple(sorted(found, key=lambda promise: (not promise.met, promise.value)))

    def kinks(self) -> Kinks | None:
        """The rows at a kink of the loss at the present theta; None for a loss without kinks."""
        if self.plan.risk.loss.smooth:
            return None
        from gdcli.risk.kinks import kinks

        return kinks(self.plan.risk, self.theta, self.plan.certificate)

    def _promises(self, course: Course) -> list[Promise]:
        return [promise for family in self.plan.method.bounds for promise in FAMILIES[family](course)]

    def _course(self) -> Course:
        plan, state = self.plan, self._loop.state
        return Course(
            constants=plan.constants,
            sizes=StepSizes(state.t, state.total, state.squares, state.least, state.largest, state.slopes),
            convex=plan.convex,
            distance=plan.distance,
            gap0=plan.gap0,
            omega=plan.certificate.omega,
            ridge=float(np.max(plan.risk.penalty)),
            origin=not np.any(plan.theta0),
            sigma2=math.nan if plan.sigma2 is None else plan.sigma2 / plan.options.rows,
            b=math.nan if plan.averaging is None else plan.averaging.b,
            averaging=None if plan.averaging is None else plan.averaging.kind,
            doubt="" if plan.method.doubt is None else plan.method.doubt(state.own),
            uniform=plan.options.sampling == "uniform",
            wobble=self._wobble * (1.0 + state.largest),
        )

    def _reason(self, step: Step) -> Stopped | None:
        """Why to stop, where the log sees it."""
        if self._judge.diverged(step.risk):
            return Stopped.DIVERGED
        if step.above_local is not None and step.above_local <= self.plan.target:
            return Stopped.LOCAL
        if step.gap.upper <= self.plan.target:
            return Stopped.GAP
        return Stopped.STEPS if step.t >= self.plan.steps else None


def _loop(plan: Plan, judge: Judge, state: State | None) -> Loop:
    """What takes the steps."""
    start = state or State(plan.theta0, plan.theta0, plan.eta0)
    if not plan.stochastic:
        return Full(plan, judge, start)
    if plan.method.remembers and plan.engine.update is None:
        from gdcli.descent.loops.remembering import Remembering

        return Remembering(plan, judge, start)
    if plan.engine.loop is None:
        return ByRows(plan, judge, start)
    return InChunks(plan, judge, start, plan.engine.loop)


def _rounding(plan: Plan) -> float:
    """What rounding moves a step of full gradients by, near the optimum, if eta is 1: of theta, and of a mean of N."""
    theta = plan.certificate.optimum.theta
    size = float(np.linalg.norm(theta) + np.linalg.norm(plan.theta0)) + math.sqrt(plan.risk.gradient_noise(theta))
    return (20.0 + math.log2(plan.risk.rows)) * float(np.finfo(float).eps) * size
