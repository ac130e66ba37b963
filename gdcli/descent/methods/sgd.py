"""Stochastic gradient descent: theta_{t+1} = theta_t - eta_t grad phi_i(theta_t), i uniform in 1..N.

Rate: E R(average) - R* = O(1/sqrt T) with eta_t = c/sqrt(t) (Robbins and Monro, 1951; Garrigos and Gower's handbook);
for losses with kinks E R(average) - R* <= D G/sqrt(T) with eta = D/(G sqrt T).
"""

from __future__ import annotations

from gdcli.descent.method import State, Vector

TITLE = "SGD"
NEEDS = "rows"
UPDATE = "theta <- theta - eta_t grad phi_i(theta)"
RATE = "O(1/sqrt T) in expectation; O(1/T) with eta_t ~ 1/(mu t) where R is strongly convex"
SCHEDULES = ("1/(2*L_max*sqrt(1 + t/N))", "D/(G*sqrt(T))")
BOUNDS = ("stochastic",)


def init(theta: Vector) -> State:
    """No state."""
    return None


def step(theta: Vector, g: Vector, state: State, eta: float) -> tuple[Vector, State]:
    """theta - eta g, with g the gradient of one row (or the mean of a batch)."""
    return theta - eta * g, state
