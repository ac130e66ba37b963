"""Adam: running means m of g and v of g^2, each without the bias of its start (Kingma and Ba, 2015).

theta <- theta - eta_t (m/(1 - beta1^t))/(sqrt(v/(1 - beta2^t)) + epsilon).

Rate: none in general: there are convex problems on which it does not converge (Reddi, Kale and Kumar, 2018); amsgrad
is the remedy.
"""

from __future__ import annotations

import numpy as np

from gdcli.descent.method import State, Vector

TITLE = "Adam"
NEEDS = "rows"
EITHER = True
UPDATE = "theta <- theta - eta_t m^/(sqrt(v^) + epsilon),  m^, v^ running means of g, g^2"
RATE = "none in general"
SCHEDULES = ("0.1*D/sqrt(1 + t)", "0.01/sqrt(1 + t/N)")
RANGES = {"beta1": (0.0, 1.0), "beta2": (0.0, 1.0), "epsilon": (0.0, 1.0)}


def init(theta: Vector) -> State:
    """m, v, beta1^t and beta2^t."""
    return np.zeros(len(theta)), np.zeros(len(theta)), 1.0, 1.0


def step(
    theta: Vector,
    g: Vector,
    state: State,
    eta: float,
    *,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
) -> tuple[Vector, State]:
    """theta - eta m^/(sqrt(v^) + epsilon)."""
    m, v, power1, power2 = state
    power1 = power1 * beta1
    power2 = power2 * beta2
    m = beta1 * m + (1.0 - beta1) * g
    v = beta2 * v + (1.0 - beta2) * g * g
    size = np.sqrt(v / (1.0 - power2)) + epsilon
    return theta - eta * (m / (1.0 - power1)) / size, (m, v, power1, power2)
