"""A local minimum of a risk that is not known to be convex: damped Newton from several starts (THEORY, section 1).

The first start is theta0; the others multiply its parameters by random factors (adding where one is 0), and then set
those parameters in which the model is linear by least squares. The lowest minimum wins, and among equals the one most
like theta0 in its signs and sizes: so the labels of like terms (two exponentials, say) stay with the start.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from gdcli.generator import generator
from gdcli.risk.empirical import Vector
from gdcli.risk.losses import LOSSES, compile_loss
from gdcli.risk.models.formula import ModelRisk
from gdcli.risk.optimum.found import Optimum
from gdcli.risk.optimum.marquardt import EPS, Scaled, descend
from gdcli.risk.optimum.settle import Settled, settle

# Random starts beside theta0, and how far their factors exp(sigma z) spread.
STARTS = 9
SPREADS = (0.5, 1.0, 2.0)
# The most steps from theta0 and from elsewhere, and the least from theta0, however many rows there are.
MOST_STEPS = 2000
MOST_ELSEWHERE = 300
LEAST_STEPS = 30
# Passes over rows, all together: what bounds the time on large data.
WORK = 5e6
# Minima that agree so far are one.
SAME = 1e-9


@dataclass(frozen=True)
class LocalOptimum(Optimum):
    """The lowest local minimum found: nu and lambda_min(H) > 0 there, in coordinates where J^T diag(phi'') J = I.

    `proven` says that it is one; else it is the lowest point that was reached.
    """

    decrement: float
    least: float
    proven: bool

    @property
    def converged(self) -> bool:
        """Whether theta is a local minimum."""
        return self.proven


def find_local(risk: ModelRisk, theta0: Vector) -> LocalOptimum:
    """The lowest of the local minima that several starts lead to; never called R*."""
    best: Settled | None = None
    seen, runs, steps = math.inf, 0, 0
    for result, taken in _attempts(risk, theta0):
        runs, steps = runs + 1, steps + taken
        seen = min(seen, result.value)
        if best is None or _better(risk, theta0, result, best):
            best = result
    assert best is not None  # theta0 is always tried
    method = f"damped Newton, {runs} runs, {steps} steps"
    return LocalOptimum(
        best.value, best.theta, np.zeros(risk.rows, dtype=bool), risk.width, method, _reason(risk, best, seen),
        best.decrement, best.least, best.proven,
    )  # fmt: skip


def _attempts(risk: ModelRisk, theta0: Vector) -> Iterator[tuple[Settled, int]]:
    """What each start leads to, with the steps it took, until the work is done."""
    left = WORK / risk.rows
    for start, newton, limit in _starts(risk, theta0):
        most = int(min(limit, left)) if start is not theta0 else max(LEAST_STEPS, int(min(limit, left)))
        if most < LEAST_STEPS:
            return
        theta, taken = descend(risk, start, newton=newton, most=most)
        # A step costs two passes, and the last digits a few.
        left -= 2 * taken + 10
        yield settle(risk, theta, theta0), taken


def _starts(risk: ModelRisk, theta0: Vector) -> Iterator[tuple[Vector, bool, int]]:
    """Starts, whether the whole Hessian is used (Gauss-Newton and Newton fail in different places), the most steps."""
    yield theta0, False, MOST_STEPS
    yield theta0, True, MOST_STEPS
    if not risk.kernel.loss.smooth:
        # Newton has nothing to go by where phi'' is 0; the squared loss leads near.
        squared = replace(risk, kernel=compile_loss(LOSSES["squared"]))
        yield descend(squared, theta0, newton=False, most=MOST_ELSEWHERE)[0], False, MOST_ELSEWHERE
    rng = generator(0)
    for k in range(STARTS):
        z = SPREADS[k % len(SPREADS)] * rng.normal(size=risk.width)
        with np.errstate(over="ignore"):
            moved = np.where(theta0 == 0.0, z, theta0 * np.exp(z))
        yield _with_linear_part(risk, moved), k % 2 == 1, MOST_ELSEWHERE


def _with_linear_part(risk: ModelRisk, theta: Vector) -> Vector:
    """theta with the parameters in which the model is linear at the minimum of the quadratic in them."""
    here = Scaled.at(risk, theta)
    linear = _linear(risk)
    if here is None or not linear:
        return theta
    with np.errstate(all="ignore"):
        part = here.A[:, linear]
        move = np.linalg.lstsq(part.T @ part, -here.g[linear], rcond=1e-12)[0]
        moved = theta.copy()
        moved[linear] += move / here.D[linear]
    return moved if risk.value(moved) < here.value else theta


def _linear(risk: ModelRisk) -> list[int]:
    """Parameters with no second derivative among themselves, the first of each pair that has one kept out."""
    chosen: list[int] = []
    pairs = set(risk.model.entries)
    for j in range(risk.width):
        if all((min(i, j), max(i, j)) not in pairs for i in (*chosen, j)):
            chosen.append(j)
    return chosen


def _better(risk: ModelRisk, theta0: Vector, new: Settled, old: Settled) -> bool:
    """A proven minimum beats an unproven point; then the lower one wins; then the one more like theta0."""
    if new.proven != old.proven:
        return new.proven
    same = SAME * abs(old.value) + _floor(risk, old.theta)
    if abs(new.value - old.value) > same or not new.proven:
        return new.value < old.value - same
    return _unlike(new.theta, theta0) < _unlike(old.theta, theta0)


def _unlike(theta: Vector, theta0: Vector) -> tuple[int, float]:
    """How many signs differ from theta0's, and how many powers of e the sizes are away, to six digits."""
    both = (theta != 0.0) & (theta0 != 0.0)
    ratios = theta[both] / theta0[both]
    return int(np.count_nonzero(ratios < 0.0)), round(float(np.linalg.norm(np.log(np.abs(ratios)))), 6)


def _floor(risk: ModelRisk, theta: Vector) -> float:
    """Below this R is nothing but rounding of the predictions."""
    floor = 0.0
    with np.errstate(all="ignore"):
        for here in risk.near(theta):
            blur = 64 * EPS * here.predictions
            floor += float(np.sum(np.abs(here.second) * blur * blur))
    return floor / risk.rows if math.isfinite(floor) else 0.0


def _reason(risk: ModelRisk, best: Settled, seen: float) -> str:
    if not best.proven:
        return f"not converged: {best.reason}"
    reason = f"nu = {best.decrement:.1e}, lambda_min(H) = {best.least:.2e} > 0 in units of its Gauss-Newton part"
    if seen < best.value - SAME * abs(best.value) - _floor(risk, best.theta):
        reason += f"; R = {seen:.6g} was seen on the way to no minimum"
    return reason
