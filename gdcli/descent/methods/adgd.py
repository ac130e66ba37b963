"""Adaptive gradient descent without descent: eta_t from the curvature that the last step met.

eta_t = min(sqrt(1 + eta_{t-1}/eta_{t-2}) eta_{t-1}, ||theta_t - theta_{t-1}||/(2 ||g_t - g_{t-1}||)).

Rate: O(1/T) of an average for convex, locally smooth R, linear for strongly convex R, without any constant and without
values of R (Malitsky and Mishchenko, 2020).
"""

from __future__ import annotations

import math

import numpy as np

from gdcli.descent.arithmetic import first_size, norm
from gdcli.descent.method import State, Vector

TITLE = "AdGD"
NEEDS = "gradient"
UPDATE = "theta <- theta - eta_t g,  eta_t from ||theta - theta'||/||g - g'||"
RATE = "O(1/T) of an average; linear where R is strongly convex"
SCHEDULES = ("1",)
# How far the first step goes: it only looks at the curvature.
FIRST = 1e-6


def init(theta: Vector) -> State:
    """theta_{-1}, g_{-1}, eta_{-1} = 0 for none, and eta_{-1}/eta_{-2}."""
    return np.array(theta), np.zeros(len(theta)), 0.0, 0.0


def size(state: State) -> float:
    """eta_t."""
    return float(state[2])


def step(theta: Vector, g: Vector, state: State, eta: float) -> tuple[Vector, State]:
    """theta - eta_t g."""
    before, slope, last, ratio = state
    if last == 0.0:
        chosen = first_size(theta, g, FIRST)
        return theta - chosen * g, (theta, g, chosen, math.inf)
    chosen = math.sqrt(1.0 + ratio) * last
    bend = 2.0 * norm(g - slope)
    if bend > 0.0:
        chosen = min(chosen, norm(theta - before) / bend)
    if not 0.0 < chosen < math.inf:
        chosen = last
    return theta - chosen * g, (theta, g, chosen, chosen / last)
