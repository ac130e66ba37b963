"""Where a loss has kinks: how many rows sit at one, what lies between their one-sided derivatives (THEORY, section 6).

At a kink of phi_i the slope may be any alpha_i in [phi_i'(z_i -), phi_i'(z_i +)], and for a convex loss

    subdifferential of R at theta  =  { (1/N) sum alpha_i x_i + lambda theta }   (Rockafellar, 1970, theorem 23.8).

The descent takes the alpha_i of least absolute value, row by row; the element of least norm of the whole set may be
another, and is 0 exactly at a minimiser.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gdcli.kernels.interpret import sides
from gdcli.risk.boxed import boxed_least_squares
from gdcli.risk.certificate.gap import Certificate
from gdcli.risk.empirical import EmpiricalRisk, Matrix, Vector
from gdcli.risk.losses import LossKernel
from gdcli.risk.models.formula import ModelRisk
from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.passes import absolute

EPS = float(np.finfo(float).eps)
# Up to this many rows at a kink the element of least norm is worked out.
MANY = 500
# A step of phi' this large, relative to phi', within the rounding of the prediction is a kink and no bend.
STEP = 1e-6
# omega this far below R* (or R at 0) is a proof that 0 is a subgradient, up to rounding.
PROVEN = 1e-9


@dataclass(frozen=True, slots=True)
class Kinks:
    """The rows whose prediction is a kink of the loss, up to the rounding of the prediction.

    `left` and `right`: the least and the greatest of their one-sided derivatives; `used`: the least and the greatest
    slope taken there by the descent; all None where no row is at a kink. `gradient_norm`: the norm of the subgradient
    of R made of these slopes; `least_norm`: of the shortest one (None for more than MANY rows, and where the loss is
    not known to be convex: then the slopes are elements of the rows' subdifferentials, and their mean possibly no
    element of Clarke's of R). `proven_zero`: 0 is proven to be a subgradient at the optimum.
    """

    rows: int
    left: float | None
    right: float | None
    used: tuple[float, float] | None
    gradient_norm: float
    least_norm: float | None
    proven_zero: bool


def kinks(risk: EmpiricalRisk, theta: Vector, certificate: Certificate) -> Kinks | None:
    """What happens at the kinks at theta; None for a loss without any."""
    if risk.loss.smooth or not isinstance(risk, LinearRisk | ModelRisk):
        return None
    found = [_Standing.at(part, theta) for _, part in risk.parts()]
    rows = sum(len(part.used) for part in found)
    low, high, used = (np.concatenate([getattr(part, what) for part in found]) for what in ("low", "high", "used"))
    g = risk.gradient(theta)
    some, convex = rows > 0, isinstance(risk, LinearRisk) and risk.loss.convex
    least = None
    if convex and rows <= MANY:
        least = _least_norm(np.concatenate([part.X for part in found]) / risk.rows, g, used, low, high)
    return Kinks(
        rows=rows,
        left=float(low.min()) if some else None,
        right=float(high.max()) if some else None,
        used=(float(used.min()), float(used.max())) if some else None,
        gradient_norm=float(np.linalg.norm(g)),
        least_norm=least,
        proven_zero=_is_proven(risk, certificate),
    )


@dataclass(frozen=True)
class _Standing:
    """Rows at a kink: the least and the greatest slope there, the one used, and the rows X, up to MANY of them."""

    low: Vector
    high: Vector
    used: Vector
    X: Matrix

    @classmethod
    def at(cls, risk: LinearRisk | ModelRisk, theta: Vector) -> _Standing:
        z, wobble = _predictions(risk, theta)
        left, right = _between(risk.kernel, risk.y, z, wobble)
        at = np.abs(right - left) > STEP * (np.abs(left) + np.abs(right))
        used = risk.kernel.first(z, risk.y)[at]
        few = np.flatnonzero(at)[:MANY]
        return cls(np.minimum(left, right)[at], np.maximum(left, right)[at], used, risk.X[few])


def _predictions(risk: LinearRisk | ModelRisk, theta: Vector) -> tuple[Vector, Vector]:
    """The predictions (N,), and what rounding may have done to each: for a model by formula a few units of its own."""
    if isinstance(risk, ModelRisk):
        z = risk.model.predictions(theta, risk.X)
        return z, 16.0 * EPS * np.abs(z)
    return risk.predictions(theta), (risk.width + 2) * EPS * absolute(risk.X, np.abs(theta))


def _between(kernel: LossKernel, y: Vector, z: Vector, wobble: Vector) -> tuple[Vector, Vector]:
    """The derivative from the left of z - wobble and from the right of z + wobble."""
    left, right = sides(kernel.derived)
    zeros = np.zeros_like(z)
    with np.errstate(all="ignore"):
        return zeros + left(z - wobble, y), zeros + right(z + wobble, y)


def _least_norm(rows: Matrix, g: Vector, used: Vector, low: Vector, high: Vector) -> float:
    """min ||g + sum (alpha_i - used_i) x_i/N|| over the slopes alpha_i in [low_i, high_i]."""
    if not len(rows):
        return float(np.linalg.norm(g))
    alpha = boxed_least_squares(rows.T, used @ rows - g, low, high)
    return float(np.linalg.norm(g + (alpha - used) @ rows))


def _is_proven(risk: EmpiricalRisk, certificate: Certificate) -> bool:
    optimum = certificate.optimum
    if not optimum.attained or not math.isfinite(certificate.omega):
        return False
    # R* may be 0, and R at 0 then says what is small.
    return certificate.omega <= PROVEN * max(abs(optimum.risk_optimum), abs(risk.value(np.zeros(risk.width))))
