"""Newton's last digits at a local minimum, and what proves that it is one.

With A = QR the whitened coordinates u = R D theta have the Hessian I + R^-T (bend) R^-1: the condition of the
Gauss-Newton part, the square of that of J, is out of the way. A point is a local minimum where that Hessian is positive
definite and Newton's next step changes no parameter beyond its ninth digit, or beyond what rounding of the gradient
explains. (A flat plateau towards infinity has small gradients too; there Newton's step stays a fair part of theta.)
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gdcli.risk.empirical import Matrix, Vector
from gdcli.risk.models.formula import ModelRisk
from gdcli.risk.optimum.marquardt import EPS, Scaled

MOST_STEPS = 20
# The share of a parameter that Newton's next step may still change.
SETTLED = 1e-9
# The share that rounding of the gradient may explain before the parameter counts as undetermined.
BLURRED = 1e-6
# Roundings of one term of the gradient.
ROUNDINGS = 16.0


@dataclass(frozen=True)
class Settled:
    """theta with R, nu = ||g||_{H^-1} and lambda_min of the Hessian in whitened coordinates (nan where there is none).

    `reason` says why it is no proven local minimum, empty where it is.
    """

    theta: Vector
    value: float
    decrement: float
    least: float
    reason: str

    @property
    def proven(self) -> bool:
        """Whether this is a local minimum."""
        return not self.reason


def settle(risk: ModelRisk, theta: Vector, theta0: Vector) -> Settled:
    """Undamped Newton steps as long as they get shorter, and the verdict on where they end.

    The sizes of theta0 say what counts as small for a parameter that is 0 at the minimum.
    """
    usual = np.abs(theta0)
    best, step = _judge(risk, theta, usual)
    for _ in range(MOST_STEPS):
        if step is None:
            break
        there, next_step = _judge(risk, best.theta + step, usual)
        worse = not there.decrement < best.decrement or there.value > best.value + 1e-9 * abs(best.value)
        if next_step is None or worse:
            break
        best, step = there, next_step
    return best


def _judge(risk: ModelRisk, theta: Vector, usual: Vector) -> tuple[Settled, Vector | None]:
    """The verdict at theta, and Newton's step from there."""
    here = Scaled.at(risk, theta)
    if here is None:
        return Settled(theta, math.inf, math.nan, math.nan, "R or a derivative of it is not a finite number"), None
    value = here.value
    R = np.linalg.qr(here.A, mode="r")
    singular = np.linalg.svd(R, compute_uv=False)
    if not singular[-1] > (risk.rows + risk.width) * EPS * singular[0]:
        smooth = risk.kernel.loss.smooth
        why = "J is singular: the parameters are not determined" if smooth else "phi' may jump, and Newton needs phi''"
        return Settled(theta, value, math.nan, math.nan, why), None
    inverse = np.linalg.inv(R)
    H = np.eye(len(R)) + inverse.T @ here.bend @ inverse
    values, vectors = np.linalg.eigh((H + H.T) / 2)
    g = inverse.T @ here.g
    if not values[0] > len(R) * EPS * values[-1]:
        least = float(values[0])
        why = f"lambda_min(H) = {least:.1e} in units of its Gauss-Newton part: no minimum there"
        return Settled(theta, value, math.nan, least, why), None
    along = vectors.T @ g
    decrement = float(np.linalg.norm(along / np.sqrt(values)))
    back = (inverse @ vectors) / here.D[:, None]
    step = -back @ (along / values)
    inverse = back / values @ back.T
    noise = _noise(risk, here, inverse)
    # What the data leave open of a parameter, for the squared loss its standard error.
    spread = np.sqrt(2.0 * abs(value) * np.diag(inverse) / risk.rows)
    reason = _open(step, noise, np.abs(theta), np.maximum(usual, spread))
    return Settled(theta, value, decrement, float(values[0]), reason), step


def _noise(risk: ModelRisk, here: Scaled, inverse: Matrix) -> Vector:
    """How far rounding of the gradient's terms moves the stationary point, (k,), the roundings being independent.

    `inverse` is H^-1: it meets each row's gradient before the rows are summed, so that nothing is bounded twice.
    """
    penalties = inverse * (risk.penalty * here.theta)
    moves = [np.linalg.norm(penalties, axis=1)]
    for local in risk.near(here.theta):
        sizes = np.abs(local.first) + np.abs(local.second) * np.abs(local.predictions)
        moves.append(np.linalg.norm((inverse @ local.J.T) * (sizes / risk.rows), axis=1))
    return np.asarray(ROUNDINGS * EPS * np.linalg.norm(moves, axis=0))


def _open(step: Vector, noise: Vector, sizes: Vector, usual: Vector) -> str:
    """What speaks against a stationary point; empty if nothing does."""
    moving = (np.abs(step) > SETTLED * sizes) & (np.abs(step) > noise)
    if moving.any():
        share = float(np.max(np.abs(step[moving]) / np.maximum(sizes[moving], np.finfo(float).tiny)))
        return f"Newton's next step would still change a parameter by {min(share, 1e300):.1e} of itself"
    if np.any(noise > BLURRED * np.maximum(sizes, usual)):
        return "rounding leaves a parameter with fewer than six digits"
    return ""
