"""Gradient descent with backtracking: the first eta among eta', eta'/2, eta'/4, ... that lowers R enough,
R(theta - eta g) <= R(theta) - share eta ||g||^2 (Armijo, 1966).

eta' = 2 eta_{t-1} where eta_{t-1} was itself the first one tried, else eta_{t-1}: doubled after every step, it would be
halved again in most, and each of those trials is a pass over the rows.

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
    """The last step size and the one to try next: none; the share that its descent kept."""
    return 0.0, 0.0, 0.5


def size(state: State) -> float:
    """eta_t."""
    return float(state[0])


def doubt(state: State) -> str:
    """The bound adds up half of eta ||g||^2 a step."""
    return "" if state[2] >= 0.5 else f"steps were kept for a share of {state[2]:g} of eta ||g||^2, and it takes 1/2"


def step(theta: Vector, g: Vector, state: State, eta: float, R: Asked, *, share: float = 0.5) -> tuple[Vector, State]:
    """theta - eta g for the first eta that is short enough; theta itself where none is."""
    square = dot(g, g)
    _, tried, _ = state
    chosen = tried if tried > 0.0 else first_size(theta, g)
    for halvings in range(MOST):
        moved = theta - chosen * g
        if R.value(moved) <= R.here - share * chosen * square:
            return moved, (chosen, chosen if halvings else 2.0 * chosen, share)
        chosen = chosen / 2.0
    return theta, (0.0, tried, share)
