"""What the constants of a linear model ask of its rows beside X^T X: largest and smallest, row by row."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gdcli.kernels.cache import derived
from gdcli.kernels.interpret import arrays
from gdcli.risk.empirical import Vector
from gdcli.risk.losses import LossKernel
from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.passes import lengths, longest_square


@dataclass(frozen=True, slots=True)
class Extent:
    """Of some rows x_i with targets y_i: `square` max ||x_i||^2, where phi'' or phi is bounded; `longest` max ||x_i||
    and `inside` the same of the penalised coordinates, where phi' is; `nonnegative`: phi is proven >= 0; `offset`:
    sum b(y_i), where phi'' <= a phi + b(y). What the loss asks for no use of is 0.
    """

    square: float
    longest: float
    inside: float
    nonnegative: bool
    offset: float


def extent(risk: LinearRisk) -> Extent:
    """That of all rows of a risk."""
    loss, X, penalised = risk.loss, risk.X, risk.penalty > 0.0
    bent, steep = math.isfinite(loss.curvature) or loss.growth is not None, math.isfinite(loss.lipschitz)
    longest = float(np.max(lengths(X))) if steep else 0.0
    some = steep and penalised.any()
    return Extent(
        square=longest_square(X) if bent else 0.0,
        longest=longest,
        inside=(longest if penalised.all() else float(np.max(lengths(X[:, penalised])))) if some else 0.0,
        nonnegative=all(_nonnegative(part.kernel, part.y) for _, part in risk.parts()),
        offset=_offset(loss.growth.offset, risk.y) if loss.growth is not None else 0.0,
    )


def wider(first: Extent, second: Extent) -> Extent:
    """That of the rows of both."""
    return Extent(
        square=max(first.square, second.square),
        longest=max(first.longest, second.longest),
        inside=max(first.inside, second.inside),
        nonnegative=first.nonnegative and second.nonnegative,
        offset=first.offset + second.offset,
    )


def _nonnegative(kernel: LossKernel, y: Vector) -> bool:
    """Whether phi >= 0 for every row: on the whole line by ranges, or phi(y, y) >= 0 is the least of a convex phi."""
    least = kernel.over[0](np.full_like(y, -np.inf), np.full_like(y, np.inf), y)[0]
    # Outward rounding takes the square of 0 to the least double below it.
    at_rest = kernel.loss.convex & (kernel.first(y, y) == 0.0) & (kernel.value(y, y) >= 0.0)
    return bool(np.all((least >= -np.finfo(float).tiny) | at_rest))


def _offset(formula: str, y: Vector) -> float:
    return float(np.sum(arrays(derived(formula, ("y",)))[0](y)))
