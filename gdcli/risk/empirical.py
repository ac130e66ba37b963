"""The empirical risk R(theta) = (1/N) sum_i phi_i(f_theta(x_i)) + (1/2) sum_j lambda_j theta_j^2, whatever the model f.

A new model is a class with these members (`risk.models`); methods, runs and reports use nothing else.
"""

from __future__ import annotations

from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from gdcli.risk.losses import Loss

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Rows = NDArray[np.intp]


class EmpiricalRisk(Protocol):
    """R over N rows in k parameters."""

    @property
    def penalty(self) -> Vector:
        """lambda_j >= 0 for each parameter, (k,)."""

    @property
    def loss(self) -> Loss:
        """phi and what is proven of it."""

    @property
    def shown(self) -> tuple[str, str, str]:
        """phi, phi' and phi'' as texts."""

    @property
    def rows(self) -> int:
        """N."""

    @property
    def width(self) -> int:
        """k, the number of parameters."""

    def value(self, theta: Vector) -> float:
        """R(theta), one pass."""

    def gradient(self, theta: Vector) -> Vector:
        """grad R(theta), shape (k,)."""

    def value_and_gradient(self, theta: Vector) -> tuple[float, Vector]:
        """Both in one pass."""

    def row_gradient(self, theta: Vector, i: int) -> Vector:
        """grad phi_i(theta) + lambda theta, whose mean over i is grad R(theta)."""

    def batch_gradient(self, theta: Vector, rows: Rows) -> Vector:
        """The mean of the rows' gradients, shape (k,)."""

    def curvature(self, theta: Vector) -> Matrix:
        """The Hessian, shape (k, k)."""

    def tilted(self, extra: float) -> Self:
        """R + (extra/2) ||theta||^2, over all coordinates."""

    def gradient_noise(self, theta: Vector) -> float:
        """sigma^2 = (1/N) sum_i ||grad phi_i(theta)||^2 of the rows' gradients."""
