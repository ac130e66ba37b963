"""L-BFGS: theta <- theta - eta H_t g, H_t the inverse Hessian that the last `memory` steps and changes of g suggest.

The two-loop recursion over s = theta' - theta, y = g' - g, begun from (s . y)/(y . y); eta = 1, 1/2, ... the first that
lowers R enough. Rate: linear for strongly convex R, in practice far faster than gradient descent (Nocedal, 1980; Liu
and Nocedal, 1989).
"""

from __future__ import annotations

from gdcli.descent.arithmetic import dot, first_size
from gdcli.descent.method import Asked, State, Vector

TITLE = "L-BFGS"
NEEDS = "gradient"
ASKS = ("value",)
UPDATE = "theta <- theta - eta H g,  H from the last steps and changes of g"
RATE = "linear where R is strongly convex"
SCHEDULES = ("1",)
RANGES = {"memory": (1.0, 1000.0)}
WHOLE = ("memory",)
# The share of the slope by which R must fall, and how often a step is halved.
SHARE, MOST = 1e-4, 60


def init(theta: Vector) -> State:
    """theta_{-1} and g_{-1}, the pairs (s, y), and the last step size: none."""
    return theta, None, (), 0.0


def size(state: State) -> float:
    """eta_t."""
    return float(state[3])


def step(theta: Vector, g: Vector, state: State, eta: float, R: Asked, *, memory: float = 10.0) -> tuple[Vector, State]:
    """theta - eta H g."""
    before, slope, pairs, _ = state
    if slope is not None:
        pairs = _with((theta - before, g - slope), pairs, int(memory))
    d = -_product(pairs, g)
    if not pairs:
        d = d * first_size(theta, g)
    fall, chosen = dot(g, d), 1.0
    for _ in range(MOST):
        moved = theta + chosen * d
        if R.value(moved) <= R.here + SHARE * chosen * fall:
            return moved, (theta, g, pairs, chosen)
        chosen = chosen / 2.0
    # No step along d lowers R as doubles have it: theta stays, which ends a run.
    return theta, (theta, g, pairs, 0.0)


def _with(pair: tuple[Vector, Vector], pairs: State, memory: int) -> State:
    """The last pairs, with this one if R is curved along it, and doubles hold the squares that are divided by."""
    s, y = pair
    return (*pairs, pair)[-memory:] if dot(s, y) > 0.0 and dot(y, y) > 0.0 else pairs


def _product(pairs: State, g: Vector) -> Vector:
    """H g by the two loops."""
    q, shares = g, []
    for s, y in reversed(pairs):
        share = dot(s, q) / dot(s, y)
        shares.append(share)
        q = q - share * y
    if pairs:
        s, y = pairs[-1]
        q = q * (dot(s, y) / dot(y, y))
    for (s, y), share in zip(pairs, reversed(shares), strict=True):
        q = q + (share - dot(y, q) / dot(s, y)) * s
    return q
