"""The linear model p_i = x_i . theta: R(theta) = (1/N) sum_i phi(x_i . theta, y_i) + (1/2) sum_j lambda_j theta_j^2."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gdcli.data.room import blocks
from gdcli.risk.empirical import Matrix, Vector
from gdcli.risk.losses import Loss, LossKernel
from gdcli.risk.optimum.whiten import Whitening, whiten
from gdcli.risk.passes import gram, lengths, product, weighted_gram


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

    def parts(self) -> Iterator[tuple[slice, LinearRisk]]:
        """The rows in blocks, in order: which they are, and the risk of these alone."""
        for rows in blocks(self.X):
            # Few rows are a block of their own: nothing is to be made for each step of a descent.
            whole = rows.stop - rows.start == self.rows
            yield rows, self if whole else replace(self, X=self.X[rows], y=self.y[rows])

    def predictions(self, theta: Vector) -> Vector:
        """X theta, (N,)."""
        return product(self.X, theta)

    def residual(self, theta: Vector) -> Vector:
        """y - X theta, (N,)."""
        found = self.predictions(theta)
        np.subtract(self.y, found, out=found)
        return found

    def weights(self, predictions: Vector) -> Vector:
        """phi'' at the predictions, (N,)."""
        return np.broadcast_to(self.kernel.second(predictions, self.y), (self.rows,))

    @cached_property
    def whitening(self) -> Whitening:
        """The coordinates in which X^T X + N diag(lambda) is the identity."""
        return whiten(self.X, self.rows * self.penalty, squared=self.squares)

    @cached_property
    def squares(self) -> Matrix:
        """X^T X, (k, k), whatever overflows in it."""
        with np.errstate(over="ignore", invalid="ignore"):
            return gram(self.X)

    def value(self, theta: Vector) -> float:
        """R(theta), one pass."""
        values = (part.kernel.value(part.X @ theta, part.y) for _, part in self.parts())
        return float(sum(map(np.sum, values)) / self.rows) + self._penalised(theta)

    def gradient(self, theta: Vector) -> Vector:
        """grad R(theta) = (1/N) X^T phi'(X theta, y) + lambda theta, shape (k,)."""
        gradient = np.zeros(self.width)
        for _, part in self.parts():
            gradient += part.kernel.first(part.X @ theta, part.y) @ part.X
        return np.asarray(gradient / self.rows + self.penalty * theta)

    def value_and_gradient(self, theta: Vector) -> tuple[float, Vector]:
        """Both in one pass."""
        value, gradient = self.sums(theta)
        return float(value / self.rows) + self._penalised(theta), gradient / self.rows + self.penalty * theta

    def sums(self, theta: Vector) -> tuple[float, Vector]:
        """sum phi_i and sum phi'_i x_i, of which R and its gradient are made, in one pass."""
        value, gradient = 0.0, np.zeros(self.width)
        for _, part in self.parts():
            predictions = part.X @ theta
            value += np.sum(part.kernel.value(predictions, part.y))
            gradient += part.kernel.first(predictions, part.y) @ part.X
        return value, gradient

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
        return weighted_gram(self.X, self.weights(self.predictions(theta))) / self.rows + np.diag(self.penalty)

    def row_curvature(self, theta: Vector) -> float:
        """max_i |phi''_i| ||x_i||^2 + lambda, the curvature of the most curved row's loss."""
        bends = np.abs(self.weights(self.predictions(theta)))
        return float(np.max(bends * lengths(self.X) ** 2)) + float(self.penalty.max())

    def tilted(self, extra: float) -> LinearRisk:
        """R + (extra/2) ||theta||^2, over all coordinates."""
        return replace(self, penalty=self.penalty + extra)

    def gradient_noise(self, theta: Vector) -> float:
        """(1/N) sum_i ||phi'_i x_i + lambda theta||^2."""
        return float(self.squared_gradients(theta, self.penalty * theta) / self.rows)

    def squared_gradients(self, theta: Vector, pull: Vector) -> float:
        """sum_i ||phi'_i x_i + pull||^2."""
        total = 0.0
        for _, part in self.parts():
            gradients = part.kernel.first(part.X @ theta, part.y)[:, None] * part.X + pull
            total += np.sum(np.einsum("ij,ij->i", gradients, gradients))
        return total

    def _penalised(self, theta: Vector) -> float:
        return float(0.5 * np.dot(self.penalty * theta, theta))
