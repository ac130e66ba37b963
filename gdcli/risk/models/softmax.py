"""The linear model of K classes, p_ik = x_i . theta_k, with the softmax loss.

R(theta) = (1/N) sum_i [logsumexp_k(x_i . theta_k) - x_i . theta_{y_i}] + (1/2) sum_j lambda_j sum_k theta_kj^2. Every
class has parameters; adding one vector to all theta_k changes no prediction.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gdcli.risk.empirical import Matrix, Rows, Vector
from gdcli.risk.losses import Loss
from gdcli.risk.models.softmax_kernel import Codes, Pairs, Softmax, hessian, loss, shown


@dataclass(frozen=True)
class SoftmaxRisk:
    """R over rows X (N, k), the intercept's column of ones included, and class codes y (N,) in 0..K-1.

    theta is flat, (K k,), one class after the other; `penalty` (K k,) is the same for each. Where `active` (K, N)
    is given, the classes that are not active for a row have no part in its loss.
    """

    X: Matrix
    y: Codes
    classes: int
    penalty: Vector
    active: Pairs | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for a penalty that treats classes differently."""
        if not np.array_equal(self.penalty, np.tile(self.ridge, self.classes)):
            raise ValueError("the penalty must be the same for every class")

    @property
    def ridge(self) -> Vector:
        """lambda_j for each of the k columns."""
        return self.penalty[: self.X.shape[1]]

    @property
    def loss(self) -> Loss:
        """phi and what is proven of it."""
        return loss(self.classes)

    @property
    def shown(self) -> tuple[str, str, str]:
        """phi, its slope and its curvature as texts."""
        return shown(self.classes)

    @property
    def rows(self) -> int:
        """N."""
        return int(self.X.shape[0])

    @property
    def width(self) -> int:
        """K k, the number of parameters."""
        return len(self.penalty)

    def matrix(self, theta: Vector) -> Matrix:
        """theta as (K, k), a view."""
        return theta.reshape(self.classes, -1)

    def at(self, theta: Vector) -> Softmax:
        """The loss's pieces for every row."""
        return Softmax.at(self.matrix(theta) @ self.X.T, self.y, self.active)

    def value(self, theta: Vector) -> float:
        """R(theta), one pass."""
        return float(np.mean(self.at(theta).values)) + self._penalised(theta)

    def gradient(self, theta: Vector) -> Vector:
        """grad R(theta), (K k,): class k's part is (1/N) sum_i (s_ik - [k = y_i]) x_i + lambda theta_k."""
        return np.asarray((self.at(theta).slopes @ self.X).ravel() / self.rows + self.penalty * theta)

    def value_and_gradient(self, theta: Vector) -> tuple[float, Vector]:
        """Both from one set of predictions."""
        here = self.at(theta)
        gradient = (here.slopes @ self.X).ravel() / self.rows + self.penalty * theta
        return float(np.mean(here.values)) + self._penalised(theta), np.asarray(gradient)

    def row_gradient(self, theta: Vector, i: int) -> Vector:
        """grad phi_i(theta) + lambda theta, whose mean over i is grad R(theta)."""
        x, own = self.X[i], self.y[i]
        z = self.matrix(theta) @ x
        if self.active is not None:
            z = np.where(self.active[:, i], z, -np.inf)
        slopes = np.exp(z - z.max())
        slopes /= slopes.sum()
        slopes[own] = 0.0
        slopes[own] = -slopes.sum()
        return np.asarray((slopes[:, None] * x).ravel() + self.penalty * theta)

    def some(self, rows: Rows) -> SoftmaxRisk:
        """The risk of some rows alone."""
        active = None if self.active is None else self.active[:, rows]
        return replace(self, X=self.X[rows], y=self.y[rows], active=active)

    def batch_gradient(self, theta: Vector, rows: Rows) -> Vector:
        """The mean of the rows' gradients, (K k,)."""
        return self.some(rows).gradient(theta)

    def curvature(self, theta: Vector) -> Matrix:
        """The Hessian, (K k, K k)."""
        here = self.at(theta)
        return hessian(self.X, here.P, here.rests) + np.diag(self.penalty)

    def tilted(self, extra: float) -> SoftmaxRisk:
        """R + (extra/2) ||theta||^2, over all coordinates."""
        return replace(self, penalty=self.penalty + extra)

    def gradient_noise(self, theta: Vector) -> float:
        """(1/N) sum_i ||s_i (x) x_i + lambda theta||^2, s_i the slopes of row i."""
        slopes = self.at(theta).slopes
        pull = self.penalty * theta
        squares = np.einsum("ki,ki->i", slopes, slopes) * np.einsum("ij,ij->i", self.X, self.X)
        crossed = np.einsum("ki,ki->i", slopes, self.matrix(pull) @ self.X.T)
        # Where every row's gradient is 0, rounding of the three terms may leave less.
        return max(0.0, float(np.mean(squares + 2.0 * crossed) + pull @ pull))

    def _penalised(self, theta: Vector) -> float:
        return float(0.5 * np.dot(self.penalty * theta, theta))
