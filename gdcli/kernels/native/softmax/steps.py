"""The gradient of one row as numpy has it, with the operations of softmax.sgd in the same order: the same bits."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from gdcli.kernels.native.rows import lane_count
from gdcli.kernels.native.softmax.task import Scores
from gdcli.kernels.native.task import Vector


def row_gradient(model: Scores) -> Callable[[Vector, int, Vector], tuple[Any, float]]:
    """(x, y, theta) -> (s_k - [k = y]) x for all k, (K d,), and a number that is nan where a score is not finite."""
    scores = _scores(model)

    def at(x: Vector, y: int, theta: Vector) -> tuple[Any, float]:
        p = scores(x, theta)
        if not all(map(math.isfinite, p)):
            return -0.0, math.nan
        return np.multiply.outer(_slopes(p, y), x).ravel(), 0.0

    return at


def _slopes(p: list[float], y: int) -> Vector:
    """s_k - [k = y]: the class's own is less the sum of the others, so that no digits cancel."""
    top = max(p)
    powers = [math.exp(score - top) for score in p]
    own, powers[y] = powers[y], 0.0
    rest = 0.0
    # Python's sum would round otherwise.
    for power in powers:
        rest += power
    powers[y] = -rest
    return np.asarray(np.array(powers) / (rest + own))


def _scores(model: Scores) -> Callable[[Vector, Vector], list[float]]:
    """x . theta_k for all k, the products of a padded row added up in the order of native.rows."""
    K, d = model.classes, model.columns
    width = lane_count(model.padded)
    filled = np.full((-(-model.padded // width), width, K), -0.0)
    products = filled.reshape(-1, K)[:d].T

    def at(x: Vector, theta: Vector) -> list[float]:
        np.multiply(theta.reshape(K, d), x, products)
        sums = np.add.reduce(filled, axis=0) if len(filled) > 1 else filled[0]
        while (half := len(sums) // 2) > 0:
            sums = sums[:half] + sums[half:]
        found: list[float] = sums[0].tolist()
        return found

    return at
