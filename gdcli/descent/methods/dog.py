"""DoG, distance over gradients: eta_t = max_{s <= t} ||theta_s - theta_0||/sqrt(sum_{s <= t} ||g_s||^2).

The distance begins at `first` (1 + ||theta_0||). Rate: O(D G/sqrt T) of the average up to logarithms, in expectation,
with no step size to choose (Ivgi, Hinder and Carmon, 2023).
"""

from __future__ import annotations

import math

import numpy as np

from gdcli.descent.arithmetic import dot, norm
from gdcli.descent.method import State, Vector

TITLE = "DoG"
NEEDS = "rows"
EITHER = True
UPDATE = "theta <- theta - eta_t g,  eta_t = max ||theta_s - theta_0||/sqrt(sum ||g_s||^2)"
RATE = "O(1/sqrt T) of the average up to logarithms, in expectation"
SCHEDULES = ("1",)
RANGES = {"first": (1e-300, 1e300)}


def init(theta: Vector) -> State:
    """theta_0, the largest distance from it, the sum of squares, and eta."""
    return np.array(theta), 0.0, 0.0, 0.0


def size(state: State) -> float:
    """eta_t."""
    return float(state[3])


def step(theta: Vector, g: Vector, state: State, eta: float, *, first: float = 1e-6) -> tuple[Vector, State]:
    """theta - eta_t g."""
    origin, far, total, _ = state
    far = max(far, first * (1.0 + norm(origin)), norm(theta - origin))
    total = total + dot(g, g)
    chosen = far / math.sqrt(total) if total > 0.0 else 0.0
    return theta - chosen * g, (origin, far, total, chosen)
