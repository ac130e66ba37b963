"""Where a run is between two steps, and what a loop that takes steps offers."""

from __future__ import annotations

import math
from typing import NamedTuple, Protocol

from gdcli.descent.method import State as MethodState
from gdcli.descent.stopping import Stopped
from gdcli.risk.empirical import Vector


class State(NamedTuple):
    """theta_t, the average of theta_0, ..., theta_{t-1} with its whole `weight`, and what is known of eta_0, ....

    `total` = sum eta_s, `squares` = sum eta_s^2, `slopes` = sum eta_s^2 ||g_s||^2 over s < t (full gradients);
    `least` and `largest` eta_s; `eta` the last one, eta_0 at first. `work` counts the rows whose loss or gradient the
    steps took, `asked` the full gradients among them, `known` tells whether the next one is made already, `still`
    whether the last step left theta as it was; `own` is the method's state. A state is replaced as a whole, so that an
    interruption finds one that was reached.
    """

    theta: Vector
    average: Vector
    eta: float
    t: int = 0
    weight: float = 0.0
    total: float = 0.0
    squares: float = 0.0
    slopes: float = 0.0
    least: float = math.inf
    largest: float = 0.0
    work: int = 0
    asked: int = 0
    known: bool = False
    still: bool = False
    own: MethodState = None

    def after(self, theta: Vector, eta: float, work: int, own: MethodState) -> State:
        """One step of size eta later, when so much work was done."""
        return self._replace(
            theta=theta,
            eta=eta,
            t=self.t + 1,
            total=self.total + eta,
            squares=self.squares + eta * eta,
            least=min(eta, self.least),
            largest=max(eta, self.largest),
            work=work,
            known=False,
            own=own,
        )


class Loop(Protocol):
    """A loop owns the state of a run."""

    @property
    def state(self) -> State:
        """Where the run is."""

    def go_to(self, until: int) -> Stopped | None:
        """Step until t is `until`, or until there is a reason to stop, which is returned.

        Whether the goal is reached at `until` itself is left to the line of the log that comes then.
        """
