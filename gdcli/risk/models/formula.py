"""A model by formula: R(theta) = (1/N) sum_i phi(f(x_i; theta), y_i) + (1/2) sum_j lambda_j theta_j^2.

With p = f(x; theta), the chain rule gives grad phi = phi' grad f and the Hessian phi'' grad f grad f^T + phi' D^2 f.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from gdcli.data.room import blocks
from gdcli.kernels.derived import Derived
from gdcli.kernels.interpret import arrays
from gdcli.kernels.parametric import Parametric
from gdcli.risk.empirical import Matrix, Rows, Vector
from gdcli.risk.losses import Loss, LossKernel

# Of a block of rows the model computes about so many numbers at a time.
NUMBERS = 1 << 17
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
    """Some rows near theta: phi, phi' and phi'' at the predictions, (n,) each, the model's gradients J (n, k) and the
    second derivatives of f for the pairs `entries`, (len(entries), n).
    """

    predictions: Vector
    values: Vector
    first: Vector
    second: Vector
    J: Matrix
    seconds: Matrix


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

    def parts(self) -> Iterator[tuple[slice, ModelRisk]]:
        """The rows in blocks, in order: which they are, and the risk of these alone.

        All that the model computes of a block stays in the cache; the blocks depend on the model and on d alone.
        """
        most = max(1, NUMBERS // (1 + self.width + len(self.model.entries)))
        for rows in blocks(self.X, most):
            whole = rows.stop - rows.start == self.rows
            yield rows, self if whole else replace(self, X=self.X[rows], y=self.y[rows])

    def value(self, theta: Vector) -> float:
        """R(theta), one pass."""
        total = 0.0
        with np.errstate(all="ignore"):
            for _, part in self.parts():
                total += np.sum(part.kernel.value(part.model.predictions(theta, part.X), part.y))
        return float(total / self.rows) + self._penalised(theta)

    def gradient(self, theta: Vector) -> Vector:
        """grad R(theta) = (1/N) sum phi'_i grad f_i + lambda theta, shape (k,)."""
        return self.value_and_gradient(theta)[1]

    def value_and_gradient(self, theta: Vector) -> tuple[float, Vector]:
        """Both from one set of predictions."""
        total, gradient = 0.0, np.zeros(self.width)
        with np.errstate(all="ignore"):
            for _, part in self.parts():
                predictions, tangents = part.model.tangents(theta, part.X)
                total += np.sum(part.kernel.value(predictions, part.y))
                gradient += tangents @ part.kernel.first(predictions, part.y)
            gradient = gradient / self.rows + self.penalty * theta
        return float(total / self.rows) + self._penalised(theta), np.asarray(gradient)

    def row_gradient(self, theta: Vector, i: int) -> Vector:
        """phi'_i grad f_i + lambda theta, whose mean over i is grad R(theta)."""
        return self.batch_gradient(theta, np.array([i]))

    def batch_gradient(self, theta: Vector, rows: Rows) -> Vector:
        """The mean of the rows' gradients, shape (k,)."""
        return replace(self, X=self.X[rows], y=self.y[rows]).gradient(theta)

    def near(self, theta: Vector) -> Iterator[Local]:
        """What the rows are near theta, block by block."""
        for _, part in self.parts():
            predictions, tangents, seconds = part.model.bends(theta, part.X)
            with np.errstate(all="ignore"):
                values, first, second = (
                    order(predictions, part.y) * np.ones(part.rows)
                    for order in (part.kernel.value, part.kernel.first, part.kernel.second)
                )
            yield Local(predictions, values, first, second, tangents.T, seconds)

    def symmetric(self, means: Vector) -> Matrix:
        """The (k, k) matrix of a number for each of the model's `entries`."""
        found = np.zeros((self.width, self.width))
        for (i, j), mean in zip(self.model.entries, means, strict=True):
            found[i, j] = found[j, i] = mean
        return found

    def curvature(self, theta: Vector) -> Matrix:
        """The Hessian (1/N) J^T diag(phi'') J + (1/N) sum phi'_i D^2 f_i + diag(lambda), shape (k, k)."""
        curved, bend = np.zeros((self.width, self.width)), np.zeros(len(self.model.entries))
        with np.errstate(all="ignore"):
            for here in self.near(theta):
                curved += (here.J.T * here.second) @ here.J
                bend += here.seconds @ here.first
            return np.asarray(curved / self.rows + self.symmetric(bend / self.rows) + np.diag(self.penalty))

    def tilted(self, extra: float) -> ModelRisk:
        """R + (extra/2) ||theta||^2, over all coordinates."""
        return replace(self, penalty=self.penalty + extra)

    def row_curvature(self, theta: Vector) -> float:
        """max_i |phi''_i| ||grad f_i||^2 + lambda."""
        bends = (np.abs(here.second) * np.einsum("ij,ij->i", here.J, here.J) for here in self.near(theta))
        return float(np.max([np.max(bend) for bend in bends])) + float(self.penalty.max())

    def gradient_noise(self, theta: Vector) -> float:
        """(1/N) sum_i ||phi'_i grad f_i + lambda theta||^2."""
        total, pull = 0.0, (self.penalty * theta)[:, None]
        for _, part in self.parts():
            predictions, tangents = part.model.tangents(theta, part.X)
            gradients = part.kernel.first(predictions, part.y) * tangents + pull
            total += np.sum(np.einsum("ji,ji->i", gradients, gradients))
        return float(total / self.rows)

    def _penalised(self, theta: Vector) -> float:
        return float(0.5 * np.dot(self.penalty * theta, theta))
