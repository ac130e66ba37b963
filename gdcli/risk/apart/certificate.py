"""The certified gap over parts of the rows: the bounds of `certificate.smooth`, from sums."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from operator import and_, itemgetter

import numpy as np

from gdcli.data.partitions.parts import added
from gdcli.risk.apart import terms
from gdcli.risk.apart.optimum import ApartOptimum
from gdcli.risk.apart.risk import ApartRisk
from gdcli.risk.certificate.dual import TRIES, Proof, Trust
from gdcli.risk.certificate.gap import Gap, both, has_digits, interval, remembered
from gdcli.risk.certificate.metric import decrement, half_of
from gdcli.risk.certificate.smooth import has_remainder, omega
from gdcli.risk.certificate.taylor import EPS, noise_of_sums, with_penalty
from gdcli.risk.empirical import Matrix, Vector
from gdcli.risk.optimum.whiten import WELL_CONDITIONED, scaled_eigenvectors

UNPROVEN = Proof(math.nan, math.nan, math.inf)
# Where the rounding of R(theta_hat) may be more than this share of it, it is computed to 30 digits.
ROUGH = 1e-13


@dataclass(frozen=True)
class ApartCertificate:
    """The computed optimum, its Newton decrement nu, the constant S, omega, and the gradient that rounding left.

    S is nan where omega is a dual bound. `value_error` is the rounding of R(theta_hat).
    """

    risk: ApartRisk
    optimum: ApartOptimum
    decrement: float
    concordance: float
    omega: float
    residual: Vector
    residual_error: Vector
    value_error: float

    @remembered
    def gap(self, theta: Vector) -> Gap:
        """The interval for R(theta) - R*."""
        short = has_remainder(self.risk.loss) and self.optimum.attained
        if short and np.array_equal(theta, self.optimum.theta):
            # The remainder of no way at all.
            return interval(0.0, 0.0, self.omega * (1 + EPS))
        value, rounding = rounded_value(self.risk, theta)
        plain = interval(value - self.optimum.risk_optimum, rounding + self.value_error, self.omega)
        if has_digits(plain) or not short or not math.isfinite(plain.value):
            return plain
        near = self._around(theta)
        return plain if near is None else both(plain, near)

    def _around(self, theta: Vector) -> Gap | None:
        """By Taylor's remainder around theta_hat, where that has few terms."""
        risk, d = self.risk, theta - self.optimum.theta
        (sums,) = risk.parts.total(terms.remainder, self.optimum.theta, d, by=added)
        if not np.all(np.isfinite(sums)):
            return None
        B, error = with_penalty(risk.penalty, risk.rows, d, np.asarray(sums))
        centre = B + float(self.residual @ d)
        error += float(self.residual_error @ np.abs(d)) + 4 * EPS * abs(centre)
        return interval(centre, error, self.omega * (1 + EPS))


def certify(risk: ApartRisk, optimum: ApartOptimum) -> ApartCertificate:
    """Evaluate the certificate once, at the computed optimum."""
    if not optimum.attained:
        nothing = np.zeros(risk.width)
        return ApartCertificate(risk, optimum, 0.0, 0.0, 0.0, nothing, nothing, 0.0)
    theta = optimum.theta
    gradient, error = risk.parts.total(terms.slopes, theta, risk.rows, by=added)
    residual = gradient / risk.rows + risk.penalty * theta
    error = np.asarray(error / risk.rows + 4 * EPS * risk.penalty * np.abs(theta))
    proof = _proof(risk, theta, residual, error)
    value, rounding = rounded_value(risk, theta)
    if rounding > ROUGH * abs(value):
        value, rounding = min((value, rounding), accurate_value(risk, theta), key=itemgetter(1))
        optimum = replace(optimum, risk_optimum=value)
    return ApartCertificate(risk, optimum, proof.decrement, proof.concordance, proof.omega, residual, error, rounding)


def rounded_value(risk: ApartRisk, theta: Vector) -> tuple[float, float]:
    """R(theta), and a bound on its rounding."""
    noise = noise_of_sums(risk.rows)
    value, error = risk.parts.total(terms.values, theta, noise, by=added)
    ridge = 0.5 * float((risk.penalty * theta) @ theta)
    return float(value / risk.rows) + ridge, float(error / risk.rows) + noise * ridge


def accurate_value(risk: ApartRisk, theta: Vector) -> tuple[float, float]:
    """R(theta) from terms of 30 digits, and a bound on its error; infinite for a loss that has none."""
    sums = risk.parts.total(terms.accurate_values, theta, by=added)
    noise, ridge = noise_of_sums(risk.rows), 0.5 * float((risk.penalty * theta) @ theta)
    value, radius, size = (float(found) / risk.rows for found in sums)
    error = radius + noise * (size + ridge)
    return value + ridge, error if math.isfinite(error) else math.inf


def _proof(risk: ApartRisk, theta: Vector, residual: Vector, error: Vector) -> Proof:
    """omega by the theory of self-concordance where s is known, else by a dual point."""
    s = risk.loss.concordance
    if not math.isfinite(s):
        return _dual(risk, theta, residual, error)
    half = half_of(risk.bend(theta, risk.basis), risk.basis)
    if half is None:
        return Proof(math.inf, math.inf, math.inf)
    nu = decrement(half, residual, error)
    S = s * risk.parts.total(terms.longest, half, by=max) if s > 0.0 else 0.0
    return Proof(nu, S, omega(nu, S))


def _dual(risk: ApartRisk, theta: Vector, residual: Vector, error: Vector) -> Proof:
    """As `certificate.dual.dual_proof` has it; nothing is proven where the curved rows do not span the others."""
    trust = 2.0
    near = _half(risk, theta, None)
    if near is None:
        return UNPROVEN
    for _ in range(TRIES):
        reach = (near, trust * decrement(near, residual, error))
        half = _half(risk, theta, reach)
        if half is None:
            break
        nu = decrement(half, residual, error)
        if risk.parts.total(terms.holds, theta, reach, half, nu, by=and_):
            return Proof(nu, math.nan, nu * nu / 2 * (1 + 1e-9))
        trust *= 4.0
    return UNPROVEN


def _half(risk: ApartRisk, theta: Vector, trust: Trust) -> Matrix | None:
    """Q with Q Q^T = M^+ for the least curvatures within reach, on the span of all rows that have a slope there."""
    squares, flat = risk.parts.total(terms.sloped, theta, trust, by=added)
    basis = risk.basis
    if flat > 0:
        found = scaled_eigenvectors(squares + np.diag(risk.rows * risk.penalty), WELL_CONDITIONED)
        if found is None:
            return None
        D, values, vectors = found
        basis = vectors / np.sqrt(values) / D[:, None]
    (bent,) = risk.parts.total(terms.least_bend, theta, trust, basis, by=added)
    return half_of(bent / risk.rows + basis.T @ (risk.penalty[:, None] * basis), basis)
