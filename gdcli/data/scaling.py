"""Standardised columns, and the way back to the file's units: z = (x - mean)/scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from gdcli.data.room import blocks, release, room
from gdcli.data.table import Floats


@dataclass(frozen=True, eq=False)
class Scaling:
    """z = (x - mean)/scale, columnwise: `mean` (d,) and `scale` (d,) > 0 in the file's units.

    constant: the indices of the columns that became zeros, or ones; lost: those of them that hold more than one value
    (not centred, another than 0), so little apart that no normal double can hold it.
    """

    mean: Floats
    scale: Floats
    constant: tuple[int, ...] = ()
    lost: tuple[int, ...] = ()

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


@dataclass(frozen=True, eq=False)
class Steps:
    """z = ((x/unit - mean)/inner)/rms, columnwise: a column's size as a power of two taken out first, then its mean,
    then that of what is left, then its root mean square, so that no square overflows or vanishes.

    `dead` columns become zeros: they hold one value (`flat`), or their spread is beyond the normal doubles.
    """

    low: Floats
    high: Floats
    unit: Floats
    mean: Floats
    rms: Floats
    flat: npt.NDArray[np.bool_]
    dead: npt.NDArray[np.bool_]
    lost: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, low: Floats, high: Floats) -> Steps:
        """For columns between `low` and `high`, their mean and root mean square still to come."""
        flat = low == high
        unit = _powers_of_two(np.maximum(np.abs(low), np.abs(high)))
        return cls(
            low, high, unit, np.zeros(len(low)), np.ones(len(low)), flat, np.zeros_like(flat), np.zeros_like(flat)
        )

    def centred(self, mean: Floats) -> Steps:
        """With the mean of x/unit; that of a column of one value is the value."""
        return replace(self, mean=np.where(self.flat, self.low / self.unit, mean))

    def scaled(self, rms: Floats, centre: bool) -> Steps:
        """With the root mean square of (x/unit - mean)/inner."""
        tiny = rms * self.inner * self.unit < np.finfo(np.float64).tiny
        flat = self.flat | tiny
        lost = tiny & (~self.flat if centre else (self.low != 0) | (self.high != 0))
        return replace(self, rms=rms, flat=flat, dead=flat if centre else tiny, lost=lost)

    @cached_property
    def inner(self) -> Floats:
        """Rounded differences are ordered as what they are of: the largest are those of the extremes."""
        low, high = (np.abs(end / self.unit - self.mean) for end in (self.low, self.high))
        return _powers_of_two(np.maximum(low, high))

    @property
    def scaling(self) -> Scaling:
        """What becomes of the columns, in the file's units."""
        scale = np.where(self.dead, 1.0, self.rms * self.inner * self.unit)
        constant, lost = (tuple(np.flatnonzero(which).tolist()) for which in (self.flat, self.lost))
        return Scaling(self.mean * self.unit, scale, constant, lost)


def standardise(X: Floats, centre: bool, ones: bool = False) -> tuple[Floats, Scaling]:
    """Centre the columns of X (N, d) if asked and divide them by their root mean square: mean 0, RMS 1.

    A second pass corrects the mean by the mean of the residuals, so that columns of values 1e9 + small keep the
    digits of their small part. A column that is constant (centred) or zero (not centred), or whose spread no normal
    double can hold, keeps scale 1 and becomes exact zeros.

    X may be a map of a file: every pass goes by blocks of rows, of which no more than some are in memory at a time.
    The result has `room` of its own, with a last column of ones where these are asked for.
    """
    steps = Steps.of(*extremes(X))
    if centre:
        mean = sums(X, steps.unit) / len(X)
        steps = steps.centred(mean + residuals(X, steps.unit, mean) / len(X))
    steps = steps.scaled(np.sqrt(squares(X, steps) / len(X)), centre)
    return applied(X, steps, ones), steps.scaling


def extremes(X: Floats) -> tuple[Floats, Floats]:
    """Return the least and the greatest value of each column."""
    low, high = X[0].copy(), X[0].copy()
    for rows in blocks(X):
        np.minimum(low, X[rows].min(axis=0), out=low)
        np.maximum(high, X[rows].max(axis=0), out=high)
    return low, high


def sums(X: Floats, unit: Floats) -> Floats:
    """Return the sums of x/unit."""
    total = np.zeros(X.shape[1])
    for rows in blocks(X):
        total += (X[rows] * (1.0 / unit)).sum(axis=0)
    return total


def residuals(X: Floats, unit: Floats, mean: Floats) -> Floats:
    """Return the sums of x/unit - mean."""
    total = np.zeros(X.shape[1])
    for rows in blocks(X):
        total += (X[rows] * (1.0 / unit) - mean).sum(axis=0)
    return total


def squares(X: Floats, steps: Steps) -> Floats:
    """Return the sums of ((x/unit - mean)/inner)^2."""
    total = np.zeros(X.shape[1])
    for rows in blocks(X):
        total += (_inside(X[rows], steps) ** 2).sum(axis=0)
    return total


def applied(X: Floats, steps: Steps, ones: bool) -> Floats:
    """Return the standardised columns, in `room` of their own, with a last column of ones if asked."""
    N, d = X.shape
    whole = room((N, d + ones))
    divisors = np.where(steps.dead, 1.0, steps.rms)
    for rows in blocks(X):
        np.divide(_inside(X[rows], steps), divisors, out=whole[rows, :d])
        if steps.dead.any():
            whole[rows, :d][:, steps.dead] = 0.0
        whole[rows, d:] = 1.0
    release(whole)
    return whole


def _inside(X: Floats, steps: Steps) -> Floats:
    """(x/unit - mean)/inner: products with the inverses of powers of two round nothing, and are quicker."""
    Z = X * (1.0 / steps.unit)
    Z -= steps.mean
    Z *= 1.0 / steps.inner
    return Z


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


def _powers_of_two(size: Floats) -> Floats:
    """Return 2^(e-1) <= size < 2^e where size > 0, and 1 elsewhere; never so small that dividing by it overflows."""
    exponent = np.maximum(np.frexp(size)[1] - 1, -1000)
    return np.where(size > 0, np.ldexp(1.0, exponent), 1.0)
