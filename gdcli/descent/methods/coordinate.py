"""Coordinate descent: theta_j <- theta_j - (dR/dtheta_j)/L_j for j = 1, ..., k, one after the other; a sweep is a step.

L_j bounds d^2R/dtheta_j^2. Rate: O(1/T) in sweeps, linear for strongly convex R (Beck and Tetruashvili, 2013; for
random order Nesterov, 2012); for squared loss it is the method of Gauss and Seidel.
"""

from __future__ import annotations

from gdcli.descent.method import Asked, State, Vector

TITLE = "Coordinate descent"
NEEDS = "gradient"
ASKS = ("coordinates",)
UPDATE = "theta_j <- theta_j - (dR/dtheta_j)/L_j,  j = 1, ..., k"
RATE = "O(1/T) in sweeps; linear where R is strongly convex"
SCHEDULES = ("1",)


def init(theta: Vector) -> State:
    """The step size of a sweep, 1/L_j of each coordinate, is not one number: the longest is shown."""
    return 0.0


def size(state: State) -> float:
    """max 1/L_j."""
    return float(state)


def step(theta: Vector, g: Vector, state: State, eta: float, R: Asked) -> tuple[Vector, State]:
    """A sweep over the coordinates; those on which R does not depend stay."""
    along, bends = R.coordinates(theta), R.curvatures.tolist()
    for j, L in enumerate(bends):
        if L > 0.0:
            along.move(j, -along.partial(j) / L)
    return along.theta, max((1.0 / L for L in bends if L > 0.0), default=0.0)
