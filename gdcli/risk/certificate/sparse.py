"""The gap of F = R + sum_j w_j |theta_j|: omega (`certificate.corner`), and Taylor's remainder beside the L1 term.

    F(theta) - F(theta_hat) = B + sum_j [r_j d_j + w_j (|theta_j| - s_j theta_j)],   d = theta - theta_hat,

with B of `certificate.taylor`, r = grad R(theta_hat) + w s and s_j the sign of theta_hat_j, of theta_j where that is
0: no term cancels another.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gdcli.risk.certificate.corner import Corner, best_proof
from gdcli.risk.certificate.gap import Gap, both, has_digits, interval
from gdcli.risk.certificate.smooth import is_short, residual_gradient, value_rounding
from gdcli.risk.certificate.taylor import EPS, noise_of_sums, parts, remainder, rounding_of_predictions
from gdcli.risk.empirical import Vector
from gdcli.risk.models.sparse import SparseRisk
from gdcli.risk.optimum.found import Optimum


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
    best = best_proof(corner, optimum.risk_optimum)
    return SparseCertificate(risk, optimum, best.decrement, math.nan, best.omega, corner, _rounding(risk, theta))


def _rounding(risk: SparseRisk, theta: Vector) -> float:
    """A bound on the rounding of F(theta), its last sum included."""
    norm = risk.norm(theta)
    return value_rounding(risk.smooth, theta) + noise_of_sums(risk.width) * norm + 2 * EPS * abs(risk.value(theta))
