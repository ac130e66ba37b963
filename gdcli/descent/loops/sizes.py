"""The step sizes of a run of stochastic steps, what follows from them, and their sums: all that needs no theta."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from gdcli.descent.plan import Plan
from gdcli.risk.bounds.stochastic import averaging_weight
from gdcli.risk.empirical import Vector


class Sizes(NamedTuple):
    """eta_t and r_t = w_t/sum_{s <= t} w_s of the m steps from `start` on; r_t = 0 where no average is kept.

    `weights`, `totals` and `squares` (m + 1,) are the sums of w_s, eta_s and eta_s^2 over all s < start, start + 1, ...
    """

    start: int
    etas: Vector
    ratios: Vector
    weights: Vector
    totals: Vector
    squares: Vector


def sizes(plan: Plan, most: int) -> Iterator[Sizes]:
    """Those of a whole run, so many steps at a time. The sums are those of single steps, bit by bit."""
    weight = total = square = 0.0
    for start in range(0, plan.steps, most):
        etas = np.ascontiguousarray(plan.schedule.etas(start, min(start + most, plan.steps)))
        # The square of a step size of 1e200 is infinite, and so is the sum then.
        with np.errstate(over="ignore"):
            squared = etas * etas
        totals, squares = running(total, etas), running(square, squared)
        weights, ratios = np.zeros(len(etas) + 1), np.zeros(len(etas))
        if plan.averaging is not None:
            shares = averaging_weight(etas, plan.constants, plan.averaging)
            weights = running(weight, shares)
            np.divide(shares, weights[1:], out=ratios, where=weights[1:] > 0.0)
        yield Sizes(start, etas, ratios, weights, totals, squares)
        weight, total, square = float(weights[-1]), float(totals[-1]), float(squares[-1])


def running(start: float, terms: Vector) -> Vector:
    """start, start + terms_0, start + terms_0 + terms_1, ...: (len(terms) + 1,)."""
    sums = np.empty(len(terms) + 1)
    sums[0] = start
    sums[1:] = terms
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(np.add.accumulate(sums, out=sums))
