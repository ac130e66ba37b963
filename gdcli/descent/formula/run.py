"""A descent on a formula as an iterator of steps. It never prints."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from gdcli.descent.formula.asked import AskedOfFormula
from gdcli.descent.formula.plan import Plan
from gdcli.descent.method import Vector
from gdcli.descent.stopping import log_steps

HOPELESS = 1e6
BOTTOMLESS = 1e12


class Ended(StrEnum):
    """Why a descent on a formula ended, in the words of the report."""

    GRADIENT = "|grad f| is as small as asked for"
    GAP = "f is as near its minimum as asked for"
    STEPS = "all steps are done"
    STILL = "x no longer changes in double precision"
    DIVERGED = "f grew beyond all bounds: the descent diverged"
    UNBOUNDED = "f fell beyond all bounds: it seems to have no minimum"
    LEFT = "a step led out of the domain of f or its gradient"
    INTERRUPTED = "interrupted"

    @property
    def failed(self) -> bool:
        """Whether no minimum can be near."""
        return self in (Ended.DIVERGED, Ended.UNBOUNDED, Ended.LEFT)


@dataclass(frozen=True)
class Step:
    """x_t with f and |grad f| there, and the step size that led to it (at t = 0 the first one,
    not a number where the method finds it itself)."""

    t: int
    x: Vector
    value: float
    gradient_norm: float
    eta: float


class Run:
    """x_0, x_1, ... of a plan: iterate for the logged steps, then read `ended`.

    `trace` holds every place where the plan asks for it; `strayed` is the first t at which x was outside the box.
    """

    def __init__(self, plan: Plan, clock: Callable[[], float]) -> None:
        self.plan = plan
        self.ended: Ended | None = None
        self.t = 0
        self.x = plan.start
        self.trace: list[tuple[float, ...]] = []
        self.strayed: int | None = None
        self._clock = clock
        self._began = clock()
        self._state = plan.method.init(self.x)
        self._etas = (float(eta) for block in plan.schedule.blocks(0, plan.options.steps) for eta in block)
        self._eta = plan.eta0
        self._f = AskedOfFormula(plan.field, plan.bends, math.nan if plan.facts.L is None else plan.facts.L)
        self._value, self._slope = self._f.at(self.x)
        self._first = self._value
        self._look()

    @property
    def seconds(self) -> float:
        """Time since the start."""
        return self._clock() - self._began

    def __iter__(self) -> Iterator[Step]:
        """The steps to log, the first and the last included."""
        logged = -1
        for until in log_steps(self.plan.options.every):
            while self.t < until and self.ended is None:
                self._advance()
            if self.t != logged:
                logged = self.t
                yield self.measure()
            if self.ended is not None:
                return

    def measure(self) -> Step:
        """The present place."""
        return Step(self.t, self.x, self._value, self._norm(), self._eta)

    def interrupt(self) -> None:
        """Note that the run was stopped from outside."""
        self.ended = Ended.INTERRUPTED

    def _norm(self) -> float:
        # The squares of slopes may be beyond the doubles.
        return math.hypot(*self._slope.tolist())

    def _advance(self) -> None:
        """x_t to x_{t+1}."""
        before, method, eta = self.x, self.plan.method, next(self._etas)
        asked = (self._f,) if method.asks else ()
        with np.errstate(all="ignore"):
            place = self.x if method.look is None else method.look(self.x, self._state)
            _, slope = self._f.at(place)
            self.x, self._state = method.step(self.x, slope, self._state, eta, *asked)
        self._eta = eta if method.size is None else method.size(self._state)
        self.t += 1
        self._value, self._slope = self._f.at(self.x)
        self._look()
        if self.ended is None and np.array_equal(before, self.x) and method.look is None:
            self.ended = Ended.STILL

    def _look(self) -> None:
        """Note where the run is, and end it where there is a reason to."""
        if self.plan.options.keep_path:
            self.trace.append(tuple(self.x.tolist()))
        outside = any(not low <= x <= high for (low, high), x in zip(self.plan.facts.box, self.x.tolist(), strict=True))
        if outside and self.strayed is None:
            self.strayed = self.t
        self.ended = self._verdict()

    def _verdict(self) -> Ended | None:
        scale = 1.0 + abs(self._first)
        if math.isnan(self._value):
            return Ended.LEFT if np.all(np.isfinite(self.x)) else Ended.DIVERGED
        if self._value > HOPELESS * scale or not np.all(np.isfinite(self.x)):
            return Ended.DIVERGED
        if self._value < -BOTTOMLESS * scale:
            return Ended.UNBOUNDED
        if not np.all(np.isfinite(self._slope)):
            return Ended.LEFT
        if self._norm() <= self.plan.options.gradient:
            return Ended.GRADIENT
        gap = self.gap_upper()
        if gap is not None and self.plan.options.gap is not None and gap <= self.plan.options.gap:
            return Ended.GAP
        return Ended.STEPS if self.t >= self.plan.options.steps else None

    def gap_upper(self) -> float | None:
        """f(x) - min f <= ||grad f(x)||^2/(2 mu) for mu-strongly convex f, up to the rounding of grad f.

        None where no mu > 0 is proven, or x has left the region on which it is.
        """
        mu = self.plan.facts.mu
        if not mu > 0.0 or self.strayed is not None:
            return None
        return self._norm() ** 2 / (2.0 * mu)
