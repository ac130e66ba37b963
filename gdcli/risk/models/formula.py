"""A model by formula: R(theta) = (1/N) sum_i phi(f(x_i; theta), y_i) + (1/2) sum_j lambda_j theta_j^2.

With p = f(x; theta), the chain rule gives grad phi = phi' grad f and the Hessian phi'' grad f grad f^T + phi' D^2 f.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from gdcli.kernels.derived import Derived
from gdcli.kernels.interpret import arrays
from gdcli.kernels.parametric import Parametric
from gdcli.risk.empirical import Matrix, Rows, Vector
from gdcli.risk.losses import Loss, LossKernel

NOT_LINEAR = "the model is not linear in its parameters"


@dataclass(frozen=True)
class Model:
    """f, grad f and D^2 f in theta, over the rows of a matrix of columns; `derived` computes f and grad f."""

    width: int
    entries: tuple[tuple[int, int], ...]
    value: Callable[..., Any]
    slopes: Callable[..., Any]
    curved: Callable[..., Any]
    derived: Derived

    @classmethod
    def of(cls, found: Parametric) -> Model:
        """The model ready to run."""
        value, slopes, curved = (arrays(part)[0] for part in (found.value, found.slopes, found.curved))
        return cls(len(found.partials), found.entries, value, slopes, curved, found.slopes)

    def predictions(self, theta: Vector, X: Matrix) -> Vector:
        """f(x_i; theta), (N,); nan or infinite where it is undefined."""
        return np.asarray(self._over(self.value, 1, theta, X)[0])

    def tangents(self, theta: Vector, X: Matrix) -> tuple[Vector, Matrix]:
        """f (N,) and the rows' gradients in theta, (k, N)."""
        both = self._over(self.slopes, 1 + self.width, theta, X)
        return both[0], both[1:]

    def bends(self, theta: Vector, X: Matrix) -> tuple[Vector, Matrix, Matrix]:
        """f (N,), the gradients (k, N) and the second derivatives of `entries`, (len(entries), N)."""
        every = self._over(self.curved, 1 + self.width + len(self.entries), theta, X)
        return every[0], every[1 : 1 + self.width], every[1 + self.width :]

    def _over(self, function: Callable[..., Any], count: int, theta: Vector, X: Matrix) -> Matrix:
        """The function's `count` values at every row, (count, N)."""
        found = np.empty((count, len(X)))
        with np.errstate(all="ignore"):
            # numpy's floats, not Python's: 1/0 is infinite and (-1)^0.5 is nan, not an exception or complex.
            values = function(*np.asarray(theta, dtype=np.float64), *X.T)
            for row, value in zip(found, values, strict=True):
                row[:] = value
        return found


@dataclass(frozen=True)
class Local:
    """R near theta: its value, phi' and phi'' at the predictions (N,), the model's gradients J (N, k), and
    `bend` = (1/N) sum_i phi'_i D^2 f_i, (k, k). `seconds` holds the second derivatives of f for the pairs `entries`.
    """

    value: float
    predictions: Vector
    first: Vector
    second: Vector
    J: Matrix
    bend: Matrix
    seconds: Matrix
    entries: tuple[tuple[int, int], ...]

    def along(self, v: Vector) -> Vector:
        """D^2 f_i[v, v] of every row, (N,): how the predictions bend on the straight line along v."""
        factors = np.array([v[i] * v[j] * (1.0 if i == j else 2.0) for i, j in self.entries])
        return np.asarray(factors @ self.seconds)


@dataclass(frozen=True)
class ModelRisk:
    """R over the columns X (N, d) that the model uses and targets y (N,); `penalty` (k,) is each parameter's lambda."""

    model: Model
    X: Matrix
    y: Vector
    kernel: LossKernel
    penalty: Vector
    reason: str = NOT_LINEAR

    @cached_property
    def loss(self) -> Loss:
        """phi and what is proven of it: convex in p as it may be, in theta the risk is not known to be."""
        return replace(self.kernel.loss, convex=False, reason=self.reason)

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
        return self.model.width

    def value(self, theta: Vector) -> float:
        """R(theta), one pass."""
        return self._mean(self.model.predictions(theta, self.X)) + self._penalised(theta)

    def gradient(self, theta: Vector) -> Vector:
        """grad R(theta) = (1/N) sum phi'_i grad f_i + lambda theta, shape (k,)."""
        return self.value_and_gradient(theta)[1]

    def value_and_gradient(self, theta: Vector) -> tuple[float, Vector]:
        """Both from one set of predictions."""
        predictions, tangents = self.model.tangents(theta, self.X)
        with np.errstate(all="ignore"):
            gradient = tangents @ self.kernel.first(predictions, self.y) / self.rows + self.penalty * theta
        return self._mean(predictions) + self._penalised(theta), np.asarray(gradient)

    def row_gradient(self, theta: Vector, i: int) -> Vector:
        """phi'_i grad f_i + lambda theta, whose mean over i is grad R(theta)."""
        return self.batch_gradient(theta, np.array([i]))

    def batch_gradient(self, theta: Vector, rows: Rows) -> Vector:
        """The mean of the rows' gradients, shape (k,)."""
        return replace(self, X=self.X[rows], y=self.y[rows]).gradient(theta)

    def local(self, theta: Vector) -> Local:
        """R to second order."""
        predictions, tangents, seconds = self.model.bends(theta, self.X)
        bend = np.zeros((self.width, self.width))
        with np.errstate(all="ignore"):
            first = self.kernel.first(predictions, self.y)
            for (i, j), means in zip(self.model.entries, seconds @ first / self.rows, strict=True):
                bend[i, j] = bend[j, i] = means
            second = self.kernel.second(predictions, self.y) * np.ones(self.rows)
        value = self._mean(predictions) + self._penalised(theta)
        return Local(value, predictions, first, second, tangents.T, bend, seconds, self.model.entries)

    def curvature(self, theta: Vector) -> Matrix:
        """The Hessian (1/N) J^T diag(phi'') J + (1/N) sum phi'_i D^2 f_i + diag(lambda), shape (k, k)."""
        here = self.local(theta)
        with np.errstate(all="ignore"):
            curved = (here.J.T * here.second) @ here.J / self.rows
        return np.asarray(curved + here.bend + np.diag(self.penalty))

    def tilted(self, extra: float) -> ModelRisk:
        """R + (extra/2) ||theta||^2, over all coordinates."""
        return replace(self, penalty=self.penalty + extra)

    def row_curvature(self, theta: Vector) -> float:
        """max_i |phi''_i| ||grad f_i||^2 + lambda."""
        here = self.local(theta)
        return float(np.max(np.abs(here.second) * np.einsum("ij,ij->i", here.J, here.J))) + float(self.penalty.max())

    def gradient_noise(self, theta: Vector) -> float:
        """(1/N) sum_i ||phi'_i grad f_i + lambda theta||^2."""
        predictions, tangents = self.model.tangents(theta, self.X)
        gradients = self.kernel.first(predictions, self.y) * tangents + (self.penalty * theta)[:, None]
        return float(np.mean(np.einsum("ji,ji->i", gradients, gradients)))

    def _mean(self, predictions: Vector) -> float:
        with np.errstate(all="ignore"):
            return float(np.mean(self.kernel.value(predictions, self.y)))

    def _penalised(self, theta: Vector) -> float:
        return float(0.5 * np.dot(self.penalty * theta, theta))
