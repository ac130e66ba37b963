"""What a part of the rows adds to the sums that R, its optimum and its certificate are made of.

A part is a LinearRisk of its own rows, whose penalty is that of all and is in no sum. These functions run where the
rows are; what overflows there is infinite, and what follows from it is told by whoever asked.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from gdcli.data.room import blocks
from gdcli.kernels.ball import Ball
from gdcli.kernels.balls import balls
from gdcli.risk.certificate import dual, smooth, taylor
from gdcli.risk.certificate.exact import product, total
from gdcli.risk.empirical import Matrix, Vector
from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.optimum.separation import separates_all
from gdcli.risk.optimum.smooth import prediction
from gdcli.risk.passes import lengths, transposed, triangle, weighted_gram

Sums = tuple[NDArray[np.float64] | float, ...]
# Rows of a product at a time, as in `passes`.
PRODUCT = 1024


@np.errstate(all="ignore")
def sums(part: LinearRisk, theta: Vector) -> Sums:
    """sum phi_i and sum phi'_i x_i."""
    return part.sums(theta)


@np.errstate(all="ignore")
def drawn(part: LinearRisk, rows: NDArray[np.intp], theta: Vector) -> Sums:
    """sum phi'_i x_i over the rows that were drawn, each as often as it was."""
    x = part.X[rows]
    return (part.kernel.first(x @ theta, part.y[rows]) @ x,)


@np.errstate(all="ignore")
def steepness(part: LinearRisk, theta: Vector) -> Sums:
    """sum phi'_i^2."""
    return (sum(float(np.sum(block.kernel.first(block.X @ theta, block.y) ** 2)) for _, block in part.parts()),)


@np.errstate(all="ignore")
def squared_gradients(part: LinearRisk, theta: Vector, pull: Vector) -> Sums:
    """sum ||phi'_i x_i + pull||^2."""
    return (part.squared_gradients(theta, pull),)


@np.errstate(all="ignore")
def squares(part: LinearRisk) -> Sums:
    """X^T X."""
    return (part.squares,)


@np.errstate(all="ignore")
def root(part: LinearRisk) -> Matrix:
    """R of X = QR."""
    return triangle(part.X)


@np.errstate(all="ignore")
def below(first: Matrix, second: Matrix) -> Matrix:
    """R of the rows of both, from the R of each."""
    return np.asarray(np.linalg.qr(np.vstack([first, second]), mode="r"))


@np.errstate(all="ignore")
def curvature(part: LinearRisk, theta: Vector) -> Sums:
    """X^T diag(phi'') X."""
    return (weighted_gram(part.X, part.weights(part.predictions(theta))),)


@np.errstate(all="ignore")
def bend(part: LinearRisk, theta: Vector, basis: Matrix) -> Sums:
    """(X W)^T diag(phi'') (X W) for W = `basis`: X W is well conditioned whatever X is."""
    return (_bend(part, part.weights(part.predictions(theta)), basis),)


@np.errstate(all="ignore")
def aimed(part: LinearRisk, theta: Vector) -> Sums:
    """X^T (p - X theta), p being the targets, or predictions near which the loss of classes and counts is curved."""
    aim = part.y if part.loss.target == "real" else prediction(part)
    return (transposed(part.X, aim - part.predictions(theta)),)


def separated(part: LinearRisk, theta: Vector) -> bool:
    """Whether all margins are positive beyond doubt."""
    return separates_all(part, theta, part.predictions(theta))


def largest_bend(part: LinearRisk, theta: Vector) -> float:
    """max phi''_i ||x_i||^2."""
    return float(np.max(np.abs(part.weights(part.predictions(theta))) * lengths(part.X) ** 2))


@np.errstate(all="ignore")
def values(part: LinearRisk, theta: Vector, noise: float) -> Sums:
    """sum phi_i, and a bound on its rounding."""
    return smooth.value_terms(part, theta, noise)


@np.errstate(all="ignore")
def accurate_values(part: LinearRisk, theta: Vector) -> Sums:
    """sum phi_i by terms of 30 digits, a bound on its error, and its size."""
    phi = balls(part.kernel.derived)[0]
    found = sum((total(phi(product(block.X, Ball(theta)), block.y)) for _, block in part.parts()), start=Ball(0.0))
    return float(found.high), float(found.radius + np.abs(found.low)), abs(float(found.high))


@np.errstate(all="ignore")
def slopes(part: LinearRisk, theta: Vector, rows: int) -> Sums:
    """sum phi'_i x_i, and a bound on its rounding as a part of a sum over so many `rows`."""
    return smooth.slope_terms(part, theta, rows)


@np.errstate(all="ignore")
def remainder(part: LinearRisk, theta: Vector, d: Vector) -> Sums:
    """The sums of Taylor's remainder at theta + d around theta; infinite where it would take many panels."""
    deltas = (block.X @ d for _, block in part.parts())
    if not smooth.is_short(part, deltas):
        return (np.full(3, math.inf),)
    return (np.sum([taylor.terms(rows) for rows in taylor.parts(part, theta, d)], axis=0),)


@np.errstate(all="ignore")
def longest(part: LinearRisk, half: Matrix) -> float:
    """max ||x_i^T Q||."""
    return float(np.max(lengths(part.X, half)))


@np.errstate(all="ignore")
def sloped(part: LinearRisk, theta: Vector, trust: dual.Trust) -> Sums:
    """X^T X of the rows that may have a curvature or a slope within reach of z_i, and the number of the others."""
    z, rho = _reached(part, theta, trust)
    marked = dual.sloped_rows(part, z, rho, _least(part, z, rho, trust))
    return weighted_gram(part.X, marked.astype(np.float64)), float(np.count_nonzero(~marked))


@np.errstate(all="ignore")
def least_bend(part: LinearRisk, theta: Vector, trust: dual.Trust, basis: Matrix) -> Sums:
    """(X W)^T diag(m) (X W), m_i the least curvature within the row's reach."""
    z, rho = _reached(part, theta, trust)
    return (_bend(part, _least(part, z, rho, trust), basis),)


@np.errstate(all="ignore")
def holds(part: LinearRisk, theta: Vector, trust: dual.Trust, half: Matrix, nu: float) -> bool:
    """Whether no row reaches farther by (half, nu) than it was trusted to."""
    _, rho = _reached(part, theta, trust)
    return bool(np.all(dual.reach(part, half, nu, taylor.rounding_of_predictions(part, theta)) <= rho))


def _reached(part: LinearRisk, theta: Vector, trust: dual.Trust) -> tuple[Vector, Vector]:
    """The predictions, and how far from each is looked: its rounding, and as far as is trusted."""
    wobble = taylor.rounding_of_predictions(part, theta)
    return part.predictions(theta), wobble if trust is None else dual.reach(part, *trust, wobble)


def _least(part: LinearRisk, z: Vector, rho: Vector, trust: dual.Trust) -> Vector:
    return part.weights(z) if trust is None else dual.least_curvature(part, z, rho)


def _bend(part: LinearRisk, weights: Vector, basis: Matrix) -> Matrix:
    total = np.zeros((basis.shape[1], basis.shape[1]))
    for rows in blocks(part.X, PRODUCT):
        U = part.X[rows] @ basis
        total += (U * weights[rows, None]).T @ U
    return total
