"""SVRG: theta <- theta - eta (g - old + mean), old = the row's gradient at a snapshot of theta, mean = grad R.

A snapshot is taken every 2 N rows, which costs a pass. Rate: linear in the number of snapshots for strongly convex R
and eta small against 1/L_max (Johnson and Zhang, 2013); O(1/T) of an average for convex R.
"""

from __future__ import annotations

from gdcli.descent.method import State, Vector

TITLE = "SVRG"
NEEDS = "rows"
REMEMBERS = "snapshot"
UPDATE = "theta <- theta - eta (g_i - g_i(snapshot) + grad R(snapshot))"
RATE = "O(1/T) in expectation; linear where R is strongly convex"
SCHEDULES = ("1/(4*L_max)",)


def init(mean: Vector) -> State:
    """grad R at the snapshot."""
    return mean


def step(theta: Vector, g: Vector, state: State, eta: float, old: Vector, N: float) -> tuple[Vector, State]:
    """theta - eta (g - old + mean)."""
    return theta - eta * (g - old + state), state
