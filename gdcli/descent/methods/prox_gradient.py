"""Proximal gradient (ISTA): theta <- prox(theta - eta g, eta) for R = r + lambda_1 ||theta||_1, r smooth, g = grad r.

prox(v, eta) = argmin_u [lambda_1 ||u||_1 + ||u - v||^2/(2 eta)] draws each v_j by eta lambda_1 towards 0, at most to 0:
theta gets exact zeros. Without an L1 term it is gradient descent.

Rate: R(theta_T) - R* <= D^2/(2 sum eta_t) for convex r and eta_t <= 1/L (Beck and Teboulle, 2009, theorem 3.1).
"""

from __future__ import annotations

from gdcli.descent.method import Asked, State, Vector

TITLE = "Proximal gradient"
NEEDS = "gradient"
ASKS = ("prox",)
UPDATE = "theta <- prox(theta - eta g, eta)"
RATE = "O(1/T); linear where R is strongly convex"
SCHEDULES = ("1/L", "D/(G*sqrt(T))")
BOUNDS = ("proximal",)


def init(theta: Vector) -> State:
    """No state."""
    return None


def step(theta: Vector, g: Vector, state: State, eta: float, R: Asked) -> tuple[Vector, State]:
    """prox(theta - eta g, eta)."""
    return R.prox(theta - eta * g, eta), state
