"""The risk gap of a smooth loss of a linear model as an interval that contains it (THEORY, section 2).

The difference of two floats is noise from about 1e-16 R* on. Taylor's integral remainder has only terms >= 0:
with d = theta - theta_hat, delta = X d,

    B = (1/N) sum_i integral_0^1 (1-t) phi''(z_i + t delta_i) dt delta_i^2 + (lambda/2) ||d||^2,
    gap in [B + g.d - e, B + g.d + e + omega].

omega bounds what theta_hat itself misses: [u + (1-u) ln(1-u)]/S^2 with u = nu S < 1, after Bach, "Self-concordant
analysis for logistic regression" (2010). Where phi'' jumps or no |phi'''| <= s phi'' is known, omega is a dual bound
(`certificate.dual`), and B lies between its values for the least and the greatest phi'' on each piece of the way.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from gdcli.risk.certificate.dual import dual_proof
from gdcli.risk.certificate.gap import Gap, interval
from gdcli.risk.empirical import Vector
from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.optimum.smooth import LinearOptimum, with_ridge
from gdcli.risk.optimum.solve import factorise

EPS = float(np.finfo(float).eps)
# Beyond this s |delta| the quadrature would need many panels, and the plain difference has its digits anyway.
WIDEST = 16.0
# The plain difference serves where its interval is this narrow, relative to the gap.
PLAIN = 1e-10
# Pieces of the way from theta_hat to theta on each of which phi'' is enclosed.
PANELS = 8
# How often a piece with a jump of phi'' is halved.
HALVINGS = 40
NODES, WEIGHTS = np.polynomial.legendre.leggauss(8)


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

    def gap(self, theta: Vector) -> Gap:
        """The interval for R(theta) - R*; the separated rows' losses, all positive, are added as they are."""
        core = self.optimum.core
        if core is None:
            return self._difference(theta)
        if not core.kernel.loss.convex:
            # R* is at most this local minimum: of the gap nothing else is known.
            return Gap(self._difference(theta).lower, math.nan, math.inf)
        d = theta - self.optimum.theta
        delta = core.X @ d
        s = core.kernel.loss.concordance
        if not core.kernel.loss.smooth:
            return self._difference(theta)
        if not math.isfinite(s):
            return _both(self._difference(theta), self._enclosed(core, theta, d, delta))
        if s > 0:
            # Far from the optimum the plain difference has its digits, and the quadrature would cost many passes.
            plain = self._difference(theta)
            if plain.upper - plain.lower <= PLAIN * plain.value or s * float(np.max(np.abs(delta))) > WIDEST:
                return plain
        return self._around(core, theta, d, *_taylor(core, self.optimum.theta, d, delta))

    def _around(self, core: LinearRisk, theta: Vector, d: Vector, curved: float, curved_error: float) -> Gap:
        """The interval that B, known up to its error, gives."""
        rest, rest_error = self._separated_part(theta)
        share = core.rows / self.risk.rows
        centre = share * (curved + float(self.residual @ d)) + rest
        error = share * (curved_error + float(self.residual_error @ np.abs(d))) + rest_error
        return interval(centre, error, share * self.omega)

    def _enclosed(self, core: LinearRisk, theta: Vector, d: Vector, delta: Vector) -> Gap:
        """The interval that B's least and greatest values give, around their middle."""
        low, high, slack = _enclosed_taylor(core, self.optimum.theta, d, delta)
        if not math.isfinite(high):
            return Gap(0.0, math.inf, math.inf)
        return self._around(core, theta, d, low + (high - low) / 2, (high - low) / 2 + slack)

    def _separated_part(self, theta: Vector) -> tuple[float, float]:
        rows = self.optimum.separated
        if not rows.any():
            return 0.0, 0.0
        part = replace(self.risk, X=self.risk.X[rows], y=self.risk.y[rows], penalty=np.zeros(self.risk.width))
        share = part.rows / self.risk.rows
        return share * part.value(theta), share * value_rounding(part, theta)

    def _difference(self, theta: Vector) -> Gap:
        """R(theta) - R* as it stands, with the rounding of both."""
        error = value_rounding(self.risk, theta) + self.value_error
        return interval(self.risk.value(theta) - self.optimum.risk_optimum, error, self.omega)


def certify(risk: LinearRisk, optimum: LinearOptimum) -> LinearCertificate:
    """Evaluate the certificate once, at the computed optimum."""
    core = optimum.core
    if core is None:
        nothing = np.zeros(risk.width)
        return LinearCertificate(risk, optimum, 0.0, 0.0, 0.0, nothing, nothing, 0.0)
    residual, residual_error = _residual_gradient(core, optimum.theta)
    rounding = value_rounding(core, optimum.theta) * (core.rows / risk.rows)
    if not core.kernel.loss.convex:
        decrement, S, bound = math.nan, math.nan, math.inf
    elif math.isfinite(core.kernel.loss.concordance):
        decrement, S = _decrement(core, optimum.theta, residual, residual_error)
        bound = omega(decrement, S)
    else:
        proof = dual_proof(core, optimum.theta, residual, residual_error)
        decrement, S, bound = proof.decrement, math.nan, proof.omega
    return LinearCertificate(risk, optimum, decrement, S, bound, residual, residual_error, rounding)


def value_rounding(risk: LinearRisk, theta: Vector) -> float:
    """A bound on the rounding of R(theta): of the predictions, of phi at them, and of the sum."""
    predictions = risk.X @ theta
    values = risk.kernel.value(predictions, risk.y)
    low, high = _over(risk, 0, predictions, theta)
    spread = np.maximum(high - values, values - low) + _sum_noise(risk.rows) * np.abs(values)
    return float(np.mean(spread)) + _sum_noise(risk.rows) * float(0.5 * (risk.penalty * theta) @ theta)


def _over(risk: LinearRisk, order: int, predictions: Vector, theta: Vector) -> tuple[Vector, Vector]:
    """What the derivative of that order may be, given what rounding did to each prediction."""
    wobble = (risk.width + 2) * EPS * (np.abs(risk.X) @ np.abs(theta))
    low, high = risk.kernel.over[order](predictions - wobble, predictions + wobble, risk.y)
    return low, high


def omega(decrement: float, S: float) -> float:
    """[u + (1-u) ln(1-u)]/S^2 with u = nu S; nu^2/2 for S = 0; inf where u >= 1 and nothing is proven."""
    u = decrement * S
    if not u < 1.0:
        return math.inf
    if u < 1e-4:
        return decrement**2 / 2 * (1 + u)
    return (u + (1 - u) * math.log1p(-u)) / S**2


def _residual_gradient(core: LinearRisk, theta: Vector) -> tuple[Vector, Vector]:
    """grad R at theta_hat with pairwise sums, and a bound on its rounding, coordinate by coordinate."""
    predictions = core.X @ theta
    slopes = core.kernel.first(predictions, core.y)
    columns = np.ascontiguousarray(core.X.T)
    gradient = (columns * slopes).sum(axis=1) / core.rows + core.penalty * theta
    low, high = _over(core, 1, predictions, theta)
    spread = _sum_noise(core.rows) * np.abs(slopes) + np.maximum(high - slopes, slopes - low)
    error = (np.abs(columns) * spread).mean(axis=1) + 4 * EPS * core.penalty * np.abs(theta)
    return np.asarray(gradient), np.asarray(error)


def _decrement(core: LinearRisk, theta: Vector, residual: Vector, error: Vector) -> tuple[float, float]:
    """nu = ||g||_{H^-1} (the rounding of g included) and S = s max_i ||x_i||_{H^-1}, over the row space.

    Both are inf where H is singular there to rounding: then nothing is proven.
    """
    basis = factorise(with_ridge(core)).basis
    values, vectors = np.linalg.eigh(basis.T @ core.curvature(theta) @ basis)
    if not np.all(values > len(values) * EPS * values[-1:]):
        return math.inf, math.inf
    half = basis @ (vectors / np.sqrt(values))
    decrement = float(np.linalg.norm(half.T @ residual)) + float(np.linalg.norm(np.abs(half).T @ error))
    if core.kernel.loss.concordance == 0.0:
        return decrement, 0.0
    return decrement, core.kernel.loss.concordance * float(np.max(np.linalg.norm(core.X @ half, axis=1)))


def _taylor(core: LinearRisk, theta: Vector, d: Vector, delta: Vector) -> tuple[float, float]:
    """B and a bound on its rounding."""
    weights = _mean_curvature(core, core.X @ theta, delta)
    wobble = (core.width + 2) * EPS * (np.abs(core.X) @ np.abs(d))
    value = float(np.mean(weights * delta * delta)) + 0.5 * float((core.penalty * d) @ d)
    slack = 16 * EPS + _sum_noise(core.rows)
    error = slack * value + float(np.mean(weights * (2 * np.abs(delta) + wobble) * wobble))
    return value, error + _curvature_noise(core, theta, weights, delta)


def _enclosed_taylor(core: LinearRisk, theta: Vector, d: Vector, delta: Vector) -> tuple[float, float, float]:
    """The least and the greatest that B can be, and its rounding."""
    size = (core.width + 2) * EPS * np.abs(core.X)
    wobble, blur = size @ (np.abs(theta) + np.abs(d)), size @ np.abs(d)
    least, most = _enclosed_curvature(core, core.X @ theta, delta, wobble)
    ridge = 0.5 * float((core.penalty * d) @ d)
    low, high = (float(np.mean(weights * delta * delta)) + ridge for weights in (least, most))
    slack = (16 * EPS + _sum_noise(core.rows)) * high + float(np.mean(most * (2 * np.abs(delta) + blur) * blur))
    return low, high, slack


def _enclosed_curvature(core: LinearRisk, z: Vector, delta: Vector, wobble: Vector) -> tuple[Vector, Vector]:
    """Bounds on integral_0^1 (1-t) phi''(z + t delta) dt, row by row: phi'' enclosed on PANELS pieces of the way.

    A piece on which phi'' may be less than half of what it may be, as at a jump, is halved again.
    """
    least, most = np.zeros_like(z), np.zeros_like(z)
    rows = np.repeat(np.arange(core.rows), PANELS)
    a = np.tile(np.arange(PANELS) / PANELS, core.rows)
    b = a + 1.0 / PANELS
    limit = 4 * len(rows)
    for level in range(HALVINGS + 1):
        start, stop, blur = z[rows] + a * delta[rows], z[rows] + b * delta[rows], wobble[rows]
        low, high = np.minimum(start, stop) - blur, np.maximum(start, stop) + blur
        below, above = core.kernel.over[2](low, high, core.y[rows])
        loose = (above - below > 0.5 * above) & (above > 1e-300) & (high - low > 8 * blur)
        split = loose & (level < HALVINGS) & (2 * int(np.count_nonzero(loose)) <= limit)
        share = ((1.0 - a) ** 2 - (1.0 - b) ** 2) / 2
        np.add.at(least, rows[~split], (share * np.maximum(below, 0.0))[~split])
        np.add.at(most, rows[~split], (share * above)[~split])
        if not split.any():
            break
        middle = (a + b)[split] / 2
        a, b = np.concatenate([a[split], middle]), np.concatenate([middle, b[split]])
        rows = np.tile(rows[split], 2)
    return least, most


def _curvature_noise(core: LinearRisk, theta: Vector, weights: Vector, delta: Vector) -> float:
    """What rounding of z_i does to phi''(z_i): |phi'''| <= s phi''."""
    s = core.kernel.loss.concordance
    if s == 0.0:
        return 0.0
    wobble = (core.width + 2) * EPS * (np.abs(core.X) @ np.abs(theta))
    return float(np.mean(s * wobble * weights * delta * delta))


def _mean_curvature(core: LinearRisk, z: Vector, delta: Vector) -> Vector:
    """integral_0^1 (1-t) phi''(z + t delta) dt by 8-point Gauss-Legendre on panels no wider than 1 in t s |delta|."""
    if core.kernel.loss.concordance == 0.0:
        return np.asarray(0.5 * core.kernel.second(z, core.y) * np.ones_like(delta))
    panels = max(1, math.ceil(core.kernel.loss.concordance * float(np.max(np.abs(delta)))))
    total = np.zeros_like(delta)
    for panel in range(panels):
        for node, weight in zip(NODES, WEIGHTS, strict=True):
            t = (panel + (node + 1) / 2) / panels
            total += weight / (2 * panels) * (1 - t) * core.kernel.second(z + t * delta, core.y)
    return total


def _sum_noise(n: int) -> float:
    """Relative rounding of a sum of n terms of one sign, pairwise or in blocks."""
    return (20 + math.log2(n + 1)) * EPS


def _both(a: Gap, b: Gap) -> Gap:
    """What both say, with the value of the one that says more."""
    lower, upper = max(a.lower, b.lower), min(a.upper, b.upper)
    value = min((a, b), key=lambda gap: gap.upper - gap.lower).value
    return Gap(lower, min(max(value, lower), upper), upper)
