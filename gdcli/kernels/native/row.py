"""The gradient of one row as numpy has it, with the operations of native.sgd in the same order: the same bits."""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from gdcli.kernels.native.model import Field, Linear, Model
from gdcli.kernels.native.plain import scalars
from gdcli.kernels.native.rows import lane_count
from gdcli.kernels.native.task import Task, Vector

# (x, theta) -> p and grad f.
Predicted = Callable[[Vector, Vector], tuple[float, Vector]]


@cache
def dot(k: int) -> Callable[[Vector, Vector], float]:
    """x . theta of k numbers in the order of native.rows, by numpy."""
    width = lane_count(k)
    padded = np.full((-(-k // width), width), -0.0)
    products = padded.reshape(-1)[:k]

    def folded(x: Vector, theta: Vector) -> float:
        np.multiply(x, theta, products)
        sums: list[float] = np.add.reduce(padded).tolist()
        while len(sums) > 1:
            half = len(sums) // 2
            sums = list(map(operator.add, sums[:half], sums[half:]))
        return sums[0]

    return folded


def row_gradient(task: Task) -> Callable[[Vector, float, Vector], tuple[Any, float]]:
    """(x, y, theta) -> phi' grad f, and p - p, which is nan where the prediction is not finite."""
    parts = row_parts(task)

    def at(x: Vector, y: float, theta: Vector) -> tuple[Any, float]:
        slope, direction, p = parts(x, y, theta)
        return slope * direction, p - p

    return at


def row_parts(task: Task) -> Callable[[Vector, float, Vector], tuple[float, Vector, float]]:
    """(x, y, theta) -> phi', grad f and p."""
    slope, predicted = scalars(task.loss, "d1"), _predicted(task.model)

    def at(x: Vector, y: float, theta: Vector) -> tuple[float, Vector, float]:
        p, direction = predicted(x, theta)
        return slope(p, y), direction, p

    return at


def _predicted(model: Model) -> Predicted:
    if isinstance(model, Linear):
        product = dot(model.parameters)
        return lambda x, theta: (product(x, theta), x)
    assert isinstance(model, Field)
    function = scalars(model.slopes, "d0")

    def field(x: Vector, theta: Vector) -> tuple[float, Vector]:
        p, *slopes = function(*theta.tolist(), *x.tolist())
        return p, np.array(slopes)

    return field
