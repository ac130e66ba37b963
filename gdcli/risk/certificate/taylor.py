"""Taylor's remainder around theta_hat, whose terms are all >= 0 (THEORY, section 2).

The difference of two floats is noise from about 1e-16 R* on. With d = theta - theta_hat and delta = X d,

    R(theta) - R(theta_hat) = B + g . d,
    B = (1/N) sum_i integral_0^1 (1-t) phi''(z_i + t delta_i) dt delta_i^2 + (lambda/2) ||d||^2,

loses no digits however close theta is. The integral takes |phi'''| <= s phi''.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from gdcli.risk.empirical import Vector
from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.passes import absolute

EPS = float(np.finfo(float).eps)
# Gauss-Legendre with 8 points on [-1, 1]; numpy would compute them in a package of its own.
_HALF = (0.18343464249564978, 0.525532409916329, 0.7966664774136267, 0.9602898564975362)
_SHARES = (0.36268378337836166, 0.3137066458778869, 0.22238103445337443, 0.10122853629037706)
NODES = np.array([*(-node for node in reversed(_HALF)), *_HALF])
WEIGHTS = np.array([*reversed(_SHARES), *_SHARES])


class Part(NamedTuple):
    """Some rows: their predictions z at theta_hat, known to `noise`, and delta = X d, known to `blur`."""

    core: LinearRisk
    z: Vector
    noise: Vector
    delta: Vector
    blur: Vector


def parts(core: LinearRisk, theta: Vector, d: Vector) -> Iterator[Part]:
    """All rows, for theta_hat = theta and d as they are."""
    for _, part in core.parts():
        noise, blur = rounding_of_predictions(part, theta), rounding_of_predictions(part, d)
        yield Part(part, part.X @ theta, noise, part.X @ d, blur)


def remainder(core: LinearRisk, d: Vector, rows: Iterable[Part]) -> tuple[float, float]:
    """B and a bound on its error."""
    return with_penalty(core.penalty, core.rows, d, np.sum([terms(part) for part in rows], axis=0))


def terms(part: Part) -> Vector:
    """The sums over some rows that B is made of: its terms, and what blurred deltas and moved z add to its error."""
    weights = _mean_curvature(part.core, part.z, part.delta)
    found = weights * part.delta * part.delta
    blurred = weights * (2 * np.abs(part.delta) + part.blur) * part.blur
    # What rounding did to z moves phi''(z) by |phi'''| <= s phi'', and so does the rounding of z + t delta.
    size = part.noise + 2 * EPS * (np.abs(part.z) + np.abs(part.delta))
    moved = part.core.kernel.loss.concordance * size * found
    return np.array([np.sum(found), np.sum(blurred), np.sum(moved)])


def with_penalty(penalty: Vector, rows: int, d: Vector, sums: Vector) -> tuple[float, float]:
    """B and a bound on its error from the sums of `terms` over all N = `rows`."""
    total, blurred, moved = sums.tolist()
    value = total / rows + 0.5 * float((penalty * d) @ d)
    error = (16 * EPS + noise_of_sums(rows)) * value
    return value, error + blurred / rows + moved / rows


def noise_of_sums(n: int) -> float:
    """Relative rounding of a sum of n terms of one sign, pairwise or in blocks."""
    return (20 + math.log2(n + 1)) * EPS


def rounding_of_predictions(core: LinearRisk, theta: Vector) -> Vector:
    """A bound on the rounding of each x_i . theta."""
    noise = absolute(core.X, np.abs(theta))
    noise *= (core.width + 2) * EPS
    return noise


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
