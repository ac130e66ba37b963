"""SAG: theta <- theta - eta mean, the mean of what each row's gradient was when it was drawn last, this one included.

The remembered gradients begin at theta_0, which costs a pass. Rate: linear, (1 - min(1/(8N), mu/(16 L_max)))^T for
strongly convex R and eta = 1/(16 L_max), O(1/T) of the average for convex R (Schmidt, Le Roux and Bach, 2017).
"""

from __future__ import annotations

from gdcli.descent.method import State, Vector

TITLE = "SAG"
NEEDS = "rows"
REMEMBERS = "last"
UPDATE = "theta <- theta - eta mean of old,  old_i <- g_i"
RATE = "O(1/T) in expectation; linear where R is strongly convex"
SCHEDULES = ("1/(16*L_max)",)


def init(mean: Vector) -> State:
    """The mean of the remembered gradients."""
    return mean


def step(theta: Vector, g: Vector, state: State, eta: float, old: Vector, N: float) -> tuple[Vector, State]:
    """theta - eta (mean + (g - old)/N)."""
    mean = state + (g - old) / N
    return theta - eta * mean, mean
