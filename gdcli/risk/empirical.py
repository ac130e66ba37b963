"""The empirical risk R(theta) = (1/N) sum_i phi(x_i . theta, y_i) + (l2/2) ||theta||^2 over penalised coordinates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdcli.risk.losses import LossKernel

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class EmpiricalRisk:
    """R over rows X (N, k), the intercept's column of ones included, and targets y (N,).

    `penalty` (k,) holds lambda for each penalised coordinate and 0 for the others (the intercept).
    """

    X: Matrix
    y: Vector
    kernel: LossKernel
    penalty: Vector

    @property
    def rows(self) -> int:
        """N."""
        return int(self.X.shape[0])

    @property
    def width(self) -> int:
        """k, the number of parameters."""
        return int(self.X.shape[1])

    def value(self, theta: Vector) -> float:
        """R(theta), one pass."""
        return float(np.mean(self.kernel.value(self.X @ theta, self.y))) + self._penalised(theta)

    def gradient(self, theta: Vector) -> Vector:
        """grad R(theta) = (1/N) X^T phi'(X theta, y) + lambda theta, shape (k,)."""
        slopes = self.kernel.first(self.X @ theta, self.y)
        return np.asarray(slopes @ self.X / self.rows + self.penalty * theta)

    def value_and_gradient(self, theta: Vector) -> tuple[float, Vector]:
        """Both from one set of predictions."""
        predictions = self.X @ theta
        value = float(np.mean(self.kernel.value(predictions, self.y))) + self._penalised(theta)
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
        return np.asarray((self.X.T * weights) @ self.X / self.rows + np.diag(self.penalty))

    def _penalised(self, theta: Vector) -> float:
        return float(0.5 * np.dot(self.penalty * theta, theta))
