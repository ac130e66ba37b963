"""The risk gap of a smooth loss of a linear model as an interval that contains it (THEORY, section 2).

omega bounds what theta_hat itself misses: [u + (1-u) ln(1-u)]/S^2 with u = nu S < 1, after Bach, "Self-concordant
analysis for logistic regression" (2010); where phi'' jumps or no |phi'''| <= s phi'' is known it is a dual bound
(`certificate.dual`).

R(theta) - R(theta_hat) comes by the cheapest of three ways that leaves DIGITS: the difference of two floats, Taylor's
remainder around theta_hat (`certificate.taylor`), or either of them around a theta_hat of 30 digits
(`certificate.reference`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from gdcli.risk.certificate.dual import Proof, dual_proof, sloped_half_inverse
from gdcli.risk.certificate.gap import Gap, both, has_digits, interval, remembered
from gdcli.risk.certificate.metric import decrement, half_inverse
from gdcli.risk.certificate.reference import Reference, refine
from gdcli.risk.certificate.taylor import EPS, noise_of_sums, parts, remainder, rounding_of_predictions
from gdcli.risk.empirical import Matrix, Vector
from gdcli.risk.losses import Loss
from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.optimum.linear import LinearOptimum
from gdcli.risk.passes import lengths

# Beyond this s |delta| Taylor's remainder would need many panels.
WIDEST = 16.0
# Up to so many entries of X theta_hat is refined at once; up to so many where omega/R* is above POOR.
SMALL, LARGE = 20_000, 4_000_000
POOR = 1e-14


@dataclass(frozen=True)
class LinearCertificate:
    """The computed optimum, its Newton decrement nu, the constant S, omega, and the gradient that rounding left.

    S is nan where omega is a dual bound. `value_error` is the rounding of R(theta_hat).
    """

    risk: LinearRisk
    optimum: LinearOptimum
    decrement: float
    concordance: float
    omega: float
    residual: Vector
    residual_error: Vector
    value_error: float

    @remembered
    def gap(self, theta: Vector) -> Gap:
        """The interval for R(theta) - R*; the separated rows' losses, all positive, are added as they are."""
        core = self.optimum.core
        if core is not None and has_remainder(core.loss) and np.array_equal(theta, self.optimum.theta):
            # The remainder of no way at all. theta_hat of more digits would only tell how far the double is from it.
            return self._interval(theta, 0.0, 0.0)
        plain = self._difference(theta)
        if core is None:
            return plain
        if not core.kernel.loss.convex:
            # R* is at most this local minimum: of the gap nothing else is known.
            return Gap(plain.lower, math.nan, math.inf)
        if has_digits(plain) or not math.isfinite(plain.value):
            return plain
        near = self._around_double(core, theta)
        if near is None or not has_digits(near):
            refined = self._around_reference(core, theta)
            near = near if refined is None else refined
        return plain if near is None else both(plain, near)

    def _around_double(self, core: LinearRisk, theta: Vector) -> Gap | None:
        """By Taylor's remainder around theta_hat as it is, where that has few terms."""
        d = theta - self.optimum.theta
        if not is_short(core, (part.X @ d for _, part in core.parts())):
            return None
        B, error = remainder(core, d, parts(core, self.optimum.theta, d))
        return self._interval(theta, B + float(self.residual @ d), error + float(self.residual_error @ np.abs(d)))

    def _around_reference(self, core: LinearRisk, theta: Vector) -> Gap | None:
        """Around theta_hat of 30 digits; None where H is singular to rounding and none were found."""
        if self.refined is None:
            return None
        found, proof = self.refined
        d = found.step(theta).high
        if is_short(core, (part.delta for part in found.parts(theta))):
            B, error = remainder(core, d, found.parts(theta))
            centre, error = B + float(found.gradient @ d), error + float(found.error @ np.abs(d))
        else:
            centre, error = found.difference(theta)
        return self._interval(theta, centre, error, proof.omega)

    @cached_property
    def refined(self) -> tuple[Reference, Proof] | None:
        """theta_hat of 30 digits and its own proof; None where H is singular to rounding."""
        core = self.optimum.core
        if core is None:
            return None
        half = _half_inverse(core, self.optimum.theta)
        if half is None:
            return None
        found = refine(core, self.optimum.theta, half)
        return found, _proof(core, found.predictions.high, found.wobble, found.gradient, found.error)

    def _interval(self, theta: Vector, centre: float, error: float, below: float | None = None) -> Gap:
        """Of the core's difference, with the separated rows' losses added."""
        rest, rest_error = self._separated_part(theta)
        share = self.optimum.share
        middle = share * centre + rest
        below = self.omega if below is None else below
        return interval(middle, share * error + rest_error + 4 * EPS * abs(middle), share * below * (1 + EPS))

    def _separated_part(self, theta: Vector) -> tuple[float, float]:
        rows = self.optimum.separated
        if not rows.any():
            return 0.0, 0.0
        part = replace(self.risk, X=self.risk.X[rows], y=self.risk.y[rows], penalty=np.zeros(self.risk.width))
        share = part.rows / self.risk.rows
        value, rounding = rounded_value(part, theta)
        return share * value, share * rounding

    def _difference(self, theta: Vector) -> Gap:
        """R(theta) - R* as it stands, with the rounding of both."""
        value, rounding = rounded_value(self.risk, theta)
        return interval(value - self.optimum.risk_optimum, rounding + self.value_error, self.omega)


def certify(risk: LinearRisk, optimum: LinearOptimum) -> LinearCertificate:
    """Evaluate the certificate once, at the computed optimum."""
    core, nothing = optimum.core, np.zeros(risk.width)
    if core is None:
        # An infimum that no theta attains is what it is; where theta_hat is said to attain it, R rounds there.
        slack = optimum.slack + (value_rounding(risk, optimum.theta) if optimum.attained else 0.0)
        return LinearCertificate(risk, optimum, 0.0, 0.0, slack, nothing, nothing, slack)
    if not core.kernel.loss.convex:
        # Nothing but the difference of two risks is asked for.
        rounding = value_rounding(core, optimum.theta)
        return LinearCertificate(risk, optimum, math.nan, math.nan, math.inf, nothing, nothing, rounding)
    residual, error = residual_gradient(core, optimum.theta)
    proof = _proof(core, core.predictions(optimum.theta), rounding_of_predictions(core, optimum.theta), residual, error)
    rounding = value_rounding(core, optimum.theta) * optimum.share
    found = LinearCertificate(risk, optimum, proof.decrement, proof.concordance, proof.omega, residual, error, rounding)
    poor = proof.omega > POOR * abs(optimum.risk_optimum)
    return _refined(found) if core.X.size <= (LARGE if poor else SMALL) else found


def _refined(found: LinearCertificate) -> LinearCertificate:
    """The same around the double nearest to theta_hat of 30 digits, with R* and omega from there, if that says more."""
    if found.refined is None or not found.refined[1].omega < found.omega:
        return found
    reference, proof = found.refined
    excess, error = reference.difference(reference.theta.high)
    share = found.optimum.share
    least, rounding = reference.value()
    optimum = replace(
        found.optimum,
        theta=reference.theta.high,
        risk_optimum=share * least,
        method=f"{found.optimum.method}, then steps of 30 digits",
    )
    better = replace(
        found,
        optimum=optimum,
        decrement=proof.decrement,
        concordance=proof.concordance,
        omega=max(0.0, excess) + error + proof.omega,
        value_error=share * rounding + 2 * EPS * abs(share * least),
    )
    # The reference stays, its residual is not that of the double.
    residual, residual_error = residual_gradient(reference.core, optimum.theta)
    return replace(better, residual=residual, residual_error=residual_error)


def _half_inverse(core: LinearRisk, theta: Vector) -> Matrix | None:
    """Q with Q Q^T = H^-1 at theta, on the span of the rows that have a slope; None where H is singular there."""
    z = core.predictions(theta)
    return sloped_half_inverse(core, z, rounding_of_predictions(core, theta), core.weights(z))


def _proof(core: LinearRisk, z: Vector, wobble: Vector, residual: Vector, error: Vector) -> Proof:
    """omega by the theory of self-concordance where s is known, else by a dual point."""
    s = core.kernel.loss.concordance
    if not math.isfinite(s):
        return dual_proof(core, z, wobble, residual, error)
    half = half_inverse(core.whitening, core.weights(z))
    if half is None:
        return Proof(math.inf, math.inf, math.inf)
    nu = decrement(half, residual, error)
    S = s * float(np.max(lengths(core.X, half))) if s > 0.0 else 0.0
    return Proof(nu, S, omega(nu, S))


def omega(decrement: float, S: float) -> float:
    """[u + (1-u) ln(1-u)]/S^2 with u = nu S; nu^2/2 for S = 0; inf where u >= 1 and nothing is proven."""
    u = decrement * S
    if not u < 1.0:
        return math.inf
    if u < 1e-4:
        return decrement**2 / 2 * (1 + u)
    return (u + (1 - u) * math.log1p(-u)) / S**2


def rounded_value(risk: LinearRisk, theta: Vector) -> tuple[float, float]:
    """R(theta), the same bits as `risk.value`, and a bound on the rounding: of the predictions, of phi, of the sum."""
    noise = noise_of_sums(risk.rows)
    sums, total = value_terms(risk, theta, noise)
    ridge = float(0.5 * np.dot(risk.penalty * theta, theta))
    return float(sums / risk.rows) + ridge, float(total / risk.rows) + noise * ridge


def value_terms(risk: LinearRisk, theta: Vector, noise: float) -> tuple[float, float]:
    """sum phi_i, and the sum of the bounds on the rounding of each, of which its sum has the share `noise`."""
    sums, total = 0.0, 0.0
    for _, part in risk.parts():
        predictions = part.X @ theta
        values = part.kernel.value(predictions, part.y)
        low, high = _over(part, 0, predictions, theta)
        sums += np.sum(values)
        total += np.sum(np.maximum(high - values, values - low) + noise * np.abs(values))
    return sums, total


def value_rounding(risk: LinearRisk, theta: Vector) -> float:
    """A bound on the rounding of R(theta)."""
    return rounded_value(risk, theta)[1]


def _over(risk: LinearRisk, order: int, predictions: Vector, theta: Vector) -> tuple[Vector, Vector]:
    """What the derivative of that order may be, given what rounding did to each prediction."""
    wobble = rounding_of_predictions(risk, theta)
    low, high = risk.kernel.over[order](predictions - wobble, predictions + wobble, risk.y)
    return low, high


def residual_gradient(core: LinearRisk, theta: Vector) -> tuple[Vector, Vector]:
    """grad R at theta_hat, and a bound on its rounding, coordinate by coordinate."""
    gradient, error = slope_terms(core, theta, core.rows)
    error = error / core.rows + 4 * EPS * core.penalty * np.abs(theta)
    return gradient / core.rows + core.penalty * theta, np.asarray(error)


def slope_terms(core: LinearRisk, theta: Vector, rows: int) -> tuple[Vector, Vector]:
    """sum phi'_i x_i, and a bound on its rounding as a part of a sum over so many `rows`."""
    gradient, error = np.zeros(core.width), np.zeros(core.width)
    for _, part in core.parts():
        predictions = part.X @ theta
        slopes = part.kernel.first(predictions, part.y)
        low, high = _over(part, 1, predictions, theta)
        gradient += slopes @ part.X
        error += (rows * EPS * np.abs(slopes) + np.maximum(high - slopes, slopes - low)) @ np.abs(part.X)
    return gradient, error


def has_remainder(loss: Loss) -> bool:
    """Whether the loss is convex and its s known, so that Taylor's remainder may serve."""
    return loss.convex and math.isfinite(loss.concordance)


def is_short(core: LinearRisk, deltas: Iterable[Vector]) -> bool:
    """Whether Taylor's remainder serves: s is known and s |delta| moderate, for the delta of all rows in parts."""
    s = core.kernel.loss.concordance
    return s == 0.0 or all(s * float(np.max(np.abs(delta))) <= WIDEST for delta in deltas)
