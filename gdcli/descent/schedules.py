"""Step-size schedules eta(t): formulas in t, epoch, L, L_max, mu, N, T and eta0, in the language of all formulas."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from gdcli.errors import FormulaError, UsageError
from gdcli.kernels.cache import derived
from gdcli.kernels.derived import Derived
from gdcli.kernels.interpret import scalars

ARGUMENTS = ("t", "epoch", "L", "L_max", "mu", "N", "T", "eta0")


@dataclass(frozen=True, slots=True)
class Schedule:
    """eta(t; epoch, L, L_max, mu, N, T, eta0), t = 0, 1, ..., and the formula it came from."""

    formula: str
    function: Callable[..., float]
    values: dict[str, float]

    def __call__(self, t: int) -> float:
        """eta_t; a step size that is not positive and finite is an error that says at which t."""
        try:
            eta = float(self.function(t, t / self.values["N"], *(self.values[name] for name in ARGUMENTS[2:])))
        except (ArithmeticError, ValueError):
            eta = math.nan
        if not (math.isfinite(eta) and eta > 0.0):
            raise UsageError(f"eta = {self.formula} is {eta} at t = {t}", hint="a step size must be positive and finite")
        return eta

    @property
    def constant(self) -> bool:
        """Whether eta is the same at every step."""
        return self(0) == self(1) == self(1000)


def schedule(formula: str, values: dict[str, float], *, seconds: float = 10.0) -> Schedule:
    """The schedule of a formula; a plain number needs no calculus."""
    try:
        number = float(formula)
    except ValueError:
        function = scalars(_derive(formula, seconds))[0]
    else:
        function = _constant(number)
    return Schedule(formula, function, values)


def _constant(number: float) -> Callable[..., float]:
    return lambda *arguments: number


def _derive(formula: str, seconds: float) -> Derived:
    try:
        return derived(formula, ARGUMENTS, seconds=seconds)
    except FormulaError as error:
        error.hint = error.hint or f"a step size is a formula in {', '.join(ARGUMENTS)}"
        raise
