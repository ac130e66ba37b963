"""What is remembered of every row's gradient: for a linear model one slope, as grad phi_i = phi'_i x_i.

The penalty's part, lambda theta, is no row's: it is not in here.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from gdcli.kernels.native.plain import scalars
from gdcli.kernels.native.row import dot
from gdcli.risk.empirical import EmpiricalRisk, Rows, Vector
from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.models.softmax import SoftmaxRisk

Scores = NDArray[np.float64]


class Remembered(Protocol):
    """A score for each row, (N,) or (N, m), from which its gradient follows."""

    def scores(self, theta: Vector, rows: Rows | None = None) -> Scores:
        """Those of the rows, or of all, at theta."""

    def gradient(self, scores: Scores, rows: Rows | None = None) -> Vector:
        """The mean of the gradients of the rows, or of all, that have these scores, (k,)."""


class OfLinear:
    """The slope phi'(x_i . theta, y_i) of a row; one row's is that of compiled loops to the bit."""

    def __init__(self, risk: LinearRisk) -> None:
        self._risk = risk
        self._product = dot(risk.width)
        self._slope = scalars(risk.kernel.derived, "d1")

    def scores(self, theta: Vector, rows: Rows | None = None) -> Scores:
        """phi' at the predictions."""
        risk = self._risk
        if rows is None:
            return np.array(risk.kernel.first(risk.predictions(theta), risk.y))
        if len(rows) == 1:
            i = int(rows[0])
            return np.array([self._slope(self._product(risk.X[i], theta), float(risk.y[i]))])
        return np.array(risk.kernel.first(risk.X[rows] @ theta, risk.y[rows]))

    def gradient(self, scores: Scores, rows: Rows | None = None) -> Vector:
        """(1/n) sum scores_i x_i."""
        if rows is not None:
            return np.asarray(scores @ self._risk.X[rows] / len(rows))
        total = np.zeros(self._risk.width)
        for part, risk in self._risk.parts():
            total += scores[part] @ risk.X
        return np.asarray(total / self._risk.rows)


class OfSoftmax:
    """The slopes s - e_y of a row's classes."""

    def __init__(self, risk: SoftmaxRisk) -> None:
        self._risk = risk

    def scores(self, theta: Vector, rows: Rows | None = None) -> Scores:
        """(n, K)."""
        risk = self._risk
        found = risk.at(theta) if rows is None else risk.some(rows).at(theta)
        return np.array(found.slopes.T)

    def gradient(self, scores: Scores, rows: Rows | None = None) -> Vector:
        """(1/n) sum scores_i (x) x_i."""
        X = self._risk.X if rows is None else self._risk.X[rows]
        return np.asarray((scores.T @ X).ravel() / len(X))


class OfAny:
    """The gradient itself: as much memory as rows of k numbers."""

    def __init__(self, risk: EmpiricalRisk) -> None:
        self._risk = risk

    def scores(self, theta: Vector, rows: Rows | None = None) -> Scores:
        """grad phi_i, (n, k)."""
        risk, pull = self._risk, self._risk.penalty * theta
        every: Any = range(risk.rows) if rows is None else rows
        return np.array([risk.row_gradient(theta, int(i)) - pull for i in every])

    def gradient(self, scores: Scores, rows: Rows | None = None) -> Vector:
        """Their mean."""
        return np.asarray(np.mean(scores, axis=0))


def remembered(risk: EmpiricalRisk) -> Remembered:
    """What is to be remembered of the rows of this kind of risk."""
    if isinstance(risk, LinearRisk):
        return OfLinear(risk)
    return OfSoftmax(risk) if isinstance(risk, SoftmaxRisk) else OfAny(risk)
