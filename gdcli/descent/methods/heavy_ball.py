"""The heavy ball: theta_{t+1} = theta_t - eta v_t, v_t = beta v_{t-1} + g_t, which for constant eta is
theta_t - eta g_t + beta (theta_t - theta_{t-1}) (Polyak, 1964).

Rate: linear near a minimum with a positive definite Hessian for 0 < eta < 2 (1 + beta)/L, the best one for
eta = 4/(sqrt L + sqrt mu)^2, sqrt beta = (sqrt L - sqrt mu)/(sqrt L + sqrt mu); everywhere O(1/T) of the average for
convex R and eta < 2 (1 - beta)/L (Ghadimi, Feyzmahdavian and Johansson, 2015).
"""

from __future__ import annotations

import numpy as np

from gdcli.descent.method import State, Vector

TITLE = "Heavy ball"
NEEDS = "gradient"
EITHER = True
UPDATE = "v <- beta v + g,  theta <- theta - eta v"
RATE = "linear near a minimum where the Hessian is positive definite"
SCHEDULES = ("1/L", "0.1*D/(G*sqrt(T))")
ROW_SCHEDULES = ("0.1/(2*L_max*sqrt(1 + t/N))", "0.1*D/(G*sqrt(T))")
RANGES = {"beta": (0.0, 1.0)}


def init(theta: Vector) -> State:
    """At rest."""
    return np.zeros(len(theta))


def step(theta: Vector, g: Vector, state: State, eta: float, *, beta: float = 0.9) -> tuple[Vector, State]:
    """theta - eta (beta v + g)."""
    v = beta * state + g
    return theta - eta * v, v
