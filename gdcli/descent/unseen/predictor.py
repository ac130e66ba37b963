"""Predictions for rows in the file's units, from theta in the coordinates that were optimised."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from gdcli.data.room import blocks
from gdcli.language.budget import Budget
from gdcli.risk.empirical import Matrix, Vector

# (theta, X (N, d)) -> (N,), or (N, K) scores where there are classes.
Predictor = Callable[[Vector, Matrix], Matrix]


@dataclass(frozen=True, eq=False)
class Linear:
    """p = theta . z with z = (x - mean)/scale and a last z of 1 for the intercept; theta_k . z of each of `classes`."""

    mean: Vector
    scale: Vector
    intercept: bool
    classes: int = 0

    def __call__(self, theta: Vector, X: Matrix) -> Matrix:
        """As Predictor has it."""
        weights = theta.reshape(max(1, self.classes), -1).T
        found = np.empty((len(X), weights.shape[1]))
        slopes, constant = (weights[:-1], weights[-1]) if self.intercept else (weights, 0.0)
        for rows in blocks(X):
            found[rows] = ((X[rows] - self.mean) / self.scale) @ slopes + constant
        return found if self.classes else found[:, 0]


@dataclass(frozen=True, eq=False)
class ByFormula:
    """p = f(x; theta), `function` taking the parameters and then the columns."""

    function: Callable[..., Any]

    @classmethod
    def of(cls, text: str, parameters: tuple[str, ...], columns: tuple[str, ...], budget: Budget) -> ByFormula:
        """f, as `text` has it."""
        from gdcli.kernels.interpret import arrays
        from gdcli.kernels.parametric import together

        return cls(arrays(together([text], (*parameters, *columns), budget=budget))[0])

    def __call__(self, theta: Vector, X: Matrix) -> Matrix:
        """As Predictor has it; nan or infinite where f is undefined."""
        with np.errstate(all="ignore"):
            (found,) = self.function(*np.asarray(theta, dtype=np.float64), *X.T)
        return np.array(np.broadcast_to(found, len(X)), dtype=np.float64)
