"""Full gradients of the squared loss, which after a few passes cost the same whatever the number of rows is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gdcli.risk.apart.risk import ApartRisk
from gdcli.risk.empirical import Vector
from gdcli.risk.models.linear import LinearRisk

# theta -> R(theta) and grad R(theta).
Pass = Callable[[Vector], tuple[float, Vector]]
# From so many numbers on X^T X is worth having.
MANY = 1 << 17


def passes_before(risk: LinearRisk | ApartRisk) -> int | None:
    """After how many passes X^T X, which costs about as many, is made; None where it does not pay."""
    pays = risk.loss.name == "squared" and risk.rows * risk.width >= MANY and risk.rows > 4 * risk.width
    return 6 + risk.width // 4 if pays else None


class Quadratic:
    """`one_pass` for some calls, then R(c + d) = R(c) + g . d + d . H d/2, grad R(c + d) = g + H d around `centre` c.

    H = X^T X/N + diag(lambda). This is exact, and with c at the optimum g is tiny and nothing cancels: the rounding is
    that of a pass.
    """

    def __init__(self, risk: LinearRisk | ApartRisk, one_pass: Pass, centre: Vector, passes: int) -> None:
        self._risk = risk
        self._pass = one_pass
        self._centre = centre
        self._left = passes
        self._at_centre: tuple[float, Vector, Vector] | None = None

    def __call__(self, theta: Vector) -> tuple[float, Vector]:
        """R(theta) and grad R(theta)."""
        if self._left > 0:
            self._left -= 1
            return self._pass(theta)
        if self._at_centre is None:
            hessian = self._risk.squares / self._risk.rows + np.diag(self._risk.penalty)
            self._at_centre = (*self._pass(self._centre), hessian)
        value, gradient, hessian = self._at_centre
        d = theta - self._centre
        bent = hessian @ d
        return value + float(gradient @ d) + 0.5 * float(d @ bent), gradient + bent
