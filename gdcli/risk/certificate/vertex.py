"""The risk gap of a loss with one kink a row as a sum of terms that are all >= 0 (`optimum.polyhedral.proof`).

    gap = (1/N) sum s_i(theta) + e . (theta - theta_hat) + (1/2) ||theta - theta_hat||^2_Lambda    up to what e costs

No two numbers of one size are subtracted but in t_i = x_i . theta - k_i, which is taken in pairs of doubles where its
rounding shows in the sum. So the gap has its digits down to where e stops it, at about 1e-30.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gdcli.kernels.pairs import Pair, add, minus
from gdcli.risk.certificate.gap import Gap
from gdcli.risk.empirical import Vector
from gdcli.risk.optimum.polyhedral.kinks import EPS, Kinks
from gdcli.risk.optimum.polyhedral.proof import slacks
from gdcli.risk.optimum.polyhedral.solve import FaceOptimum

# Plain doubles serve where their rounding is no more than this, relative to the gap.
PLAIN = 1e-12


@dataclass(frozen=True)
class FaceCertificate:
    """The optimum and its dual point; there is no Newton decrement where phi'' is 0."""

    optimum: FaceOptimum

    @property
    def decrement(self) -> float:
        """Of no meaning here."""
        return math.nan

    @property
    def concordance(self) -> float:
        """Of no meaning here."""
        return math.nan

    @property
    def omega(self) -> float:
        """A bound on R(theta_hat) - R*."""
        return self.optimum.proof.slack + self.optimum.proof.rest

    def gap(self, theta: Vector) -> Gap:
        """The interval that contains R(theta) - R*; up to infinity where R(theta) is no double."""
        with np.errstate(all="ignore"):
            found = self._gap(theta)
        return found if math.isfinite(found.value) else Gap(0.0, math.inf, math.inf)

    def _gap(self, theta: Vector) -> Gap:
        face, proof = self.optimum.face, self.optimum.proof
        kinks, N = face.space.kinks, len(face.t)
        d = np.asarray(add((theta, np.zeros_like(theta)), minus(face.theta))[0])
        slack, error = _mean_slack(kinks, proof.a, theta)
        square = 0.5 * float((kinks.weight * d) @ d) / N
        centre = slack + square + float(proof.residual @ d) / N
        error += (len(d) + 8) * EPS * square + float(proof.error @ np.abs(d)) / N
        error += (len(d) + 8) * EPS * float(np.abs(proof.residual) @ np.abs(d)) / N
        lower, upper = max(0.0, centre - error - proof.slack), max(0.0, centre) + error + proof.rest
        return Gap(lower, min(max(centre, lower), upper), upper)


def certify_face(optimum: FaceOptimum) -> FaceCertificate:
    """The certificate of an optimum found with its proof."""
    return FaceCertificate(optimum)


def _mean_slack(kinks: Kinks, a: Pair, theta: Vector) -> tuple[float, float]:
    """(1/N) sum s_i(theta) and its error: in plain doubles, and where these do not do, rows with an error in pairs."""
    t = kinks.X @ theta - kinks.kink
    blur = (kinks.X.shape[1] + 3) * EPS * kinks.size(theta)
    value, error = _sum(kinks, a, t, blur)
    if float(np.sum(error)) > PLAIN * float(np.sum(value)):
        t, blur = kinks.distances((theta, np.zeros_like(theta)), error > 0.0)
        value, error = _sum(kinks, a, t, blur)
    mean = float(np.mean(value))
    # The sum, the products in it, and slopes such as 9/10 that are no doubles.
    return mean, float(np.mean(error)) + (24 + math.log2(len(t))) * EPS * mean


def _sum(kinks: Kinks, a: Pair, t: Vector, blur: Vector) -> tuple[Vector, Vector]:
    """s_i, and how far off it may be."""
    value, most = slacks(kinks, a, t, blur)
    least = np.minimum(slacks(kinks, a, t - blur, 0.0 * t)[0], slacks(kinks, a, t + blur, 0.0 * t)[0])
    least[np.abs(t) <= blur] = 0.0
    return value, np.maximum(most - value, value - least)
