"""omega at a minimiser of F = R + sum_j w_j |theta_j|, in whose corners some theta_j are 0: a dual point.

With s a subgradient of |.|_1 at theta_hat, r = grad R(theta_hat) + w s, and phi_i'' >= m_i on |p - z_i| <= rho_i, the
dual point alpha_i - m_i x_i . v of `certificate.dual`, v = M_AA^-1 r_A on a set A of coordinates that holds all free
ones, M = (1/N) sum m_i x_i x_i^T + diag(lambda), gives

    F(theta_hat) - F* <= r_A . v/2 + sum_{j not in A} e_j (|theta_hat_j| + |theta*_j|),   if |x_i . v| <= rho_i,

as |t| >= s_j t. e_j = max(0, |grad_j R| + |M_jA v| - w_j) where theta_hat_j = 0: it is 0 as soon as the slope leaves
room below w_j, so nothing need be known of the columns outside A. Where theta_hat_j != 0 e_j = |r_j| + |M_jA v|. And
sum w_j |theta*_j| <= F(theta_hat) - inf phi. (Rockafellar, "Convex Analysis", 1970, section 31.)
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from gdcli.risk.certificate.dual import TRIES, Proof, least_curvature, reach
from gdcli.risk.certificate.metric import decrement, half_inverse
from gdcli.risk.certificate.smooth import value_rounding
from gdcli.risk.certificate.taylor import EPS, noise_of_sums
from gdcli.risk.empirical import Vector
from gdcli.risk.models.sparse import SparseRisk
from gdcli.risk.optimum.whiten import Mask
from gdcli.risk.passes import absolute_transposed, columns, weighted_gram

# So small an omega beside F*, and no other proof is tried.
ENOUGH = 1e-15


@dataclass(frozen=True)
class Corner:
    """F at theta_hat = `theta`: grad R there, known up to `error`, and the predictions `z`, known up to `wobble`."""

    risk: SparseRisk
    theta: Vector
    slopes: Vector
    error: Vector
    z: Vector
    wobble: Vector

    @property
    def kept(self) -> Mask:
        """The coordinates that are free or not 0."""
        return np.asarray((self.theta != 0.0) | (self.risk.pull == 0.0))

    @cached_property
    def left(self) -> Vector:
        """r, with the s that makes each |r_j| least."""
        return self.risk.shortest(self.theta, self.slopes)

    @cached_property
    def left_error(self) -> Vector:
        """A bound on the rounding of r."""
        return self.error + EPS * (np.abs(self.slopes) + self.risk.pull)


def best_proof(corner: Corner, least: float) -> Proof:
    """The first omega that is nothing beside F* = `least`, else the smallest."""
    best = Proof(math.nan, math.nan, math.inf)
    for proof in _proofs(corner):
        best = min(best, proof, key=lambda known: known.omega)
        if best.omega <= ENOUGH * abs(least):
            break
    return best


def _proofs(corner: Corner) -> Iterator[Proof]:
    """With the coordinates that are not 0 for A, with those whose slope leaves no room below w_j too, with the free."""
    yield _proof(corner, corner.kept)
    tight = corner.kept | (np.abs(corner.slopes) + 2.0 * corner.left_error >= corner.risk.pull * (1 - 1e-12))
    if not np.array_equal(tight, corner.kept):
        yield _proof(corner, tight)
    yield _proof(corner, corner.risk.pull == 0.0)
    yield _drawn(corner)
    yield Proof(math.nan, math.nan, _above_bottom(corner))


def _proof(corner: Corner, A: Mask) -> Proof:
    """omega with the set A, tried with growing rho until v fits into it."""
    if not A.any():
        return Proof(0.0, math.nan, _outside(corner, A, np.zeros(corner.risk.width)))
    R = corner.risk.smooth
    own = replace(R, X=columns(R.X, A), penalty=R.penalty[A])
    residual, error, weights = corner.left[A], corner.left_error[A], R.weights(corner.z)
    trust = 2.0
    for _ in range(TRIES):
        near = half_inverse(own.whitening, weights)
        if near is None or near.shape[1] < len(near):
            break
        rho = reach(own, near, trust * decrement(near, residual, error), corner.wobble)
        weights = least_curvature(R, corner.z, rho)
        half = half_inverse(own.whitening, weights)
        if half is None:
            break
        nu = decrement(half, residual, error)
        if np.all(reach(own, half, nu, corner.wobble) <= rho):
            across = weighted_gram(R.X, weights)[:, A] @ half / R.rows
            moved = nu * np.linalg.norm(across, axis=1) * (1 + 1e-9)
            return Proof(nu, math.nan, nu * nu / 2 * (1 + 1e-9) + _outside(corner, A, moved))
        trust *= 4.0
    return Proof(math.nan, math.nan, math.inf)


def _drawn(corner: Corner) -> Proof:
    """omega with dual slopes (1 - t_i) alpha_i that cancel on one free column, t_i = t where alpha_i x_i has one sign.

    phi* is convex, and phi_i*(0) = -inf phi_i, so they cost t_i (phi_i(z_i) - inf phi_i): no curvature is asked for.
    """
    free = np.flatnonzero(corner.risk.pull == 0.0)
    if len(free) != 1 or corner.risk.penalty[free[0]] > 0.0:
        return Proof(math.nan, math.nan, math.inf)
    R, j = corner.risk.smooth, free[0]
    alpha = R.kernel.first(corner.z, R.y)
    pushes = alpha * R.X[:, j]
    ends = [float(np.sum(np.maximum(sign * pushes, 0.0))) / R.rows * (1 - 1e-9) for sign in (1.0, -1.0)]
    short = abs(corner.slopes[j]) + corner.error[j]
    least = min(ends) - corner.error[j]
    if not short < least:
        return Proof(math.nan, math.nan, math.inf)
    t = short / least
    moved = t * absolute_transposed(R.X, np.abs(alpha)) / R.rows * (1 + 1e-9)
    return Proof(math.nan, math.nan, t * _above_bottom(corner) + _outside(corner, corner.risk.pull == 0.0, moved))


def _outside(corner: Corner, A: Mask, moved: Vector) -> float:
    """sum over j not in A of e_j (|theta_hat_j| + |theta*_j|), at the most."""
    risk, theta = corner.risk, corner.theta
    free = risk.pull == 0.0
    if np.any(free & ~A):
        return math.inf
    # At 0 the shortest r_j is what the slope exceeds w_j by; moved as far, it may use up what is left below w_j.
    room = np.where(theta == 0.0, np.maximum(risk.pull - np.abs(corner.slopes), 0.0), 0.0)
    excess = np.abs(corner.left) + np.maximum(corner.left_error + moved - room, 0.0)
    e = np.where(A, 0.0, excess)
    largest = float(np.max(e / np.where(free, 1.0, risk.pull)))
    if largest == 0.0:
        return 0.0
    return (float(e @ np.abs(theta)) + largest * _above_bottom(corner)) * (1 + 1e-9)


def _above_bottom(corner: Corner) -> float:
    """F(theta_hat) less the mean of the least that phi_i can be, from its range over all p; infinite without an end."""
    R, bottom, size = corner.risk.smooth, 0.0, 0.0
    for _, part in R.parts():
        everywhere = np.full(part.rows, math.inf)
        least = part.kernel.over[0](-everywhere, everywhere, part.y)[0]
        bottom += float(np.sum(least)) / R.rows
        size += float(np.sum(np.abs(least))) / R.rows
    if not math.isfinite(bottom):
        return math.inf
    rounding = value_rounding(R, corner.theta) + noise_of_sums(R.rows) * size
    return (max(0.0, corner.risk.value(corner.theta) - bottom) + rounding) * (1 + 1e-9)
