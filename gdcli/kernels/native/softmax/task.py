"""What is to be run for the softmax loss: K scores a row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdcli.errors import UsageError
from gdcli.kernels.native.task import Matrix, Vector, check, check_batch

Codes = NDArray[np.intp]
# Doubles in a line of the cache.
_LINE = 8


@dataclass(frozen=True, slots=True)
class Scores:
    """p_k = x . theta_k for K classes; theta (K d,) is one class after the other."""

    classes: int
    columns: int

    @property
    def parameters(self) -> int:
        """K d."""
        return self.classes * self.columns

    @property
    def padded(self) -> int:
        """The width of a row in whole lines of the cache, in which the loops add up its products."""
        return -(-self.columns // _LINE) * _LINE


@dataclass(frozen=True)
class ClassTask:
    """R(theta) = (1/N) sum [logsumexp_k(p_ik) - p_{i y_i}] + (1/2) sum lambda_j theta_j^2 over X (N, d) and y (N,).

    y are codes 0..K-1; the rest is as for a `native.task.Task`.
    """

    model: Scores
    X: Matrix
    y: Codes
    penalty: Vector
    batch: int = 1

    def __post_init__(self) -> None:
        check("X", self.X, (len(self.y), self.model.columns))
        check("y", self.y, (len(self.y),), np.intp)
        check("the penalty", self.penalty, (self.model.parameters,))
        check_batch(self.batch, self.y)
        # The loops write where a code says.
        if not 0 <= self.y.min() <= self.y.max() < self.model.classes:
            raise UsageError("y holds a code of no class", hint=f"classes are numbered 0 to {self.model.classes - 1}")

    @property
    def written(self) -> int:
        """How many numbers code is written out for: a class's, as the loops go from class to class."""
        return self.model.columns

    @property
    def penalised(self) -> bool:
        """Whether any lambda is not 0."""
        return bool(self.penalty.any())
