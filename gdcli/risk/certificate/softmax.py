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
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from gdcli.risk.certificate.gap import Gap, interval
from gdcli.risk.certificate.smooth import omega
from gdcli.risk.certificate.softmax_terms import Terms, excess, remainder, residual_gradient, value_rounding
from gdcli.risk.empirical import Matrix, Vector
from gdcli.risk.models.softmax import SoftmaxRisk
from gdcli.risk.optimum.softmax import SoftmaxOptimum
from gdcli.risk.optimum.softmax_space import Contrasts

EPS = float(np.finfo(float).eps)
# Beyond this range of delta_i the quadrature would need many panels, and the plain difference has its digits anyway.
WIDEST = 16.0
# The plain difference serves where its interval is this narrow, relative to the gap.
PLAIN = 1e-10


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

    def gap(self, theta: Vector) -> Gap:
        """The interval for R(theta) - R*."""
        plain = self._difference(theta)
        space = self.optimum.space
        if space is None or plain.upper - plain.lower <= PLAIN * plain.value:
            return plain
        core, d = space.risk, theta - self.optimum.theta
        delta = core.matrix(d) @ core.X.T
        if float(np.max(np.ptp(delta, axis=0))) > WIDEST:
            return plain
        curved = remainder(core, self.optimum.theta, d)
        rest = excess(self.risk, core, theta)
        centre = curved.value + rest.value + float(self.residual.value @ d)
        error = curved.error + rest.error + float(self.residual.error @ np.abs(d))
        return interval(centre, error, self.omega)

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
    return SoftmaxCertificate(risk, optimum, decrement, S, omega(decrement, S), residual, rounding)


def _decrement(space: Contrasts, theta: Vector, residual: Terms) -> tuple[float, float]:
    """nu = ||g||_{H^-1}, the rounding of g included, and S; both infinite where H is singular to rounding."""
    values, vectors = np.linalg.eigh(space.hessian_at(theta))
    if not np.all(values > len(values) * EPS * values[-1:]):
        return math.inf, math.inf
    half = vectors / np.sqrt(values)
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
    parts = full.reshape(space.C.shape[1], space.W.shape[1], full.shape[1])
    active = space.risk.active
    worst = 0.0
    for k, other in combinations(range(space.risk.classes), 2):
        # ||T^T u|| = ||R u|| with T^T = Q R, and R is smaller.
        R = np.linalg.qr(np.tensordot(space.C[k] - space.C[other], parts, (0, 0)).T)[1]
        U = space.U if active is None else space.U[active[k] & active[other]]
        worst = max(worst, float(np.max(np.linalg.norm(U @ R.T, axis=1), initial=0.0)))
    return worst
