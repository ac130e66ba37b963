"""Losses phi(p, y) as formulas. A new loss is one line: its derivatives come from the calculus.

`target` says what y must be: "real", "signs" for labels in {-1, +1}, or "counts" for numbers >= 0 (whole or not: rates
and weighted counts have a Poisson risk too). What is proven of phi as a function of p stands beside the formula, and
what is not proven is infinite: `curvature` c = sup phi'' (THEORY, section 3) and `concordance` s with
|phi'''| <= s phi'' (section 2).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from numpy import inf

from gdcli.errors import UsageError
from gdcli.kernels.cache import derived
from gdcli.kernels.interpret import Functions, arrays, scalars
from gdcli.kernels.ranges import ranges

HUBER = "(p - y)^2/2 if |p - y| <= {0} else {0}*|p - y| - {0}^2/2"


@dataclass(frozen=True, slots=True)
class Growth:
    """phi'' <= factor phi + offset(y), a formula in y: what bounds the curvature of R on {R <= R(theta0)}."""

    factor: float
    offset: str


@dataclass(frozen=True, slots=True)
class Loss:
    """A convex loss: its name, its formula in p (the prediction) and y (the target), and what is proven of it."""

    name: str
    formula: str
    target: str
    curvature: float
    concordance: float
    growth: Growth | None = None

    @property
    def bounded_below(self) -> bool:
        """Whether phi >= 0 is proven."""
        return self.target != "counts"


def huber(delta: str = "1") -> Loss:
    """Squared up to |p - y| = delta, linear beyond (Huber, 1964)."""
    name = "huber" if delta == "1" else f"huber({delta})"
    formula = HUBER.format(delta) if delta != "1" else "(p - y)^2/2 if |p - y| <= 1 else |p - y| - 1/2"
    return Loss(name, formula, target="real", curvature=1.0, concordance=inf)


LOSSES = {
    loss.name: loss
    for loss in (
        Loss("squared", "(p - y)^2/2", target="real", curvature=1.0, concordance=0.0),
        Loss("logistic", "softplus(-y*p)", target="signs", curvature=0.25, concordance=1.0),
        huber(),
        Loss("logcosh", "log(cosh(p - y))", target="real", curvature=1.0, concordance=2.0),
        Loss("squared_hinge", "relu(1 - y*p)^2", target="signs", curvature=2.0, concordance=inf),
        # phi'' = phi.
        Loss("exponential", "exp(-y*p)", "signs", curvature=inf, concordance=1.0, growth=Growth(1.0, "0")),
        # phi'' = exp(p), and exp(p)/2 - y p >= y - y log(2y): so exp(p) <= 2 phi + 2 y log(2y) - 2 y.
        Loss(
            "poisson",
            "exp(p) - y*p",
            target="counts",
            curvature=inf,
            concordance=1.0,
            growth=Growth(2.0, "2*y*log(1 + 2*y) - 2*y"),
        ),
    )
}
# huber(0.5): a loss with its parameter.
PARAMETRIC: dict[str, Callable[[str], Loss]] = {"huber": huber}
_CALL = re.compile(r"([a-z_]+)\s*\(\s*([0-9.]+(?:e[-+]?[0-9]+)?)\s*\)")


@dataclass(frozen=True, slots=True)
class LossKernel:
    """phi, phi' and phi'' in p: over arrays, over ranges, phi' over floats, and all as texts to show."""

    loss: Loss
    value: Callable[[Any, Any], Any]
    first: Callable[[Any, Any], Any]
    second: Callable[[Any, Any], Any]
    first_scalar: Callable[[float, float], float]
    shown: tuple[str, str, str]
    over: Functions = field(repr=False)


def find(name: str) -> Loss:
    """The loss called `name`, or the one of a family with its parameter: huber(0.5)."""
    if name in LOSSES:
        return LOSSES[name]
    call = _CALL.fullmatch(name.strip())
    if call is not None and call[1] in PARAMETRIC:
        return PARAMETRIC[call[1]](_positive(call[2], name))
    raise UsageError(f"unknown loss {name!r}", hint=f"the losses are {', '.join(LOSSES)}")


def _positive(number: str, name: str) -> str:
    try:
        value = float(number)
    except ValueError:
        value = 0.0
    if not 1e-100 <= value <= 1e100:
        raise UsageError(f"the parameter of {name} is not a positive number", hint="write huber(0.5)")
    return f"{int(value)}" if value.is_integer() and value < 1e15 else number


def compile_loss(loss: Loss, seconds: float = 10.0) -> LossKernel:
    """The loss's derivatives, ready to run."""
    found = derived(loss.formula, ("p", "y"), order=2, seconds=seconds)
    value, first, second = arrays(found)
    shown = (loss.formula, found.shown[1], found.shown[2])
    return LossKernel(loss, value, first, second, scalars(found)[1], shown, ranges(found))
