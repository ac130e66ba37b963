"""Gradient descent: theta_{t+1} = theta_t - eta grad R(theta_t).

Rate: R(theta_T) - R* <= L D^2/(4T + 2) for convex, L-smooth R and eta = 1/L (Drori and Teboulle, 2014);
for Lipschitz R with kinks R(average) - R* <= D G/sqrt(T) with the subgradient of least norm row by row (Shor, 1962).
"""

from __future__ import annotations

from gdcli.descent.method import State, Vector

TITLE = "GD"
NEEDS = "gradient"
UPDATE = "theta <- theta - eta grad R(theta)"
RATE = "O(1/T); linear where R is strongly convex"
SCHEDULES = ("1/L", "D/(G*sqrt(T))")
BOUNDS = ("lipschitz", "smooth")


def init(theta: Vector) -> State:
    """No state."""
    return None


def step(theta: Vector, g: Vector, state: State, eta: float) -> tuple[Vector, State]:
    """theta - eta g."""
    return theta - eta * g, state
