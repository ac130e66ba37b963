"""What is to be run: a loss, a model, the data, and how a step is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdcli.errors import UsageError
from gdcli.kernels.derived import Derived
from gdcli.kernels.native.model import Model
from gdcli.kernels.native.update import Update

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Task:
    """R(theta) = (1/N) sum phi(f(x_i; theta), y_i) + (1/2) sum lambda_j theta_j^2 over X (N, d) and y (N,).

    `loss` has phi and phi' as d0 and d1 over (p, y); `penalty` (k,) holds the lambda_j; `batch` rows make one step,
    theta - eta g unless there is an `update`. X and y must be float64 in C order, as loops read them where they lie.
    """

    loss: Derived
    model: Model
    X: Matrix
    y: Vector
    penalty: Vector
    batch: int = 1
    update: Update | None = None

    def __post_init__(self) -> None:
        shapes = {
            "X": (self.X, (len(self.y), self.model.columns)),
            "y": (self.y, (len(self.y),)),
            "the penalty": (self.penalty, (self.model.parameters,)),
        }
        for name, (array, shape) in shapes.items():
            check(name, array, shape)
        check_batch(self.batch, self.y)

    @property
    def written(self) -> int:
        """How many numbers code is written out for: those of a row, or of theta."""
        return max(self.model.parameters, self.model.columns)

    @property
    def penalised(self) -> bool:
        """Whether any lambda is not 0."""
        return bool(self.penalty.any())


def check(name: str, array: NDArray[Any], shape: tuple[int, ...], kind: type[np.generic] = np.float64) -> None:
    """Raise UsageError unless the array is what a loop can read."""
    if array.shape != shape or array.dtype != kind or not array.flags.c_contiguous:
        found = f"{array.dtype} of shape {array.shape}{'' if array.flags.c_contiguous else ', not in C order'}"
        raise UsageError(f"{name} is {found}", hint=f"give {kind.__name__} of shape {shape} in C order")


def check_batch(batch: int, y: NDArray[Any]) -> None:
    """Raise UsageError unless there are rows for a step."""
    if batch < 1 or not len(y):
        raise UsageError("a step needs at least one row", hint="--batch 1 takes one row a step")
