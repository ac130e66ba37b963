"""theta_hat of K classes to twice the digits of a double (as `certificate.reference` has it for one prediction a row).

With l_i = logsumexp_k(z_ik) the slopes are e^(z_ik - l_i) - [k = y_i], in balls of 106 bits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gdcli.kernels.ball import Ball, choose, exp
from gdcli.kernels.balls import logsumexp
from gdcli.risk.certificate.exact import mean, product, transposed
from gdcli.risk.certificate.reference import MOST_STEPS, SMALL
from gdcli.risk.certificate.softmax_terms import EPS, Step, Term, Terms
from gdcli.risk.empirical import Matrix, Vector
from gdcli.risk.models.softmax import SoftmaxRisk
from gdcli.risk.models.softmax_kernel import Codes

# By so much a class that has no part in a row is below its own class: its exponential is 0.
ABSENT = -1e4


@dataclass(frozen=True)
class SoftmaxReference:
    """theta_hat (K k,), the predictions there, K balls (N,), and R and grad R there."""

    core: SoftmaxRisk
    theta: Ball
    predictions: list[Ball]
    value: Ball
    residual: Terms

    def nearest(self) -> tuple[Term, float]:
        """R at the double nearest theta_hat, and a bound on how far that lies above theta_hat's own."""
        there = _at(self.core, Ball(self.theta.high)).value
        above = there - self.value
        error = float(there.radius + np.abs(there.low))
        return Term(float(there.high), error), max(0.0, float(above.high)) + float(above.radius + np.abs(above.low))

    def step(self, theta: Vector) -> Step:
        """From theta_hat to theta, what is rounded being the double next to each prediction and its change."""
        d = Ball(theta) - self.theta
        delta = [product(self.core.X, part) for part in _by_class(self.core, d)]
        Z, moved = (np.array([ball.high for ball in found]) for found in (self.predictions, delta))
        return Step(d.high, Z, moved, _wobble(self.predictions), _wobble(delta))


def refine_softmax(core: SoftmaxRisk, theta: Vector, half: Matrix) -> SoftmaxReference:
    """The reference near theta by Newton steps, for Q = `half` (K k, n) with Q Q^T = H^-1 on the space of the steps."""
    best = _at(core, Ball(theta))
    least = first = float(np.linalg.norm(half.T @ best.residual.value))
    for _ in range(MOST_STEPS):
        moved = best.theta + Ball(-(half @ (half.T @ best.residual.value)))
        here = _at(core, Ball(moved.high, moved.low))
        decrement = float(np.linalg.norm(half.T @ here.residual.value))
        if not decrement < least:
            break
        best, least = here, decrement
        if least <= SMALL * first:
            break
    return best


def _at(core: SoftmaxRisk, theta: Ball) -> SoftmaxReference:
    with np.errstate(all="ignore"):
        Z = [product(core.X, part) for part in _by_class(core, theta)]
        present, own = _present(core, Z), _own(Z, core.y)
        total = logsumexp(*present)
        slopes = [exp(z - total) - Ball((core.y == k).astype(float)) for k, z in enumerate(present)]
        # In columns of one size: what the small ones sum to is not measured by the large.
        sizes = np.abs(core.X).max(axis=0, initial=0.0)
        D = np.where(sizes > 0.0, np.ldexp(1.0, np.frexp(sizes)[1]), 1.0)
        sums = [transposed(core.X / D, slope) * Ball(D) * (1.0 / Ball(float(core.rows))) for slope in slopes]
        pulls = [Ball(core.ridge) * part for part in _by_class(core, theta)]
        values = mean(total - own)
        ridge = (0.5 * len(theta.high)) * mean(Ball(core.penalty) * (theta * theta))
    found = [a + b for a, b in zip(sums, pulls, strict=True)]
    value = np.concatenate([ball.high for ball in found])
    error = np.concatenate([ball.radius + np.abs(ball.low) for ball in found])
    return SoftmaxReference(core, theta, Z, values + ridge, Terms(value, error))


def _present(core: SoftmaxRisk, Z: list[Ball]) -> list[Ball]:
    """The scores, those of classes that have no part in a row far below that of its own class, which always has."""
    if core.active is None:
        return Z
    absent = Ball(_own(Z, core.y).high + ABSENT)
    return [choose(on, z, absent) for on, z in zip(core.active, Z, strict=True)]


def _own(Z: list[Ball], y: Codes) -> Ball:
    """The score of each row's own class."""
    rows = np.arange(len(y))
    return Ball(*(np.array([getattr(z, part) for z in Z])[y, rows] for part in ("high", "low", "radius")))


def _by_class(core: SoftmaxRisk, theta: Ball) -> Iterator[Ball]:
    """theta_k, one class after the other."""
    width = core.X.shape[1]
    whole = theta[:]
    return (whole[k * width : (k + 1) * width] for k in range(core.classes))


def _wobble(scores: list[Ball]) -> Vector:
    """What is missing of a row's doubles, and what their differences are rounded by."""
    return np.asarray(np.max([np.abs(z.low) + z.radius + 6 * EPS * np.abs(z.high) for z in scores], axis=0))
