"""One run of a method, looked at in steps that are equally far apart on a logarithmic axis."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from gdcli.descent.loops.price import MANY
from gdcli.descent.loops.state import State
from gdcli.descent.plan import Plan
from gdcli.descent.run import Run, Step
from gdcli.descent.stopping import Stopped
from gdcli.risk.bounds.promise import Promise
from gdcli.risk.certificate.gap import Gap

# Looks a decade of steps, and the last decades of a run, over which its slope is taken.
DENSITY, DECADES = 10, 1.5


@dataclass(frozen=True, slots=True)
class Point:
    """What is known after t steps, which used the gradients of `work` rows and took so many seconds."""

    t: int
    work: int
    seconds: float
    last: Gap
    average: Gap | None
    bound: Promise | None


@dataclass(frozen=True, slots=True)
class Trace:
    """The points of a run, why it stopped, what the theory promises of its end, and the risk there.

    `reached`: for each level, where the gap came below it, the point from which on it stays at or below (full gradients
    only).
    """

    points: tuple[Point, ...]
    stopped: Stopped
    promises: tuple[Promise, ...]
    risk: float
    reached: tuple[Point | None, ...]


def looks(steps: int, *, costly: bool = False) -> Iterator[int]:
    """0, then round(10^(k/10)) for k = 0, 1, ... without repetitions, up to `steps` itself.

    Where a look is `costly` those of the last decades, over which a slope is taken, and two a decade before.
    """
    last = 0
    yield 0
    for k in count():
        step = round(10.0 ** (k / DENSITY))
        if step >= steps:
            break
        dense = not costly or step * 10.0**DECADES >= steps or k % (DENSITY // 2) == 0
        if step > last and dense:
            yield step
            last = step
    if steps > last:
        yield steps


def trace(plan: Plan, seed: int, levels: Sequence[float], clock: Callable[[], float]) -> Trace:
    """Run the plan with a seed."""
    plan = replace(plan, options=replace(plan.options, seed=seed))
    # What is compiled or loaded for the first step is not the method's time.
    Run(plan, clock).go_to(min(1, plan.steps))
    run = Run(plan, clock)
    points: list[Point] = []
    states: list[State] = []
    seconds = 0.0
    step = run.measure()
    for until in looks(plan.steps, costly=plan.risk.rows * plan.risk.width >= MANY):
        before, began = run.t, clock()
        run.go_to(until)
        seconds += clock() - began
        step = run.look()
        if until and run.t == before:
            break
        points.append(_point(step, seconds))
        states.append(run.state)
        if run.stopped is not None:
            break
    reached = () if plan.stochastic else tuple(_reach(plan, states, points, level, clock) for level in levels)
    stopped = run.stopped or Stopped.STEPS
    promises = () if stopped is Stopped.DIVERGED else run.promises()
    return Trace(tuple(points), stopped, promises, step.risk, reached)


def _point(step: Step, seconds: float) -> Point:
    return Point(step.t, step.work, seconds, step.gap, step.averaged, step.bound)


def _reach(
    plan: Plan, states: Sequence[State], points: Sequence[Point], level: float, clock: Callable[[], float]
) -> Point | None:
    """The point of the first t whose gap is at or below the level, behind the last look that was above it.

    Found by going on from there again, to the middle of what is left each time; where the gap does not fall
    monotonically in between it is a t at which it passes below.
    """
    above = max((i for i, point in enumerate(points) if not point.last.value <= level), default=-1)
    if above < 0 or above + 1 == len(points):
        return None
    begin, end = points[above], points[above + 1]
    low, high, state = begin, end, states[above]
    while high.t - low.t > 1:
        run = Run(plan, clock, state)
        run.go_to((low.t + high.t) // 2)
        step = run.measure()
        # What the clock says of few steps, begun in the middle, is worth less than their share of the whole.
        share = (step.t - begin.t) / (end.t - begin.t)
        found = _point(step, begin.seconds + share * (end.seconds - begin.seconds))
        if found.t == low.t:
            break
        if found.last.value <= level:
            high = found
        else:
            low, state = found, run.state
    return high
