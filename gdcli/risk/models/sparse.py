"""A linear model with an L1 term: F(theta) = R(theta) + sum_j w_j |theta_j|, R smooth (Tibshirani, 1996)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gdcli.risk.empirical import Matrix, Rows, Vector
from gdcli.risk.losses import Loss
from gdcli.risk.models.linear import LinearRisk


@dataclass(frozen=True)
class SparseRisk:
    """F, with `smooth` for R, whose own penalty is the L2 term, and `pull` for w_j >= 0 (k,): lambda_1, or 0.

    F has corners where some theta_j = 0. `gradient` is there the shortest subgradient, which is 0 exactly at a
    minimiser; a step of `prox` needs that of `smooth` alone.
    """

    smooth: LinearRisk
    pull: Vector

    @property
    def X(self) -> Matrix:
        """The rows, (N, k)."""
        return self.smooth.X

    @property
    def penalty(self) -> Vector:
        """lambda_j of the L2 term."""
        return self.smooth.penalty

    @property
    def loss(self) -> Loss:
        """phi and what is proven of it."""
        return self.smooth.loss

    @property
    def shown(self) -> tuple[str, str, str]:
        """phi, phi' and phi'' as texts."""
        return self.smooth.shown

    @property
    def rows(self) -> int:
        """N."""
        return self.smooth.rows

    @property
    def width(self) -> int:
        """k, the number of parameters."""
        return self.smooth.width

    def norm(self, theta: Vector) -> float:
        """sum_j w_j |theta_j|."""
        return float(self.pull @ np.abs(theta))

    def prox(self, theta: Vector, eta: float) -> Vector:
        """argmin_v [norm(v) + ||v - theta||^2/(2 eta)]: each theta_j is drawn eta w_j towards 0, at most to 0."""
        # 0.0 more makes -0.0 a plain 0.
        return np.asarray(np.sign(theta) * np.maximum(np.abs(theta) - eta * self.pull, 0.0) + 0.0)

    def shortest(self, theta: Vector, slopes: Vector) -> Vector:
        """The shortest subgradient of F at theta, for slopes = grad R(theta)."""
        at_zero = np.sign(slopes) * np.maximum(np.abs(slopes) - self.pull, 0.0)
        return np.where(theta == 0.0, at_zero, slopes + self.pull * np.sign(theta))

    def value(self, theta: Vector) -> float:
        """F(theta), one pass."""
        return self.smooth.value(theta) + self.norm(theta)

    def gradient(self, theta: Vector) -> Vector:
        """The shortest subgradient of F, shape (k,)."""
        return self.shortest(theta, self.smooth.gradient(theta))

    def value_and_gradient(self, theta: Vector) -> tuple[float, Vector]:
        """Both in one pass."""
        value, slopes = self.smooth.value_and_gradient(theta)
        return value + self.norm(theta), self.shortest(theta, slopes)

    def row_gradient(self, theta: Vector, i: int) -> Vector:
        """A subgradient of the row's own F_i = phi_i + norm, whose mean over i is one of F."""
        return self.smooth.row_gradient(theta, i) + self.pull * np.sign(theta)

    def batch_gradient(self, theta: Vector, rows: Rows) -> Vector:
        """The mean of the rows' subgradients, shape (k,)."""
        return self.smooth.batch_gradient(theta, rows) + self.pull * np.sign(theta)

    def curvature(self, theta: Vector) -> Matrix:
        """The Hessian of R, shape (k, k)."""
        return self.smooth.curvature(theta)

    def tilted(self, extra: float) -> SparseRisk:
        """F + (extra/2) ||theta||^2, over all coordinates."""
        return replace(self, smooth=self.smooth.tilted(extra))

    def gradient_noise(self, theta: Vector) -> float:
        """(1/N) sum_i ||grad phi_i(theta)||^2, without the L1 term."""
        return self.smooth.gradient_noise(theta)
