"""R* of the softmax loss, and the minimiser nearest theta0 (THEORY, section 1).

A data set may be separable in part: a direction D with (d_{y_i} - d_k) . x_i > 0 for some pairs (row i, other class k)
and = 0 for all other pairs takes the classes k out of those rows' losses in the limit, and leaves the rest as it is. So
inf R is that of the loss without these pairs, which is asked again; it is attained where no pair goes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gdcli.risk.empirical import Vector
from gdcli.risk.models.softmax import SoftmaxRisk
from gdcli.risk.models.softmax_kernel import Pairs
from gdcli.risk.optimum.found import Optimum
from gdcli.risk.optimum.newton import NewtonResult, minimise
from gdcli.risk.optimum.softmax_pairs import other_pairs, separated_pairs, separates_all
from gdcli.risk.optimum.softmax_space import Contrasts, contrasts
from gdcli.risk.optimum.truncated import approach

# From so many directions on a Hessian costs more than the products that do without it.
MANY = 48
# Steps after which the pairs that keep moving are looked for.
PATIENCE = 15
# Of four times as many rows and more, about so many find the start.
PART = 8192


@dataclass(frozen=True)
class SoftmaxOptimum(Optimum):
    """`space` holds the risk of the pairs that are not separated, whose infimum is attained at `theta`; None: no pairs.

    `separated` marks the rows all of whose pairs are.
    """

    space: Contrasts | None

    @property
    def attained(self) -> bool:
        """Whether some theta has R(theta) = R*: no pair is separated."""
        return self.space is not None and self.space.risk.active is None


def find_softmax_optimum(risk: SoftmaxRisk, theta0: Vector) -> SoftmaxOptimum:
    """R* by damped Newton on the differences between classes, on the pairs that no direction separates."""
    space = _warmed(contrasts(risk, theta0), theta0)
    while True:
        result, pairs = _minimised(space)
        if pairs is None:
            return _attained_on_core(risk, space, result)
        rest = other_pairs(space.risk) & ~pairs
        if not rest.any():
            return _nothing_left(risk, space, space.theta(result.u))
        space = contrasts(replace(space.risk, active=_with_own(rest, risk)), theta0)


def _minimised(space: Contrasts) -> tuple[NewtonResult, Pairs | None]:
    """Where Newton ended, and the pairs that can be told apart if that is why."""
    core, taken = space.risk, 0
    found: list[Pairs] = []

    def told(u: Vector) -> bool:
        if not core.penalty.any() and separates_all(core, space.theta(u)):
            found.append(other_pairs(core))
        return bool(found)

    def separable(step: int, u: Vector, direction: Vector) -> bool:
        if not told(u) and taken + step >= PATIENCE and (taken + step) % 5 == 0:
            pairs = separated_pairs(space, direction)
            found.extend([] if pairs is None else [pairs])
        return bool(found)

    if len(space.start) >= MANY:
        result, settled = approach(space, told)
        if settled:
            return result, found.pop() if found else None
        taken, space = result.steps, replace(space, start=result.u)
    result = minimise(space, separable)
    result = replace(result, steps=taken + result.steps)
    return result, found.pop() if found else None


def _warmed(space: Contrasts, theta0: Vector) -> Contrasts:
    """Of many rows the problem begun at the minimiser of a part of them, if that lies lower."""
    risk = space.risk
    every = risk.rows // PART
    if every < 4:
        return space
    part = contrasts(replace(risk, X=np.ascontiguousarray(risk.X[::every]), y=risk.y[::every]), theta0)
    free = not risk.penalty.any()
    result = minimise(part, lambda step, u, _: step > PATIENCE or (free and separates_all(part.risk, part.theta(u))))
    start = space.coordinates(part.theta(result.u))
    lower = not result.stopped and space.value(start) < space.value(space.start)
    return replace(space, start=start) if lower else space


def _with_own(pairs: Pairs, risk: SoftmaxRisk) -> Pairs:
    """The pairs, and every row's own class."""
    active = pairs.copy()
    active[risk.y, np.arange(risk.rows)] = True
    return active


def _attained_on_core(risk: SoftmaxRisk, space: Contrasts, result: NewtonResult) -> SoftmaxOptimum:
    theta = space.theta(result.u)
    left = other_pairs(space.risk)
    return SoftmaxOptimum(
        risk_optimum=space.risk.value(theta),
        theta=theta,
        separated=np.asarray(~left.any(axis=0)),
        rank=space.rank,
        method=f"damped Newton, {result.steps} steps",
        reason=_reason(risk, space, left, result),
        space=space,
    )


def _reason(risk: SoftmaxRisk, space: Contrasts, left: Pairs, result: NewtonResult) -> str:
    if space.risk.active is None:
        return f"the Newton decrement stagnates at {result.decrement:.1e}"
    whole = int(np.count_nonzero(~left.any(axis=0)))
    some = int(np.count_nonzero((left != other_pairs(risk)).any(axis=0))) - whole
    if not whole:
        return f"quasi-separable: {some} of {risk.rows} rows can be told apart from some of the other classes"
    more = f", {some} more from some" if some else ""
    return f"quasi-separable: {whole} of {risk.rows} rows can be told apart from every other class{more}"


def _nothing_left(risk: SoftmaxRisk, space: Contrasts, theta: Vector) -> SoftmaxOptimum:
    everyone = np.ones(risk.rows, dtype=bool)
    reason = f"separable: linear scores tell the class of all {risk.rows} rows, so every loss tends to 0 as theta grows"
    return SoftmaxOptimum(0.0, theta, everyone, space.rank, "all margins positive", reason, None)
