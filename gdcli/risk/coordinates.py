"""R along single coordinates of theta: partial derivatives and their curvatures, for coordinate descent."""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np

from gdcli.data.room import blocks
from gdcli.risk.apart.risk import ApartRisk
from gdcli.risk.empirical import EmpiricalRisk, Vector
from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.models.softmax import SoftmaxRisk


class Along(Protocol):
    """theta, of which one coordinate at a time is moved."""

    theta: Vector

    def partial(self, j: int) -> float:
        """dR/dtheta_j at the present theta."""

    def move(self, j: int, by: float) -> None:
        """theta_j <- theta_j + by."""


class AlongLinear:
    """The predictions X theta are kept, so that a coordinate costs one column of X: dR/dtheta_j = (1/N) sum phi'_i x_ij
    + lambda_j theta_j.
    """

    def __init__(self, risk: LinearRisk, theta: Vector) -> None:
        self.theta = np.array(theta)
        self._risk = risk
        self._z = risk.predictions(theta)

    def partial(self, j: int) -> float:
        """dR/dtheta_j."""
        risk = self._risk
        slope = float(risk.kernel.first(self._z, risk.y) @ risk.X[:, j]) / risk.rows
        return slope + float(risk.penalty[j] * self.theta[j])

    def move(self, j: int, by: float) -> None:
        """theta_j <- theta_j + by."""
        self.theta[j] += by
        self._z += by * self._risk.X[:, j]


class AlongAny:
    """Any risk: a coordinate costs a full gradient."""

    def __init__(self, risk: EmpiricalRisk, theta: Vector) -> None:
        self.theta = np.array(theta)
        self._risk = risk

    def partial(self, j: int) -> float:
        """dR/dtheta_j."""
        return float(self._risk.gradient(self.theta)[j])

    def move(self, j: int, by: float) -> None:
        """theta_j <- theta_j + by."""
        self.theta[j] += by


def along(risk: EmpiricalRisk, theta: Vector) -> Along:
    """R along coordinates, from theta on."""
    return AlongLinear(risk, theta) if isinstance(risk, LinearRisk) else AlongAny(risk, theta)


def passes(risk: EmpiricalRisk) -> int:
    """What a sweep costs, in passes over the rows: a linear model reads every column twice."""
    return 2 if isinstance(risk, LinearRisk) else risk.width


def has_curvatures(risk: EmpiricalRisk) -> bool:
    """Whether there is a c for `curvatures`."""
    if isinstance(risk, SoftmaxRisk):
        return True
    return isinstance(risk, LinearRisk | ApartRisk) and 0.0 < risk.kernel.loss.curvature < math.inf


def curvatures(risk: EmpiricalRisk) -> Vector:
    """L_j = c (1/N) sum x_ij^2 + lambda_j with c = sup phi'' (1/4 for a class of softmax), (k,).

    The diagonal of the softmax Hessian holds s (1 - s) <= 1/4. Only for a risk that `has_curvatures`.
    """
    if isinstance(risk, SoftmaxRisk):
        return np.tile(0.25 * _mean_squares(risk) + risk.ridge, risk.classes)
    assert isinstance(risk, LinearRisk | ApartRisk)
    return np.asarray(risk.kernel.loss.curvature * _mean_squares(risk) + risk.penalty)


def _mean_squares(risk: LinearRisk | ApartRisk | SoftmaxRisk) -> Vector:
    """(1/N) sum x_ij^2 of each column."""
    if isinstance(risk, ApartRisk):
        return np.diag(risk.squares) / risk.rows
    total = np.zeros(risk.X.shape[1])
    for rows in blocks(risk.X):
        total += np.einsum("ij,ij->j", risk.X[rows], risk.X[rows])
    return np.asarray(total / risk.rows)
