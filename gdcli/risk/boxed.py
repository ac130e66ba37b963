"""Least squares in a box: min ||A a - b|| over low <= a <= high, by active sets."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gdcli.risk.empirical import Matrix, Vector

Marks = NDArray[np.bool_]
EPS = float(np.finfo(float).eps)


def boxed_least_squares(A: Matrix, b: Vector, low: Vector, high: Vector) -> Vector:
    """A minimiser a (K,) for A (k, K) and b (k,), by the active-set method of Stark and Parker (1995).

    The free entries take the least-squares step, cut at the first end of the box it meets; an entry at an end is set
    free again where the residual pulls it inward. The objective falls at each such round, so no set comes twice.
    """
    a = np.clip(np.linalg.lstsq(A, b, rcond=None)[0], low, high)
    free = (a > low) & (a < high)
    # Rounding of the pull below this could set an entry free for ever.
    noise = 1e3 * EPS * np.linalg.norm(A, axis=0) * (np.linalg.norm(A) * np.linalg.norm(a) + np.linalg.norm(b))
    for _ in range(10 * len(a) + 10):
        a, free = _settled(A, b, a, free, low, high)
        pull = A.T @ (b - A @ a)
        inward = np.where(free, 0.0, np.where(a <= low, pull, -pull))
        inward[low == high] = 0.0
        best = int(np.argmax(inward - noise))
        if not inward[best] > noise[best]:
            break
        free[best] = True
    return np.asarray(a)


def _settled(A: Matrix, b: Vector, a: Vector, free: Marks, low: Vector, high: Vector) -> tuple[Vector, Marks]:
    """The minimiser over the free entries, with those that the box stops on the way no longer free."""
    free = free.copy()
    while free.any():
        rest = b - A[:, ~free] @ a[~free]
        move = np.linalg.lstsq(A[:, free], rest, rcond=None)[0] - a[free]
        room = np.where(move > 0.0, high[free] - a[free], low[free] - a[free])
        with np.errstate(divide="ignore", invalid="ignore"):
            reach = np.where(move != 0.0, room / move, np.inf)
        step = min(1.0, float(reach.min()))
        a = a.copy()
        a[free] = np.clip(a[free] + step * move, low[free], high[free])
        if step == 1.0:
            break
        stopped = np.flatnonzero(free)[reach <= step]
        a[stopped] = np.where(move[reach <= step] > 0.0, high[stopped], low[stopped])
        free[stopped] = False
    return a, free
