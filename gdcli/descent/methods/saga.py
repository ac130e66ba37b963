"""SAGA: theta <- theta - eta (g - old + mean), old = what g was when the row was drawn last, mean = that of all old.

The remembered gradients begin at theta_0, which costs a pass. The direction's mean over i is grad R(theta), and its
noise goes to 0: rate (1 - min(1/(4N), mu/(3 L_max)))^T for strongly convex rows and eta = 1/(3 L_max), O(1/T) of the
average for convex ones (Defazio, Bach and Lacoste-Julien, 2014).
"""

from __future__ import annotations

from gdcli.descent.method import State, Vector

TITLE = "SAGA"
NEEDS = "rows"
REMEMBERS = "last"
UPDATE = "theta <- theta - eta (g_i - old_i + mean of old)"
RATE = "O(1/T) in expectation; linear where R is strongly convex"
SCHEDULES = ("1/(3*L_max)",)


def init(mean: Vector) -> State:
    """The mean of the remembered gradients."""
    return mean


def step(theta: Vector, g: Vector, state: State, eta: float, old: Vector, N: float) -> tuple[Vector, State]:
    """theta - eta (g - old + mean)."""
    return theta - eta * (g - old + state), state + (g - old) / N
