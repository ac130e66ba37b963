"""AdaGrad: theta_j <- theta_j - eta g_j/(sqrt(sum_s g_sj^2) + epsilon), a step size for each coordinate.

Rate: E R(average) - R* = O(1/sqrt T) with constant eta about max_t ||theta_t - theta*||_inf/sqrt 2 (Duchi, Hazan and
Singer, 2011).
"""

from __future__ import annotations

import numpy as np

from gdcli.descent.method import State, Vector

TITLE = "AdaGrad"
NEEDS = "rows"
EITHER = True
UPDATE = "s <- s + g^2,  theta <- theta - eta g/(sqrt s + epsilon)"
RATE = "O(1/sqrt T) of the average, in expectation"
SCHEDULES = ("D/sqrt(2)", "0.01/sqrt(1 + t/N)")
RANGES = {"epsilon": (0.0, 1.0)}


def init(theta: Vector) -> State:
    """The sum of no squares."""
    return np.zeros(len(theta))


def step(theta: Vector, g: Vector, state: State, eta: float, *, epsilon: float = 1e-10) -> tuple[Vector, State]:
    """theta - eta g/(sqrt(s) + epsilon)."""
    s = state + g * g
    return theta - eta * g / (np.sqrt(s) + epsilon), s
