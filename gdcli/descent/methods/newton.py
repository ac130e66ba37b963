"""Newton's method: theta <- theta - eta H^-1 g, eta = 1, 1/2, 1/4, ... the first that lowers R by a share of the slope.

Rate: quadratic near a minimum with a positive definite Hessian H; the damped phase lowers R by a constant a step
(Nocedal and Wright, 2006, theorem 3.5). Where H is not positive definite |eigenvalues| serve; it costs k^2 a row.
"""

from __future__ import annotations

from gdcli.descent.arithmetic import dot, downhill
from gdcli.descent.method import Asked, State, Vector

TITLE = "Newton"
NEEDS = "gradient"
ASKS = ("value", "hessian")
UPDATE = "theta <- theta - eta H^-1 g"
RATE = "quadratic near a minimum where the Hessian is positive definite"
SCHEDULES = ("1",)
# The share of the slope by which R must fall, and how often a step is halved.
SHARE, MOST = 1e-4, 60


def init(theta: Vector) -> State:
    """The last step size: none."""
    return 0.0


def size(state: State) -> float:
    """eta_t."""
    return float(state)


def step(theta: Vector, g: Vector, state: State, eta: float, R: Asked) -> tuple[Vector, State]:
    """theta - eta H^-1 g; below the rounding of R the whole step, which only Newton's own rounding limits."""
    d = downhill(R.hessian(theta), g)
    slope, chosen = dot(g, d), 1.0
    for _ in range(MOST):
        moved = theta + chosen * d
        if R.value(moved) <= R.here + SHARE * chosen * slope or -slope <= 1e-15 * abs(R.here):
            return moved, chosen
        chosen = chosen / 2.0
    return theta, chosen
