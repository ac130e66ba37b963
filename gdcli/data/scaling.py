"""Standardised columns, and the way back to the file's units: z = (x - mean)/scale."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


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


def standardise(X: Floats, centre: bool) -> tuple[Floats, Scaling]:
    """Centre the columns of X (N, d) if asked and divide them by their root mean square: mean 0, RMS 1.

    A second pass corrects the mean by the mean of the residuals, so that columns of values 1e9 + small keep the
    digits of their small part; a power of two taken out of each column first keeps squares from overflow and
    underflow. A column that is constant (centred) or zero (not centred), or whose spread no normal double can hold,
    keeps scale 1 and becomes exact zeros.
    """
    low, high = X.min(axis=0), X.max(axis=0)
    flat = low == high
    unit = _powers_of_two(np.maximum(np.abs(low), np.abs(high)))
    Z = X / unit
    mean = np.zeros(X.shape[1])
    if centre:
        mean = Z.mean(axis=0)
        mean += (Z - mean).mean(axis=0)
        mean[flat] = Z[0, flat]
        Z -= mean
    rms, inner = _rms(Z)
    scale = rms * inner * unit
    flat |= scale < np.finfo(np.float64).tiny
    dead = flat if centre else scale < np.finfo(np.float64).tiny
    Z /= np.where(dead, 1.0, inner)
    Z /= np.where(dead, 1.0, rms)
    Z[:, dead] = 0.0
    scale[dead] = 1.0
    return np.ascontiguousarray(Z), Scaling(mean * unit, scale, tuple(np.flatnonzero(flat).tolist()))


def _rms(Z: Floats) -> tuple[Floats, Floats]:
    """Return (rms, unit) per column: rms of Z/unit, the unit a power of two that keeps the squares in range."""
    unit = _powers_of_two(np.abs(Z).max(axis=0))
    return np.sqrt(np.mean((Z / unit) ** 2, axis=0)), unit


def _powers_of_two(size: Floats) -> Floats:
    """Return 2^(e-1) <= size < 2^e where size > 0, and 1 elsewhere; never so small that dividing by it overflows."""
    exponent = np.maximum(np.frexp(size)[1] - 1, -1000)
    return np.where(size > 0, np.ldexp(1.0, exponent), 1.0)
