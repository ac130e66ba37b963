"""Nesterov's accelerated gradient, begun again where it runs uphill.

y_t = x_t + (m_t - 1)/m_{t+1} (x_t - x_{t-1}), x_{t+1} = y_t - eta grad R(y_t), m_{t+1} = (1 + sqrt(1 + 4 m_t^2))/2.

Rate: R(x_T) - R* <= 2 L D^2/(T + 1)^2 for convex, L-smooth R and eta <= 1/L (Nesterov, 1983; Beck and Teboulle, 2009)
until it is begun again: where (y_t - x_{t+1}) . (x_{t+1} - x_t) > 0 the momentum is dropped (O'Donoghue and Candes,
2015), which brings the linear rate of strong convexity without knowing mu. nesterov(restart=0) never drops it.
"""

from __future__ import annotations

import math

import numpy as np

from gdcli.descent.arithmetic import dot
from gdcli.descent.method import State, Vector

TITLE = "Nesterov"
NEEDS = "gradient"
UPDATE = "y = theta + beta_t (theta - theta'),  theta <- y - eta grad R(y)"
RATE = "O(1/T^2); linear where R is strongly convex"
SCHEDULES = ("1/L", "D/(G*sqrt(T))")
BOUNDS = ("accelerated",)
RANGES = {"restart": (0.0, 2.0)}
WHOLE = ("restart",)


def init(theta: Vector) -> State:
    """y_0 = x_0, m_0 = 1, begun again never."""
    return np.array(theta), 1.0, 0


def look(theta: Vector, state: State) -> Vector:
    """Gradients are taken at y."""
    return np.asarray(state[0])


def doubt(state: State) -> str:
    """The bound is for one run of the momentum."""
    return "the momentum was dropped and begun again" if state[2] else ""


def step(theta: Vector, g: Vector, state: State, eta: float, *, restart: float = 1.0) -> tuple[Vector, State]:
    """y - eta g, and the next y."""
    y, *_ = state
    return moved(theta, y - eta * g, state, restart)


def moved(theta: Vector, x: Vector, state: State, restart: float) -> tuple[Vector, State]:
    """x, where a step from y led, and the next y: x itself where the step ran uphill and the momentum is dropped."""
    y, m, restarts = state
    if restart and dot(y - x, x - theta) > 0.0:
        return x, (np.array(x), 1.0, restarts + 1)
    after = (1.0 + math.sqrt(1.0 + 4.0 * m * m)) / 2.0
    return x, (x + (m - 1.0) / after * (x - theta), after, restarts)
