"""The risk gap of the softmax loss as an interval that contains it (THEORY, section 2).

With d = theta - theta_hat and delta_ik = x_i . d_k Taylor's integral remainder is a sum of terms >= 0:

    B = (1/N) sum_i integral_0^1 (1-t) Var_{s(z_i + t delta_i)}(delta_i) dt + (1/2) sum_j lambda_j sum_k d_kj^2,
    gap in [B + g.d - e, B + g.d + e + omega],

Var_s(v) = sum_k s_k (v_k - sum_l s_l v_l)^2. omega = [u + (1-u) ln(1-u)]/S^2, u = nu S < 1, with S the greatest
||(e_k - e_l) (x) x_i||_{H^-1} (after Bach, "Self-concordant analysis for logistic regression", 2010). What separated
pairs add to the risk is positive, and is added as it is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

import numpy as np

from gdcli.risk.certificate.dual import Proof
from gdcli.risk.certificate.gap import Gap, has_digits, interval, remembered
from gdcli.risk.certificate.smooth import POOR, omega
from gdcli.risk.certificate.softmax_reference import SoftmaxReference, refine_softmax
from gdcli.risk.certificate.softmax_terms import (
    Step,
    Terms,
    excess,
    remainder,
    residual_gradient,
    step_between,
    value_rounding,
)
from gdcli.risk.empirical import Matrix, Vector
from gdcli.risk.models.softmax import SoftmaxRisk
from gdcli.risk.optimum.softmax import SoftmaxOptimum
from gdcli.risk.optimum.softmax_space import Contrasts

EPS = float(np.finfo(float).eps)
# Beyond this range of delta_i the quadrature would need many panels, and the plain difference has its digits anyway.
WIDEST = 16.0
# Up to so many entries of X, times K, theta_hat is refined at once; up to so many where omega/R* is above POOR.
SMALL, LARGE = 20_000, 4_000_000
# By so much X W may differ from U, whose columns have length 1.
WHITE = 1e-8


@dataclass(frozen=True)
class SoftmaxCertificate:
    """The computed optimum, its Newton decrement nu, the constant S, omega, and the gradient that rounding left."""

    risk: SoftmaxRisk
    optimum: SoftmaxOptimum
    decrement: float
    concordance: float
    omega: float
    residual: Terms
    value_error: float

    @remembered
    def gap(self, theta: Vector) -> Gap:
        """The interval for R(theta) - R*, by the cheapest way that leaves DIGITS."""
        plain = self._difference(theta)
        space = self.optimum.space
        if space is None or has_digits(plain) or not math.isfinite(plain.value):
            return plain
        near = self._along(step_between(space.risk, self.optimum.theta, theta - self.optimum.theta), theta)
        if near is not None and has_digits(near):
            return near
        refined = self._around_reference(theta)
        return min((plain, near or plain, refined or plain), key=lambda gap: gap.upper - gap.lower)

    def _along(self, step: Step, theta: Vector) -> Gap | None:
        """By Taylor's remainder around theta_hat as it is, where that has few terms."""
        return self._taylor(step, theta, self.residual, self.omega) if step.range <= WIDEST else None

    def _around_reference(self, theta: Vector) -> Gap | None:
        """Around theta_hat of 30 digits; None where H is singular to rounding or there are too many numbers."""
        if self.refined is None:
            return None
        found, proof = self.refined
        step = found.step(theta)
        return self._taylor(step, theta, found.residual, proof.omega) if step.range <= WIDEST else None

    @cached_property
    def refined(self) -> tuple[SoftmaxReference, Proof] | None:
        """theta_hat of 30 digits and its own proof."""
        space = self.optimum.space
        if space is None or space.risk.X.size * space.risk.classes > LARGE:
            return None
        half = _half_inverse(space, self.optimum.theta)
        if half is None:
            return None
        found = refine_softmax(space.risk, self.optimum.theta, space.basis() @ half)
        nu, S = _decrement(space, found.theta.high, found.residual)
        return found, Proof(nu, S, omega(nu, S))

    def _taylor(self, step: Step, theta: Vector, residual: Terms, below: float) -> Gap:
        """B + g . d, and what separated pairs add."""
        core = self.optimum.space.risk if self.optimum.space is not None else self.risk
        curved, rest = remainder(core, step), excess(self.risk, core, theta)
        centre = curved.value + rest.value + float(residual.value @ step.d)
        error = curved.error + rest.error + float(residual.error @ np.abs(step.d)) + 4 * EPS * abs(centre)
        return interval(centre, error, below)

    def _difference(self, theta: Vector) -> Gap:
        """R(theta) - R* as it stands, with the rounding of both."""
        error = value_rounding(self.risk, theta) + self.value_error
        return interval(self.risk.value(theta) - self.optimum.risk_optimum, error, self.omega)


def certify_softmax(risk: SoftmaxRisk, optimum: SoftmaxOptimum) -> SoftmaxCertificate:
    """Evaluate the certificate once, at the computed optimum."""
    space = optimum.space
    if space is None:
        nothing = np.zeros(risk.width)
        return SoftmaxCertificate(risk, optimum, 0.0, 0.0, 0.0, Terms(nothing, nothing), 0.0)
    residual = residual_gradient(space.risk, optimum.theta)
    decrement, S = _decrement(space, optimum.theta, residual)
    rounding = value_rounding(space.risk, optimum.theta)
    found = SoftmaxCertificate(risk, optimum, decrement, S, omega(decrement, S), residual, rounding)
    poor = found.omega > POOR * optimum.risk_optimum
    return _refined(found) if space.risk.X.size * risk.classes <= (LARGE if poor else SMALL) else found


def _refined(found: SoftmaxCertificate) -> SoftmaxCertificate:
    """The same around the double nearest to theta_hat of 30 digits, with R* and omega from there, if that says more."""
    if found.refined is None or not found.refined[1].omega < found.omega:
        return found
    reference, proof = found.refined
    nearest, above = reference.nearest()
    theta, method = reference.theta.high, f"{found.optimum.method}, then steps of 30 digits"
    return replace(
        found,
        optimum=replace(found.optimum, theta=theta, risk_optimum=nearest.value, method=method),
        decrement=proof.decrement,
        concordance=proof.concordance,
        omega=above + proof.omega,
        residual=residual_gradient(reference.core, theta),
        value_error=nearest.error,
    )


def _half_inverse(space: Contrasts, theta: Vector) -> Matrix | None:
    """Q with Q Q^T = H^-1; None where H is singular to rounding."""
    H = space.hessian_at(theta)
    if not (np.all(np.isfinite(H)) and _whitens(space)):
        return None
    if not len(H):
        return H
    floor = len(H) * EPS * float(np.linalg.norm(H))
    try:
        np.linalg.cholesky(H - floor * np.eye(len(H)))
        return np.asarray(np.linalg.inv(np.linalg.cholesky(H)).T)
    except np.linalg.LinAlgError:
        return None


def _whitens(space: Contrasts) -> bool:
    """X W = U: beyond the range of the doubles it may not be, and then u says nothing of theta."""
    with np.errstate(all="ignore"):
        return bool(np.all(np.abs(space.risk.X @ space.W - space.U) <= WHITE))


def _decrement(space: Contrasts, theta: Vector, residual: Terms) -> tuple[float, float]:
    """nu = ||g||_{H^-1}, the rounding of g included, and S; both infinite where H is singular to rounding."""
    half = _half_inverse(space, theta)
    if half is None:
        return math.inf, math.inf
    whole = space.basis() @ half
    along = float(np.linalg.norm(whole.T @ residual.value)) + float(np.linalg.norm(np.abs(whole).T @ residual.error))
    return math.hypot(along, _common(space.risk, residual)), _concordance(space, half)


def _common(risk: SoftmaxRisk, residual: Terms) -> float:
    """The part of nu along the means over the classes, where only the penalty curves R."""
    weighed = risk.ridge > 0.0
    sums = np.abs(risk.matrix(residual.value).sum(axis=0)) + risk.matrix(residual.error).sum(axis=0)
    return float(np.linalg.norm(sums[weighed] / np.sqrt(risk.classes * risk.ridge[weighed])))


def _concordance(space: Contrasts, half: Matrix) -> float:
    """S = max over i, k, l of ||(e_k - e_l) (x) x_i||_{H^-1}, k and l active for row i, with H^-1 = half half^T."""
    full = half if space.span is None else space.span @ half
    parts = np.tensordot(space.C, full.reshape(space.C.shape[1], space.W.shape[1], full.shape[1]), (1, 0))
    sizes = np.linalg.norm(space.U, axis=1)
    longest, active = float(np.max(sizes, initial=0.0)), space.risk.active
    spreads = [(parts[k] - parts[other], k, other) for k, other in combinations(range(space.risk.classes), 2)]
    bounded = sorted(((_stretch(T), T, k, other) for T, k, other in spreads), key=lambda found: -found[0])
    worst = 0.0
    for bound, T, k, other in bounded:
        if bound * longest <= worst:
            break
        # Rows too short to be longer than the longest so far need no look.
        rows = bound * sizes > worst
        U = space.U[rows if active is None else rows & active[k] & active[other]]
        # ||T^T u|| = ||R u|| with T^T = Q R, and R is smaller.
        R = np.linalg.qr(T.T)[1]
        worst = max(worst, float(np.max(np.linalg.norm(U @ R.T, axis=1), initial=0.0)))
    return worst


def _stretch(T: Matrix) -> float:
    """A bound on ||T^T u||/||u||."""
    return math.sqrt(max(0.0, float(np.max(np.linalg.eigvalsh(T @ T.T), initial=0.0)))) * (1 + 1e-9)
