"""AMSGrad: Adam whose coordinates' step sizes never grow: v^ is the largest v so far (Reddi, Kale and Kumar, 2018).

theta <- theta - eta_t (m/(1 - beta1^t))/(sqrt(v^/(1 - beta2^t)) + epsilon).

Rate: E R(average) - R* = O(1/sqrt T) with eta_t ~ 1/sqrt t, over a bounded domain.
"""

from __future__ import annotations

import numpy as np

from gdcli.descent.method import State, Vector

TITLE = "AMSGrad"
NEEDS = "rows"
EITHER = True
UPDATE = "theta <- theta - eta_t m^/(sqrt(v^) + epsilon),  v^ the largest running mean of g^2"
RATE = "O(1/sqrt T) of the average, in expectation, over a bounded domain"
SCHEDULES = ("0.1*D/sqrt(1 + t)", "0.01/sqrt(1 + t/N)")
RANGES = {"beta1": (0.0, 1.0), "beta2": (0.0, 1.0), "epsilon": (0.0, 1.0)}


def init(theta: Vector) -> State:
    """m, v, the largest v, beta1^t and beta2^t."""
    return np.zeros(len(theta)), np.zeros(len(theta)), np.zeros(len(theta)), 1.0, 1.0


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
    m, v, top, power1, power2 = state
    power1 = power1 * beta1
    power2 = power2 * beta2
    m = beta1 * m + (1.0 - beta1) * g
    v = beta2 * v + (1.0 - beta2) * g * g
    top = np.maximum(top, v)
    size = np.sqrt(top / (1.0 - power2)) + epsilon
    return theta - eta * (m / (1.0 - power1)) / size, (m, v, top, power1, power2)
