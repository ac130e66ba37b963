"""The sums that a run keeps of its step sizes, and the weights of its average."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]


class Tally:
    """Sums over the steps so far, as `values`: of the weights w_t of the average, of eta_t and of eta_t^2.

    w_t = base + eta_t (unit - c eta_t L_max): with unit = 1 and c = 1 + 1/b the weights for which the average has a
    bound (Garrigos and Gower's handbook), with c = 0 eta_t itself; with unit = 0 too `base` alone, 0 for no average.
    A loop changes the first three of the values.
    """

    def __init__(
        self, weight: float, total: float, squares: float, unit: float, c: float, L_max: float, base: float = 0.0
    ) -> None:
        self.values: Vector = np.array([weight, total, squares, unit, c, L_max, base])

    @property
    def sums(self) -> tuple[float, float, float]:
        """Those of w, of eta and of eta^2."""
        weight, total, squares = self.values[:3].tolist()
        return weight, total, squares

    def ratios(self, etas: Vector) -> Vector:
        """w_t over the sum of the weights up to it, for the coming steps; 0 while that is not positive."""
        shares = self._shares(etas)
        weights = running(self.values[0], shares)
        return np.divide(shares, weights, out=np.zeros(len(etas)), where=weights > 0.0)

    def ratio(self, eta: float) -> float:
        """The same of one step, which is taken."""
        unit, c, L_max, base = self.values[3:].tolist()
        share = base + eta * (unit - c * eta * L_max)
        self.values[:3] += (share, eta, eta * eta)
        weight = float(self.values[0])
        return share / weight if weight > 0.0 else 0.0

    def take(self, etas: Vector) -> None:
        """Add these steps, one after the other."""
        if len(etas):
            terms = (self._shares(etas), etas, etas * etas)
            self.values[:3] = [running(start, term)[-1] for start, term in zip(self.values, terms, strict=False)]

    def _shares(self, etas: Vector) -> Vector:
        unit, c, L_max, base = self.values[3:].tolist()
        return np.asarray(base + etas * (unit - c * etas * L_max))


def running(start: float, terms: Vector) -> Vector:
    """start + terms_0, start + terms_0 + terms_1, ..., added from the left."""
    sums = np.array(terms)
    sums[:1] += start
    return np.asarray(np.add.accumulate(sums, out=sums))
