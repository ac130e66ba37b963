"""omega for convex losses whose phi'' may jump or vanish: a dual point that is feasible, and so a lower bound on R*.

With alpha_i = phi'_i(z_i) and phi_i'' >= m_i on |p - z_i| <= rho_i, Fenchel's inequality gives for |a_i| <= m_i rho_i

    phi_i(p) >= (alpha_i + a_i) p - phi_i*(alpha_i + a_i),
    phi_i*(alpha_i + a_i) <= phi_i*(alpha_i) + z_i a_i + a_i^2/(2 m_i),

so if (1/N) sum (alpha_i + a_i) x_i and the penalty's dual cancel, R* >= R(theta_hat) - (1/N) sum a_i^2/(2 m_i) less the
penalty's like term. The shortest such a is -m_i x_i . M^+ g with M = (1/N) sum m_i x_i x_i^T + diag(lambda) and
g = grad R(theta_hat), and then

    R(theta_hat) - R* <= g . M^+ g / 2,   if |x_i . M^+ g| <= rho_i for all i.

Such an a exists if g lies in the span of the rows with m_i > 0 (and of the penalised coordinates). It does where these
span all rows but those of slope 0, of which g has no part: no minimiser need be unique. For a piecewise quadratic loss
m_i = phi_i'' unless z_i stands within rho_i of a jump. (Rockafellar, "Convex Analysis", 1970, section 31.)
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdcli.data.room import room
from gdcli.risk.certificate.box import box_bound
from gdcli.risk.certificate.metric import decrement, half_inverse
from gdcli.risk.empirical import Matrix, Vector
from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.optimum.whiten import whiten
from gdcli.risk.passes import lengths


@dataclass(frozen=True)
class Proof:
    """nu and S (nan where omega does not rest on them) and omega, infinite where nothing is proven."""

    decrement: float
    concordance: float
    omega: float


# Q and nu: how far each row's prediction is trusted to lie from where it is, by `reach`; None: by its rounding alone.
Trust = tuple[Matrix, float] | None
# Radii that are tried, each four times the one before.
TRIES = 4


def dual_proof(core: LinearRisk, z: Vector, wobble: Vector, residual: Vector, error: Vector) -> Proof:
    """The proof at predictions z, known up to `wobble`, for g = `residual` up to `error`.

    It is tried with growing rho until M^+ g fits into it.
    """
    weights = core.weights(z)
    trust = 2.0
    for _ in range(TRIES):
        near = sloped_half_inverse(core, z, wobble, weights)
        if near is None:
            break
        rho = reach(core, near, trust * decrement(near, residual, error), wobble)
        known, weights = weights, least_curvature(core, z, rho)
        half = near if np.array_equal(known, weights) else sloped_half_inverse(core, z, rho, weights)
        if half is None:
            break
        nu = decrement(half, residual, error)
        if np.all(reach(core, half, nu, wobble) <= rho):
            return Proof(nu, math.nan, nu * nu / 2 * (1 + 1e-9))
        trust *= 4.0
    return Proof(math.nan, math.nan, box_bound(core, z, wobble, residual, error))


def reach(core: LinearRisk, half: Matrix, nu: float, wobble: Vector) -> Vector:
    """nu ||x_i^T Q|| + wobble_i, (N,)."""
    found = lengths(core.X, half)
    found *= nu
    found += wobble
    return found


def least_curvature(core: LinearRisk, z: Vector, rho: Vector) -> Vector:
    """m_i, at most phi_i'' on |p - z_i| <= rho_i and at least 0, which is true of a convex loss."""
    least = room((core.rows,))
    for rows, part in core.parts():
        low = part.kernel.over[2](z[rows] - rho[rows], z[rows] + rho[rows], part.y)[0]
        np.maximum(low, 0.0, out=least[rows])
    return least


def sloped_half_inverse(core: LinearRisk, z: Vector, rho: Vector, weights: Vector) -> Matrix | None:
    """Q with Q Q^T = M^+ on the span of all rows that have a slope; None where M is singular there to rounding."""
    sloped = sloped_rows(core, z, rho, weights)
    if sloped.all():
        return half_inverse(core.whitening, weights)
    if not (sloped.any() or core.penalty.any()):
        return np.zeros((core.width, 1))
    # Rows without a slope keep their place, so that the penalty's rows keep their weight.
    return half_inverse(whiten(core.X, core.rows * core.penalty, sloped), weights)


def sloped_rows(core: LinearRisk, z: Vector, rho: Vector, weights: Vector) -> NDArray[np.bool_]:
    """The rows with a weight, or that may have a slope within rho of z, (N,)."""
    sloped = weights > 0.0
    for rows, part in core.parts():
        low, high = part.kernel.over[1](z[rows] - rho[rows], z[rows] + rho[rows], part.y)
        sloped[rows] |= np.maximum(np.abs(low), np.abs(high)) > 1e-300
    return sloped
