"""Gradient descent with backtracking: the largest eta among 2 eta_{t-1}, eta_{t-1}, eta_{t-1}/2, ... that lowers R
enough, R(theta - eta g) <= R(theta) - share eta ||g||^2 (Armijo, 1966).

Rate: eta_t >= min(eta_0, (1 - share)/L) without an L to know, so O(1/T) for convex R; with share = 1/2, the constant of
the descent lemma, R(theta_T) - R* <= D^2/(2 sum eta_t).
"""

from __future__ import annotations

from gdcli.descent.arithmetic import dot, first_size
from gdcli.descent.method import Asked, State, Vector

TITLE = "Armijo"
NEEDS = "gradient"
ASKS = ("value",)
UPDATE = "theta <- theta - eta g,  R(theta - eta g) <= R(theta) - share eta ||g||^2"
RATE = "O(1/T); linear where R is strongly convex"
SCHEDULES = ("1",)
BOUNDS = ("sufficient",)
# So often a step is halved.
MOST = 200
RANGES = {"share": (0.0, 1.0)}


def init(theta: Vector) -> State:
    """The last step size: none; the share that its descent kept."""
    return 0.0, 0.5


def size(state: State) -> float:
    """eta_t."""
    return float(state[0])


def doubt(state: State) -> str:
    """The bound adds up half of eta ||g||^2 a step."""
    return "" if state[1] >= 0.5 else f"steps were kept for a share of {state[1]:g} of eta ||g||^2, and it takes 1/2"


def step(theta: Vector, g: Vector, state: State, eta: float, R: Asked, *, share: float = 0.5) -> tuple[Vector, State]:
    """theta - eta g for the first eta that is short enough; theta itself where none is."""
    square = dot(g, g)
    last, _ = state
    chosen = 2.0 * last if last > 0.0 else first_size(theta, g)
    for _ in range(MOST):
        moved = theta - chosen * g
        if R.value(moved) <= R.here - share * chosen * square:
            return moved, (chosen, share)
        chosen = chosen / 2.0
    return theta, (0.0, share)
