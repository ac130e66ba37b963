"""The minimiser of F = R + sum_j w_j |theta_j| by proximal Newton steps (Lee, Sun and Saunders, 2014).

A step minimises the quadratic model of R with the L1 term as it is, by active sets (`optimum.signed`); once the zeros
and the signs are right it is Newton's step on the other coordinates, and for squared loss the first one arrives.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from gdcli.errors import UsageError
from gdcli.risk.empirical import Vector
from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.models.sparse import SparseRisk
from gdcli.risk.optimum.found import Optimum
from gdcli.risk.optimum.signed import direction_of, minimise_signed
from gdcli.risk.optimum.smooth import check_bounded, check_start, find_optimum
from gdcli.risk.passes import columns, weighted_gram

MOST_STEPS = 300
# So many steps in a row that promise less than the rounding of F are enough.
QUIET = 4
# Newton steps on the final signs, which the accurate gradient settles to its rounding.
SETTLING = 4


def find_sparse(risk: SparseRisk) -> Optimum:
    """F*, with exact zeros in theta. Raises UsageError where no theta attains it, or R has no end."""
    start = _start(risk)
    check_start(risk.smooth, start)
    theta, steps = _newton(risk, start)
    check_bounded(risk.smooth, start, theta)
    theta = _settled(risk, theta)
    nobody = np.zeros(risk.rows, dtype=bool)
    left = float(np.max(np.abs(risk.gradient(theta))))
    reason = f"the shortest subgradient there is {left:.1e} at most"
    method = f"proximal Newton, {steps} {'step' if steps == 1 else 'steps'}"
    return Optimum(risk.value(theta), theta, nobody, risk.smooth.whitening.rank, method, reason)


def _start(risk: SparseRisk) -> Vector:
    """0, with the free coordinates (the intercept) where they are best alone.

    F falls without end along them or not at all: the L1 term holds the others where phi is bounded below.
    """
    theta = np.zeros(risk.width)
    free = risk.pull == 0.0
    if not free.any():
        return theta
    alone = replace(risk.smooth, X=columns(risk.X, free), penalty=risk.penalty[free])
    found = find_optimum(alone, np.zeros(int(free.sum())))
    if not found.attained:
        message = f"the unpenalised intercept alone lowers the risk without end ({found.reason}): no minimiser exists"
        raise UsageError(message, hint="add --penalise-intercept, or leave it out with --no-intercept")
    theta[free] = found.theta
    return theta


def _newton(risk: SparseRisk, theta: Vector) -> tuple[Vector, int]:
    """Steps until what a step promises no longer falls; how many.

    `share` of each row's curvature is a safe one, which never vanishes: nearly none as soon as whole steps succeed.
    """
    R = risk.smooth
    share = 0.0 if R.loss.concordance == 0.0 else 1.0
    previous, quiet = math.inf, 0
    for step in range(MOST_STEPS):
        z, slopes, here = R.predictions(theta), R.gradient(theta), risk.value(theta)
        bends = R.weights(z)
        bends = bends if share == 0.0 else bends + share * (_safe(R, z, bends) - bends)
        H = weighted_gram(R.X, bends) / R.rows + np.diag(R.penalty)
        d = minimise_signed(H, H @ theta - slopes, risk.pull, theta) - theta
        fall = risk.norm(theta) - risk.norm(theta + d) - float(slopes @ d)
        small = share == 0.0 and fall < 1e-12 * abs(here)
        quiet = quiet + 1 if small else 0
        if not fall > 0.0 or (small and (fall > 0.25 * previous or quiet > QUIET)):
            return theta, step
        length = _length(risk, theta, d, fall, here)
        if length == 0.0 and share == 1.0:
            return theta, step
        theta = theta + length * d
        if length == 1.0:
            previous = fall if share == 0.0 else math.inf
            share = share / 4.0 if share > 1e-3 else 0.0
        elif length < 0.25:
            share = min(1.0, max(4.0 * share, 0.01))
    return theta, MOST_STEPS


def _safe(R: LinearRisk, z: Vector, bends: Vector) -> Vector:
    """Curvatures that promise no more than a row keeps: phi'/(p - y) for numbers, else sup phi'' where it is known.

    The first is that of the parabola through phi at p and at its mirror image around y (Huber, 1981, section 7.8).
    """
    c = R.loss.curvature
    if R.loss.target != "real":
        return np.full_like(z, c) if math.isfinite(c) else bends
    u = z - R.y
    chord = np.divide(R.kernel.first(z, R.y), u, out=np.zeros_like(z), where=u != 0.0)
    return np.asarray(np.clip(np.maximum(bends, chord), 0.0, c))


def _length(risk: SparseRisk, theta: Vector, d: Vector, fall: float, here: float) -> float:
    """1, halved until F falls by a tenth of what was promised, up to the rounding of F."""
    length, rounding = 1.0, 1e-13 * abs(here)
    while not risk.value(theta + length * d) <= here - 0.1 * length * fall + rounding and length > 1e-10:
        length /= 2.0
    return length if length > 1e-10 else 0.0


def _settled(risk: SparseRisk, theta: Vector) -> Vector:
    """Newton steps on the coordinates that are not 0, as long as the largest slope left falls and no sign changes."""
    R = risk.smooth
    kept = (theta != 0.0) | (risk.pull == 0.0)
    if not kept.any():
        return theta
    A = np.flatnonzero(kept)
    half = replace(R, X=columns(R.X, kept), penalty=R.penalty[A])
    left = risk.gradient(theta)
    for _ in range(SETTLING):
        H = half.curvature(theta[A])
        if not np.all(np.isfinite(H)):
            break
        moved = theta.copy()
        direction, most = direction_of(H, -left[A])
        if most == math.inf:
            break
        moved[A] += direction
        after = risk.gradient(moved)
        if np.any(moved * theta * risk.pull < 0.0) or not np.max(np.abs(after)) < np.max(np.abs(left)):
            break
        theta, left = moved, after
    return theta
