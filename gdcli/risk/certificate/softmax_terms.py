"""The numbers that the softmax certificate adds up, each with a bound on its rounding.

Rounding moves the predictions of row i by at most w_i each: every odds e^{z_k - z_l} then changes by a factor within
e^{+-2 w_i}, so a probability, or 1 minus one, changes by at most e^{2 w_i} - 1 of itself, and phi by at most
(1 - s_y)(e^{2 w_i} - 1).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gdcli.risk.certificate.taylor import NODES, WEIGHTS
from gdcli.risk.empirical import Matrix, Vector
from gdcli.risk.models.softmax import SoftmaxRisk
from gdcli.risk.models.softmax_kernel import Pairs, Softmax

EPS = float(np.finfo(float).eps)
# What underflow may hide of one class in one row.
HIDDEN = float(np.finfo(float).tiny)


@dataclass(frozen=True)
class Term:
    """A number and a bound on its error."""

    value: float
    error: float


@dataclass(frozen=True)
class Terms:
    """Numbers and a bound on the error of each."""

    value: Vector
    error: Vector


@dataclass(frozen=True)
class Step:
    """The way from theta_hat to theta_hat + d: the predictions Z and their change delta = X d, both (K, N).

    Each of a row's Z is known up to `wobble`, each of its delta up to `blur`, (N,), their differences included.
    """

    d: Vector
    Z: Matrix
    delta: Matrix
    wobble: Vector
    blur: Vector

    @property
    def range(self) -> float:
        """The widest max_k delta_ik - min_k delta_ik."""
        return float(np.max(np.ptp(self.delta, axis=0)))


def step_between(risk: SoftmaxRisk, theta: Vector, d: Vector) -> Step:
    """From the double theta to theta + d."""
    Z, delta = (risk.matrix(at) @ risk.X.T for at in (theta, d))
    return Step(d, Z, delta, _wobble(risk, theta), _wobble(risk, d))


def value_rounding(risk: SoftmaxRisk, theta: Vector) -> float:
    """A bound on the rounding of R(theta): of the predictions, of phi at them, and of the sum."""
    here = risk.at(theta)
    wobble = _wobble(risk, theta)
    spread = _moved(here.missed, wobble, 2.0 * wobble) + _noise(risk) * here.values + risk.classes * HIDDEN
    return float(np.mean(spread)) + _noise(risk) * float(0.5 * (risk.penalty * theta) @ theta)


def residual_gradient(risk: SoftmaxRisk, theta: Vector) -> Terms:
    """grad R with pairwise sums, (K k,)."""
    slopes = risk.at(theta).slopes
    columns = np.ascontiguousarray(risk.X.T)
    sums = np.array([(columns * slope).sum(axis=1) for slope in slopes])
    sizes = np.abs(slopes)
    spread = _moved(sizes, _wobble(risk, theta), 1.0) + _noise(risk) * sizes + HIDDEN
    error = (spread @ np.abs(risk.X)).ravel() / risk.rows + 4 * EPS * risk.penalty * np.abs(theta)
    return Terms(sums.ravel() / risk.rows + risk.penalty * theta, error)


def remainder(risk: SoftmaxRisk, step: Step) -> Term:
    """B on the way, by 8-point Gauss-Legendre on panels of range at most 1."""
    curved, tails = _mean_variance(risk, step.Z, step.delta)
    value = float(np.mean(curved)) + 0.5 * float((risk.penalty * step.d) @ step.d)
    spread = _moved(curved, step.wobble + step.blur, np.ptp(step.delta, axis=0) ** 2)
    # sqrt(Var) is a seminorm, and that of a vector of entries up to w is at most 2 w sqrt(1 - the largest s_k).
    spread += 4.0 * step.blur * np.sqrt(curved * tails) + 4.0 * step.blur**2 * tails + risk.classes * HIDDEN
    return Term(value, _noise(risk) * value + float(np.mean(spread)))


def excess(risk: SoftmaxRisk, core: SoftmaxRisk, theta: Vector) -> Term:
    """R(theta) - R_core(theta) = (1/N) sum_i log(1 + odds of the classes that the core leaves out)."""
    if core.active is None:
        return Term(0.0, 0.0)
    Z = risk.matrix(theta) @ risk.X.T
    odds = _logsumexp(Z, ~core.active) - _logsumexp(Z, core.active)
    values = np.maximum(odds, 0.0) + np.log1p(np.exp(-np.abs(odds)))
    wobble = _wobble(risk, theta)
    spread = _moved(values, wobble, 2.0 * wobble) + _noise(risk) * values + risk.classes * HIDDEN
    return Term(float(np.mean(values)), float(np.mean(spread)))


def _mean_variance(risk: SoftmaxRisk, Z: Matrix, delta: Matrix) -> tuple[Vector, Vector]:
    """integral_0^1 (1-t) Var dt and integral_0^1 (1-t) (1 - max_k s_k) dt, row by row."""
    panels = max(1, math.ceil(float(np.max(np.ptp(delta, axis=0)))))
    curved, tails = np.zeros(risk.rows), np.zeros(risk.rows)
    for panel in range(panels):
        for node, weight in zip(NODES, WEIGHTS, strict=True):
            t = (panel + (node + 1) / 2) / panels
            variance, tail = _variance(Softmax.at(Z + t * delta, risk.y, risk.active), delta)
            curved += weight / (2 * panels) * (1 - t) * variance
            tails += weight / (2 * panels) * (1 - t) * tail
    return curved, tails


def _variance(here: Softmax, delta: Matrix) -> tuple[Vector, Vector]:
    """Var_s(delta_i), measured from the leading class so that no digits cancel, and 1 minus that class's s_k."""
    leader = (here.P.argmax(axis=0), np.arange(len(here.y)))
    others = here.P.copy()
    others[leader] = 0.0
    tail = others.sum(axis=0)
    from_leader = delta - delta[leader]
    mean = (others * from_leader).sum(axis=0)
    return (others * (from_leader - mean) ** 2).sum(axis=0) + here.P[leader] * mean**2, tail


def _logsumexp(Z: Matrix, pairs: Pairs) -> Vector:
    """log sum exp z_k over the classes in `pairs`, -inf where there is none."""
    kept = np.where(pairs, Z, -np.inf)
    top = np.maximum(kept.max(axis=0), -np.finfo(float).max)
    with np.errstate(divide="ignore"):
        return np.asarray(top + np.log(np.exp(kept - top).sum(axis=0)))


def _wobble(risk: SoftmaxRisk, theta: Vector) -> Vector:
    """w_i: what rounding does to a prediction of row i and to its distance from another, (N,)."""
    sizes = np.abs(risk.matrix(theta)) @ np.abs(risk.X).T
    return np.asarray((risk.X.shape[1] + 6) * EPS * sizes.max(axis=0))


def _moved(values: Matrix, wobble: Vector, most: Vector | float) -> Matrix:
    """What the wobble does to values that change by (e^{2w} - 1) of themselves; `most` where w is no small number."""
    twice = 2.0 * wobble
    return np.where(twice < 1.0, values * np.expm1(np.minimum(twice, 1.0)), most)


def _noise(risk: SoftmaxRisk) -> float:
    """Relative rounding of what is made of K exponentials and summed over N rows, pairwise or in blocks."""
    return (40 + 2 * risk.classes + math.log2(risk.rows + 1)) * EPS
