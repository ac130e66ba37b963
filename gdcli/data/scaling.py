"""Standardised columns, and the way back to the file's units: z = (x - mean)/scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gdcli.data.room import blocks, release, room
from gdcli.data.table import Floats


@dataclass(frozen=True, eq=False)
class Scaling:
    """z = (x - mean)/scale, columnwise: `mean` (d,) and `scale` (d,) > 0 in the file's units.

    constant: the indices of the columns that hold one value only.
    """

    mean: Floats
    scale: Floats
    constant: tuple[int, ...] = ()

    def to_file_units(self, theta: Floats, intercept: float | None) -> tuple[Floats, float | None]:
        """Return theta_j/scale_j and b - sum_j theta_j mean_j/scale_j: the same predictions from unscaled columns.

        Without an intercept (None) no column was centred, so None comes back.
        """
        # A diverged theta may hold infinities: they come out as infinities or nan, not as warnings.
        with np.errstate(over="ignore", invalid="ignore"):
            slopes = theta / self.scale
            if intercept is None:
                return slopes, None
            terms = [intercept, *(-slopes * self.mean).tolist()]
            finite = all(map(math.isfinite, terms))
            return slopes, math.fsum(terms) if finite else float(np.sum(terms))


def identity(d: int) -> Scaling:
    """Return the scaling that leaves d columns as they are."""
    return Scaling(np.zeros(d), np.ones(d))


def standardise(X: Floats, centre: bool, ones: bool = False) -> tuple[Floats, Scaling]:
    """Centre the columns of X (N, d) if asked and divide them by their root mean square: mean 0, RMS 1.

    A second pass corrects the mean by the mean of the residuals, so that columns of values 1e9 + small keep the
    digits of their small part; a power of two taken out of each column first keeps squares from overflow and
    underflow. A column that is constant (centred) or zero (not centred), or whose spread no normal double can hold,
    keeps scale 1 and becomes exact zeros.

    X may be a map of a file: every pass goes by blocks of rows, of which no more than some are in memory at a time.
    The result has `room` of its own, with a last column of ones where these are asked for.
    """
    N, d = X.shape
    low, high = _extremes(X)
    flat = low == high
    unit = _powers_of_two(np.maximum(np.abs(low), np.abs(high)))
    whole = room((N, d + ones))
    Z = whole[:, :d]
    total = np.zeros(d)
    for rows in blocks(X):
        np.divide(X[rows], unit, out=Z[rows])
        total += Z[rows].sum(axis=0)
    mean = np.zeros(d)
    if centre:
        mean = total / N
        mean += sum((Z[rows] - mean).sum(axis=0) for rows in blocks(Z)) / N
        mean[flat] = Z[0, flat]
    # Rounded differences are ordered as what they are of: the largest are those of the extremes.
    inner = _powers_of_two(np.maximum(np.abs(low / unit - mean), np.abs(high / unit - mean)))
    squares = np.zeros(d)
    for rows in blocks(Z):
        if centre:
            Z[rows] -= mean
        Z[rows] /= inner
        squares += (Z[rows] ** 2).sum(axis=0)
    rms = np.sqrt(squares / N)
    scale = rms * inner * unit
    flat |= scale < np.finfo(np.float64).tiny
    dead = flat if centre else scale < np.finfo(np.float64).tiny
    divisors = np.where(dead, 1.0, rms)
    for rows in blocks(Z):
        Z[rows] /= divisors
        if dead.any():
            Z[rows, dead] = 0.0
        whole[rows, d:] = 1.0
    scale[dead] = 1.0
    return whole, Scaling(mean * unit, scale, tuple(np.flatnonzero(flat).tolist()))


def with_ones(X: Floats) -> Floats:
    """Return X with a last column of ones, in `room` of its own."""
    N, d = X.shape
    whole = room((N, d + 1))
    for rows in blocks(X):
        whole[rows, :d] = X[rows]
        whole[rows, d:] = 1.0
    release(whole)
    return whole


def chosen(X: Floats, columns: Sequence[int]) -> Floats:
    """Return some columns of X, in `room` of their own."""
    whole = room((len(X), len(columns)))
    for rows in blocks(X):
        whole[rows] = X[rows][:, columns]
    release(whole)
    return whole


def _extremes(X: Floats) -> tuple[Floats, Floats]:
    low, high = X[0].copy(), X[0].copy()
    for rows in blocks(X):
        np.minimum(low, X[rows].min(axis=0), out=low)
        np.maximum(high, X[rows].max(axis=0), out=high)
    return low, high


def _powers_of_two(size: Floats) -> Floats:
    """Return 2^(e-1) <= size < 2^e where size > 0, and 1 elsewhere; never so small that dividing by it overflows."""
    exponent = np.maximum(np.frexp(size)[1] - 1, -1000)
    return np.where(size > 0, np.ldexp(1.0, exponent), 1.0)
