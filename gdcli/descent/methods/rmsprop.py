"""RMSProp: theta_j <- theta_j - eta g_j/(sqrt(s_j) + epsilon), s_j a running mean of g_j^2 (Hinton's lecture 6e, 2012).

Rate: O(1/sqrt T) of an average with eta_t ~ 1/sqrt t and alpha -> 1 (Mukkamala and Hein, 2017); none is proven for
constant alpha.
"""

from __future__ import annotations

import numpy as np

from gdcli.descent.method import State, Vector

TITLE = "RMSProp"
NEEDS = "rows"
EITHER = True
UPDATE = "s <- alpha s + (1 - alpha) g^2,  theta <- theta - eta_t g/(sqrt s + epsilon)"
RATE = "none proven for constant alpha"
SCHEDULES = ("0.1*D/sqrt(1 + t)", "0.01/sqrt(1 + t/N)")
RANGES = {"alpha": (0.0, 1.0), "epsilon": (0.0, 1.0)}


def init(theta: Vector) -> State:
    """The mean of no squares."""
    return np.zeros(len(theta))


def step(
    theta: Vector, g: Vector, state: State, eta: float, *, alpha: float = 0.99, epsilon: float = 1e-8
) -> tuple[Vector, State]:
    """theta - eta g/(sqrt(s) + epsilon)."""
    s = alpha * state + (1.0 - alpha) * g * g
    return theta - eta * g / (np.sqrt(s) + epsilon), s
