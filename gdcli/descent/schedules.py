"""Step-size schedules eta(t): formulas in t, epoch, L, L_max, mu, N, T, eta0, D and G, in the language of all formulas.

D is the distance from theta0 to the minimiser that was found, G the bound on the rows' slopes: with them the step size
that minimises the bound for losses with kinks, D/(G sqrt T), can be written.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdcli.errors import UsageError
from gdcli.kernels.cache import derived
from gdcli.kernels.interpret import arrays
from gdcli.language.budget import USUAL, Budget
from gdcli.suggest import suggestion

ARGUMENTS = ("t", "epoch", "L", "L_max", "mu", "N", "T", "eta0", "D", "G")
BLOCK = 4096
# Formulas by name.
NAMES = {
    "constant": "eta0",
    "inverse_sqrt": "eta0/sqrt(1 + t)",
    "inverse": "eta0/(1 + t)",
    "strongly_convex": "2/(mu*(t + 4*L_max/mu))",
    "cosine": "eta0*(1 + cos(pi*t/T))/2",
}
# Every method's SCHEDULES and all of NAMES are among these, so that nothing is derived at run time.
READY = (
    "1/L",
    "1/(2*L_max*sqrt(1 + t/N))",
    "D/(G*sqrt(T))",
    "1/(4*L_max)",
    "1/(3*L_max)",
    "1/(16*L_max)",
    "0.1/(2*L_max*sqrt(1 + t/N))",
    "0.1*D/(G*sqrt(T))",
    "D/sqrt(2)",
    "0.1*D/sqrt(1 + t)",
    "0.01/sqrt(1 + t/N)",
    *NAMES.values(),
)


@dataclass(frozen=True)
class Schedule:
    """eta(t; epoch, L, L_max, mu, N, T, eta0, D, G) for t = 0, 1, ..., and the formula it came from.

    t begins at `first`: at 1 for a formula such as eta0/sqrt(t), which has no value at 0.
    """

    formula: str
    function: Callable[..., Any]
    rows_per_step: int
    values: dict[str, float]
    first: int = 0

    def etas(self, start: int, stop: int) -> NDArray[np.float64]:
        """eta_t for start <= t < stop, one number in all places for a formula without t."""
        # It is looked at once, and not copied for each step.
        times = np.arange(start, start + 1 if self.constant else stop, dtype=np.float64)
        return np.broadcast_to(self.at(times), (stop - start,))

    def at(self, times: NDArray[np.float64]) -> NDArray[np.float64]:
        """eta_t for each t; one that is not positive and finite is an error that says at which t."""
        found = np.broadcast_to(self._at(times + self.first), times.shape)
        bad = ~(np.isfinite(found) & (found > 0.0))
        if bad.any():
            worst = int(np.argmax(bad))
            message = f"eta = {self.formula} is {float(found[worst])!r} at t = {times[worst] + self.first:.15g}"
            raise UsageError(message, hint="a step size must be positive and finite at every step")
        return found

    @cached_property
    def constant(self) -> bool:
        """Whether the formula is one number, whatever t is."""
        return self._at(np.zeros(1)).ndim == 0

    @property
    def begins_late(self) -> bool:
        """Whether eta_0 is not finite and eta_1 is a step size."""
        first, second = np.broadcast_to(self._at(np.arange(2.0)), (2,))
        return not math.isfinite(first) and 0.0 < second < math.inf

    def _at(self, t: NDArray[np.float64]) -> NDArray[np.float64]:
        epoch = t * self.rows_per_step / self.values["N"]
        with np.errstate(all="ignore"):
            # As numpy's floats, 1/mu for mu = 0 is infinite and reported, not an exception of Python's.
            found = self.function(t, epoch, *(np.float64(self.values[name]) for name in ARGUMENTS[2:]))
        return np.asarray(found, dtype=np.float64)

    def blocks(self, start: int, stop: int) -> Iterator[NDArray[np.float64]]:
        """eta_t for start <= t < stop, a block at a time."""
        for begin in range(start, stop, BLOCK):
            yield self.etas(begin, min(begin + BLOCK, stop))


def written_out(eta: str) -> str:
    """The formula of one of NAMES, or the formula itself. A word that is neither a name nor an argument is refused."""
    if eta in NAMES or eta in ARGUMENTS or not re.fullmatch(r"[A-Za-z_]{3,}", eta):
        return NAMES.get(eta, eta)
    hint = f"{suggestion(eta, [*NAMES])}by name there are {', '.join(NAMES)}; a formula has {', '.join(ARGUMENTS)}"
    raise UsageError(f"there is no step size {eta!r}", hint=hint)


def schedule(formula: str, rows_per_step: int, values: dict[str, float], *, budget: Budget = USUAL) -> Schedule:
    """The schedule of a formula, or of one of NAMES."""
    formula = written_out(formula)
    found = Schedule(formula, arrays(derived(formula, ARGUMENTS, budget=budget))[0], rows_per_step, values)
    return replace(found, first=1) if found.begins_late else found
