"""Polyak's step: eta_t = (R(theta_t) - R*)/||g_t||^2, with the R* that is known here before the first step.

Rate: the least gap of T steps is at most 2 L D^2/T for convex, L-smooth R, and D G/sqrt(T) for slopes up to G; linear
for strongly convex R; no constant is asked for (Polyak, 1969; Hazan and Kakade, 2019).
"""

from __future__ import annotations

from gdcli.descent.arithmetic import dot
from gdcli.descent.method import Asked, State, Vector

TITLE = "Polyak's step"
NEEDS = "gradient"
ASKS = ("optimum",)
UPDATE = "theta <- theta - (R(theta) - R*)/||g||^2 g"
RATE = "O(1/T) of the best iterate, O(1/sqrt T) at kinks; linear where R is strongly convex"
SCHEDULES = ("1",)


def init(theta: Vector) -> State:
    """The last step size: none."""
    return 0.0


def size(state: State) -> float:
    """eta_t."""
    return float(state)


def step(theta: Vector, g: Vector, state: State, eta: float, R: Asked) -> tuple[Vector, State]:
    """theta - (R(theta) - R*)/||g||^2 g; theta itself where g is 0."""
    square = dot(g, g)
    chosen = max(0.0, R.here - R.optimum) / square if square > 0.0 else 0.0
    return theta - chosen * g, chosen
