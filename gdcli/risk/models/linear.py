"""The linear model p_i = x_i . theta: R(theta) = (1/N) sum_i phi(x_i . theta, y_i) + (1/2) sum_j lambda_j theta_j^2."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gdcli.risk.empirical import Matrix, Vector
from gdcli.risk.losses import Loss, LossKernel
from gdcli.risk.optimum.whiten import Whitening, weighted_gram, whiten


@dataclass(frozen=True)
class LinearRisk:
    """R over rows X (N, k), the intercept's column of ones included, and targets y (N,).

    `penalty` (k,) holds lambda for each penalised coordinate and 0 for the others (the intercept).
    """

    X: Matrix
    y: Vector
    kernel: LossKernel
    penalty: Vector

    @property
    def loss(self) -> Loss:
        """phi and what is proven of it."""
        return self.kernel.loss

    @property
    def shown(self) -> tuple[str, str, str]:
        """phi, phi' and phi'' as texts."""
        return self.kernel.shown

    @property
    def rows(self) -> int:
        """N."""
        return int(self.X.shape[0])

    @property
    def width(self) -> int:
        """k, the number of parameters."""
        return int(self.X.shape[1])

    @cached_property
    def whitening(self) -> Whitening:
        """The coordinates in which X^T X + N diag(lambda) is the identity."""
        return whiten(self.X, self.rows * self.penalty)

    def value(self, theta: Vector) -> float:
        """R(theta), one pass."""
        return self.value_at(self.X @ theta, theta)

    def value_at(self, predictions: Vector, theta: Vector) -> float:
        """R(theta) from its predictions."""
        return float(np.mean(self.kernel.value(predictions, self.y))) + self._penalised(theta)

    def gradient(self, theta: Vector) -> Vector:
        """grad R(theta) = (1/N) X^T phi'(X theta, y) + lambda theta, shape (k,)."""
        slopes = self.kernel.first(self.X @ theta, self.y)
        return np.asarray(slopes @ self.X / self.rows + self.penalty * theta)

    def value_and_gradient(self, theta: Vector) -> tuple[float, Vector]:
        """Both from one set of predictions."""
        predictions = self.X @ theta
        value = self.value_at(predictions, theta)
        gradient = self.kernel.first(predictions, self.y) @ self.X / self.rows + self.penalty * theta
        return value, np.asarray(gradient)

    def row_gradient(self, theta: Vector, i: int) -> Vector:
        """grad phi_i(theta) = phi'(x_i . theta, y_i) x_i + lambda theta, whose mean over i is grad R(theta)."""
        x = self.X[i]
        slope = self.kernel.first_scalar(float(x @ theta), float(self.y[i]))
        return np.asarray(slope * x + self.penalty * theta)

    def batch_gradient(self, theta: Vector, rows: NDArray[np.intp]) -> Vector:
        """The mean of the rows' gradients, shape (k,)."""
        x = self.X[rows]
        slopes = self.kernel.first(x @ theta, self.y[rows])
        return np.asarray(slopes @ x / len(rows) + self.penalty * theta)

    def curvature(self, theta: Vector) -> Matrix:
        """The Hessian (1/N) X^T diag(phi'') X + diag(lambda), shape (k, k)."""
        weights = self.kernel.second(self.X @ theta, self.y)
        return weighted_gram(self.X, weights * np.ones(self.rows)) / self.rows + np.diag(self.penalty)

    def tilted(self, extra: float) -> LinearRisk:
        """R + (extra/2) ||theta||^2, over all coordinates."""
        return replace(self, penalty=self.penalty + extra)

    def gradient_noise(self, theta: Vector) -> float:
        """(1/N) sum_i ||phi'_i x_i + lambda theta||^2."""
        slopes = self.kernel.first(self.X @ theta, self.y)
        gradients = slopes[:, None] * self.X + self.penalty * theta
        return float(np.mean(np.einsum("ij,ij->i", gradients, gradients)))

    def _penalised(self, theta: Vector) -> float:
        return float(0.5 * np.dot(self.penalty * theta, theta))
