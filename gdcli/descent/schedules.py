"""Step-size schedules eta(t): formulas in t, epoch, L, L_max, mu, N, T, eta0, D and G, in the language of all formulas.

D is the distance from theta0 to the minimiser that was found, G the bound on the rows' slopes: with them the step size
that minimises the bound for losses with kinks, D/(G sqrt T), can be written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdcli.errors import UsageError
from gdcli.kernels.cache import derived
from gdcli.kernels.interpret import arrays

ARGUMENTS = ("t", "epoch", "L", "L_max", "mu", "N", "T", "eta0", "D", "G")
BLOCK = 4096
# Every method's SCHEDULE and NONSMOOTH are among these, so that nothing is derived at run time.
NAMED = ("1/L", "1/(2*L_max*sqrt(1 + t/N))", "D/(G*sqrt(T))")


@dataclass(frozen=True)
class Schedule:
    """eta(t; epoch, L, L_max, mu, N, T, eta0, D, G) for t = 0, 1, ..., and the formula it came from."""

    formula: str
    function: Callable[..., Any]
    rows_per_step: int
    values: dict[str, float]

    def etas(self, start: int, stop: int) -> NDArray[np.float64]:
        """eta_t for start <= t < stop; one that is not positive and finite is an error that says at which t."""
        # One number for a formula without t: looked at once, and not copied for each step.
        found = self._at(np.arange(start, start + 1 if self.constant else stop, dtype=np.float64))
        bad = ~(np.isfinite(found) & (found > 0.0))
        etas = np.broadcast_to(found, (stop - start,))
        if bad.any():
            first = int(np.argmax(bad))
            message = f"eta = {self.formula} is {float(etas[first])!r} at t = {start + first}"
            raise UsageError(message, hint="a step size must be positive and finite at every step")
        return etas

    @cached_property
    def constant(self) -> bool:
        """Whether the formula is one number, whatever t is."""
        return self._at(np.zeros(1)).ndim == 0

    def _at(self, t: NDArray[np.float64]) -> NDArray[np.float64]:
        epoch = t * self.rows_per_step / self.values["N"]
        with np.errstate(all="ignore"):
            # As numpy's floats, 1/mu for mu = 0 is infinite and reported, not an exception of Python's.
            found = self.function(t, epoch, *(np.float64(self.values[name]) for name in ARGUMENTS[2:]))
        return np.asarray(found, dtype=np.float64)

    def blocks(self, steps: int) -> Iterator[NDArray[np.float64]]:
        """All step sizes of a run of `steps`, a block at a time."""
        for start in range(0, steps, BLOCK):
            yield self.etas(start, min(start + BLOCK, steps))


def schedule(formula: str, rows_per_step: int, values: dict[str, float], *, seconds: float = 10.0) -> Schedule:
    """The schedule of a formula."""
    return Schedule(formula, arrays(derived(formula, ARGUMENTS, seconds=seconds))[0], rows_per_step, values)
