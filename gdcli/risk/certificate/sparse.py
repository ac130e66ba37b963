"""omega and the gap of F = R + sum_j w_j |theta_j|: a dual point, and Taylor's remainder beside the L1 term.

With s a subgradient of |.|_1 at theta_hat, r = grad R(theta_hat) + w s, and phi_i'' >= m_i on |p - z_i| <= rho_i, the
dual point alpha_i - m_i x_i . v of `certificate.dual`, v = M_AA^-1 r_A on a set A of coordinates that holds all free
ones, M = (1/N) sum m_i x_i x_i^T + diag(lambda), gives

    F(theta_hat) - F* <= r_A . v/2 + sum_{j not in A} e_j (|theta_hat_j| + |theta*_j|),   if |x_i . v| <= rho_i,

as |t| >= s_j t. e_j = max(0, |grad_j R| + |M_jA v| - w_j) where theta_hat_j = 0: it is 0 as soon as the slope leaves
room below w_j, so nothing need be known of the columns outside A. Where theta_hat_j != 0 e_j = |r_j| + |M_jA v|. And
sum w_j |theta*_j| <= F(theta_hat) - inf phi. (Rockafellar, "Convex Analysis", 1970, section 31.)

    F(theta) - F(theta_hat) = B + sum_j [r_j d_j + w_j (|theta_j| - s_j theta_j)],   d = theta - theta_hat,

with B of `certificate.taylor` and s_j the sign of theta_hat_j, of theta_j where that is 0: no term cancels another.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from gdcli.risk.certificate.dual import TRIES, Proof, least_curvature, reach
from gdcli.risk.certificate.gap import Gap, both, has_digits, interval
from gdcli.risk.certificate.metric import decrement, half_inverse
from gdcli.risk.certificate.smooth import is_short, residual_gradient, value_rounding
from gdcli.risk.certificate.taylor import EPS, noise_of_sums, parts, remainder, rounding_of_predictions
from gdcli.risk.empirical import Vector
from gdcli.risk.models.sparse import SparseRisk
from gdcli.risk.optimum.found import Optimum
from gdcli.risk.optimum.whiten import Mask
from gdcli.risk.passes import absolute_transposed, weighted_gram

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


@dataclass(frozen=True)
class SparseCertificate:
    """The computed optimum, the norm of r in M_AA^-1 and omega; S is not a number. `value_error`: F(theta_hat)'s."""

    risk: SparseRisk
    optimum: Optimum
    decrement: float
    concordance: float
    omega: float
    corner: Corner
    value_error: float

    def gap(self, theta: Vector) -> Gap:
        """The interval for F(theta) - F*: as it stands, and by Taylor's remainder where that leaves more digits."""
        error = _rounding(self.risk, theta) + self.value_error
        plain = interval(self.risk.value(theta) - self.optimum.risk_optimum, error, self.omega)
        if has_digits(plain) or not math.isfinite(plain.value):
            return plain
        R, d = self.risk.smooth, theta - self.optimum.theta
        if not is_short(R, (part.X @ d for _, part in R.parts())):
            return plain
        B, blur = remainder(R, d, parts(R, self.optimum.theta, d))
        beside, noise = self._beside(theta, d)
        return both(plain, interval(B + beside, blur + noise + 4 * EPS * (B + abs(beside)), self.omega * (1 + EPS)))

    def _beside(self, theta: Vector, d: Vector) -> tuple[float, float]:
        """sum_j [r_j d_j + w_j (|theta_j| - s_j theta_j)], and a bound on its error."""
        found, pull = self.corner, self.risk.pull
        signs = np.where(found.theta != 0.0, np.sign(found.theta), np.sign(theta))
        left = found.slopes + pull * signs
        terms = left * d, np.where(theta * signs < 0.0, 2.0 * pull * np.abs(theta), 0.0)
        sizes = np.abs(terms[0]) + terms[1]
        # d itself is rounded, and so is r.
        error = found.left_error * np.abs(d) + (4 * EPS + noise_of_sums(len(d))) * sizes
        return float(np.sum(terms[0]) + np.sum(terms[1])), float(np.sum(error)) * (1 + 1e-12)


def certify_sparse(risk: SparseRisk, optimum: Optimum) -> SparseCertificate:
    """Evaluate the certificate once, at the computed optimum."""
    theta, R = optimum.theta, risk.smooth
    slopes, error = residual_gradient(R, theta)
    corner = Corner(risk, theta, slopes, error, R.predictions(theta), rounding_of_predictions(R, theta))
    best = Proof(math.nan, math.nan, math.inf)
    for proof in _proofs(corner):
        best = min(best, proof, key=lambda known: known.omega)
        if best.omega <= ENOUGH * abs(optimum.risk_optimum):
            break
    return SparseCertificate(risk, optimum, best.decrement, math.nan, best.omega, corner, _rounding(risk, theta))


def _rounding(risk: SparseRisk, theta: Vector) -> float:
    """A bound on the rounding of F(theta), its last sum included."""
    norm = risk.norm(theta)
    return value_rounding(risk.smooth, theta) + noise_of_sums(risk.width) * norm + 2 * EPS * abs(risk.value(theta))


def _proofs(corner: Corner) -> Iterator[Proof]:
    """With the coordinates that are not 0 for A, with those whose slope leaves no room below w_j too, with the free."""
    yield _proof(corner, corner.kept)
    tight = corner.kept | (np.abs(corner.slopes) + 2.0 * corner.left_error >= corner.risk.pull * (1 - 1e-12))
    if not np.array_equal(tight, corner.kept):
        yield _proof(corner, tight)
    yield _proof(corner, corner.risk.pull == 0.0)
    yield _drawn(corner)


def _proof(corner: Corner, A: Mask) -> Proof:
    """omega with the set A, tried with growing rho until v fits into it."""
    if not A.any():
        return Proof(0.0, math.nan, _outside(corner, A, np.zeros(corner.risk.width)))
    R = corner.risk.smooth
    own = replace(R, X=np.ascontiguousarray(R.X[:, A]), penalty=R.penalty[A])
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
    if not short < min(ends):
        return Proof(math.nan, math.nan, math.inf)
    t = short / min(ends)
    moved = t * absolute_transposed(R.X, np.abs(alpha)) / R.rows * (1 + 1e-9)
    most = max(0.0, R.value(corner.theta) - _bottom(corner.risk)) * (1 + 1e-9)
    return Proof(math.nan, math.nan, t * most + _outside(corner, corner.risk.pull == 0.0, moved))


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
    most = max(0.0, risk.value(theta) - _bottom(risk)) * (1 + 1e-9)
    return (float(e @ np.abs(theta)) + largest * most) * (1 + 1e-9)


def _bottom(risk: SparseRisk) -> float:
    """The mean of the least that phi_i can be, from its range over all p; -infinity where that has no end."""
    total = 0.0
    for _, part in risk.smooth.parts():
        everywhere = np.full(part.rows, math.inf)
        total += np.sum(part.kernel.over[0](-everywhere, everywhere, part.y)[0])
    return float(total / risk.rows)
