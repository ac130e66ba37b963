"""FISTA for R = r + lambda_1 ||theta||_1: Nesterov's momentum on proximal steps, begun again where it runs uphill.

y_t = x_t + (m_t - 1)/m_{t+1} (x_t - x_{t-1}), x_{t+1} = prox(y_t - eta g(y_t), eta), g = grad r,
m_{t+1} = (1 + sqrt(1 + 4 m_t^2))/2; prox as in prox_gradient, theta itself without an L1 term.

Rate: R(x_T) - R* <= 2 L D^2/(T + 1)^2 for convex r and eta <= 1/L (Beck and Teboulle, 2009, theorem 4.4) until it is
begun again: where (y_t - x_{t+1}) . (x_{t+1} - x_t) > 0 the momentum is dropped (O'Donoghue and Candes, 2015), which
brings the linear rate of strong convexity without knowing mu. fista(restart=0) never drops it.
"""

from __future__ import annotations

import math

import numpy as np

from gdcli.descent.arithmetic import dot
from gdcli.descent.method import Asked, State, Vector

TITLE = "FISTA"
NEEDS = "gradient"
ASKS = ("prox",)
UPDATE = "y = theta + beta_t (theta - theta'),  theta <- prox(y - eta g(y), eta)"
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


def step(theta: Vector, g: Vector, state: State, eta: float, R: Asked, *, restart: float = 1.0) -> tuple[Vector, State]:
    """prox(y - eta g, eta), and the next y."""
    y, m, restarts = state
    x = R.prox(y - eta * g, eta)
    if restart and dot(y - x, x - theta) > 0.0:
        return x, (np.array(x), 1.0, restarts + 1)
    after = (1.0 + math.sqrt(1.0 + 4.0 * m * m)) / 2.0
    return x, (x + (m - 1.0) / after * (x - theta), after, restarts)
