"""Averaged SGD: the mean of the iterates of SGD, theta_t = (z_1 + ... + z_t)/t with z <- z - eta_t grad phi_i(z).

Rate: for squared loss and constant eta E R(theta_T) - R* = O(1/T), without strong convexity (Bach and Moulines, 2013);
with eta_t ~ t^-a, 1/2 < a < 1, the best covariance there is (Polyak and Juditsky, 1992; Ruppert, 1988).
"""

from __future__ import annotations

import numpy as np

from gdcli.descent.method import State, Vector

TITLE = "Averaged SGD"
NEEDS = "rows"
UPDATE = "z <- z - eta_t grad phi_i(z),  theta = (z_1 + ... + z_t)/t"
RATE = "O(1/T) in expectation for squared loss and constant eta"
SCHEDULES = ("1/(4*L_max)", "D/(G*sqrt(T))")


def init(theta: Vector) -> State:
    """z_0 = theta_0, of which no one is in the mean yet."""
    return np.array(theta), 0.0


def look(theta: Vector, state: State) -> Vector:
    """Gradients are taken at z."""
    return np.asarray(state[0])


def step(theta: Vector, g: Vector, state: State, eta: float) -> tuple[Vector, State]:
    """z - eta g, and the mean with it."""
    z, t = state
    z = z - eta * g
    t = t + 1.0
    return theta + (z - theta) / t, (z, t)
