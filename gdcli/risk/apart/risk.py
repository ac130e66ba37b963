"""The linear model's R over parts of the rows: theta goes out to them, and sums come back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gdcli.data.partitions.parts import Parts, added
from gdcli.risk.apart import terms
from gdcli.risk.empirical import Matrix, Vector
from gdcli.risk.extent import Extent, extent, wider
from gdcli.risk.losses import Loss, LossKernel
from gdcli.risk.optimum.solve import factorise
from gdcli.risk.optimum.whiten import WELL_CONDITIONED, scaled_eigenvectors

# Rows by number -> which of them lie in which part, by their number there.
Locate = Callable[[NDArray[np.intp]], Mapping[int, NDArray[np.intp]]]


@dataclass(frozen=True, eq=False)
class ApartRisk:
    """R(theta) = (1/N) sum_i phi(x_i . theta, y_i) + (1/2) sum_j lambda_j theta_j^2 over N = `rows` rows in `parts`.

    Each part is a LinearRisk; `kernel` is theirs, `locate` finds rows in them.
    """

    parts: Parts
    rows: int
    kernel: LossKernel
    penalty: Vector
    locate: Locate

    @property
    def loss(self) -> Loss:
        """phi and what is proven of it."""
        return self.kernel.loss

    @property
    def shown(self) -> tuple[str, str, str]:
        """phi, phi' and phi'' as texts."""
        return self.kernel.shown

    @property
    def width(self) -> int:
        """k, the number of parameters."""
        return len(self.penalty)

    def value(self, theta: Vector) -> float:
        """R(theta), one pass."""
        return self.value_and_gradient(theta)[0]

    def gradient(self, theta: Vector) -> Vector:
        """grad R(theta), shape (k,)."""
        return self.value_and_gradient(theta)[1]

    def value_and_gradient(self, theta: Vector) -> tuple[float, Vector]:
        """Both in one pass."""
        value, gradient = self.parts.total(terms.sums, theta, by=added)
        pull = self.penalty * theta
        return float(value / self.rows) + 0.5 * float(pull @ theta), gradient / self.rows + pull

    def row_gradient(self, theta: Vector, i: int) -> Vector:
        """grad phi_i(theta) + lambda theta, whose mean over i is grad R(theta)."""
        return self.batch_gradient(theta, np.array([i]))

    def batch_gradient(self, theta: Vector, rows: NDArray[np.intp]) -> Vector:
        """The mean of the rows' gradients, shape (k,): only the parts that hold some of them are asked."""
        (gradient,) = self.parts.total(terms.drawn, theta, by=added, own=self.locate(rows))
        return np.asarray(gradient / len(rows) + self.penalty * theta)

    def curvature(self, theta: Vector) -> Matrix:
        """The Hessian (1/N) X^T diag(phi'') X + diag(lambda), shape (k, k)."""
        (bent,) = self.parts.total(terms.curvature, theta, by=added)
        return np.asarray(bent / self.rows + np.diag(self.penalty))

    def row_curvature(self, theta: Vector) -> float:
        """max_i |phi''_i| ||x_i||^2 + lambda, the curvature of the most curved row's loss."""
        return self.parts.total(terms.largest_bend, theta, by=max) + float(self.penalty.max())

    def tilted(self, extra: float) -> ApartRisk:
        """R + (extra/2) ||theta||^2, over all coordinates."""
        return replace(self, penalty=self.penalty + extra)

    def gradient_noise(self, theta: Vector) -> float:
        """sigma^2 = (1/N) sum_i ||phi'_i x_i + lambda theta||^2."""
        (total,) = self.parts.total(terms.squared_gradients, theta, self.penalty * theta, by=added)
        return float(total / self.rows)

    @cached_property
    def squares(self) -> Matrix:
        """X^T X, (k, k)."""
        (found,) = self.parts.total(terms.squares, by=added)
        return np.asarray(found)

    @cached_property
    def extent(self) -> Extent:
        """The largest rows, and what else L and G rest on."""
        return self.parts.total(extent, by=wider)

    @cached_property
    def root(self) -> Matrix:
        """R of X = QR, each part's below those of the others."""
        return self.parts.total(terms.root, by=terms.below)

    @cached_property
    def basis(self) -> Matrix:
        """W (k, r) with A W orthonormal and spanning, A = X with a row sqrt(N lambda_j) e_j for each lambda_j > 0."""
        ridge = self.rows * self.penalty
        found = scaled_eigenvectors(self.squares + np.diag(ridge), WELL_CONDITIONED)
        if found is None:
            return factorise(np.vstack([self.root, np.diag(np.sqrt(ridge))])).basis
        D, values, vectors = found
        return np.asarray(vectors / np.sqrt(values) / D[:, None])

    def project(self, sums: Vector, theta: Vector) -> Vector:
        """(A W)^T (b - A theta) from `sums` = X^T (b - X theta), b being 0 below."""
        return np.asarray(self.basis.T @ (sums - self.rows * self.penalty * theta))

    def bend(self, theta: Vector, basis: Matrix) -> Matrix:
        """W^T H W for the Hessian H at theta."""
        (bent,) = self.parts.total(terms.bend, theta, basis, by=added)
        return np.asarray(bent / self.rows + basis.T @ (self.penalty[:, None] * basis))
