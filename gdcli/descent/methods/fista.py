"""FISTA for R = r + lambda_1 ||theta||_1: Nesterov's momentum on proximal steps, begun again where it runs uphill.

y_t = x_t + (m_t - 1)/m_{t+1} (x_t - x_{t-1}), x_{t+1} = prox(y_t - eta g(y_t), eta), g = grad r,
m_{t+1} = (1 + sqrt(1 + 4 m_t^2))/2; prox as in prox_gradient, theta itself without an L1 term.

Rate: R(x_T) - R* <= 2 L D^2/(T + 1)^2 for convex r and eta <= 1/L (Beck and Teboulle, 2009, theorem 4.4) until it is
begun again: where (y_t - x_{t+1}) . (x_{t+1} - x_t) > 0 the momentum is dropped (O'Donoghue and Candes, 2015), which
brings the linear rate of strong convexity without knowing mu. fista(restart=0) never drops it.
"""

from __future__ import annotations

from gdcli.descent.method import Asked, State, Vector
from gdcli.descent.methods import nesterov

TITLE = "FISTA"
NEEDS = "gradient"
ASKS = ("prox",)
UPDATE = "y = theta + beta_t (theta - theta'),  theta <- prox(y - eta g(y), eta)"
RATE = "O(1/T^2); linear where R is strongly convex"
SCHEDULES = ("1/L", "D/(G*sqrt(T))")
BOUNDS = ("accelerated",)
RANGES = {"restart": (0.0, 2.0)}
WHOLE = ("restart",)


# The momentum is Nesterov's.
init, look, doubt = nesterov.init, nesterov.look, nesterov.doubt


def step(theta: Vector, g: Vector, state: State, eta: float, R: Asked, *, restart: float = 1.0) -> tuple[Vector, State]:
    """prox(y - eta g, eta), and the next y."""
    y, *_ = state
    return nesterov.moved(theta, R.prox(y - eta * g, eta), state, restart)
