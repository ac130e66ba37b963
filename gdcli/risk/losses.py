"""Losses phi(p, y) as formulas. A new loss is one line: its derivatives come from the calculus.

`target` says what y must be: "real", or "signs" for labels in {-1, +1}. `curvature` is sup phi'' over p (its
smoothness in the prediction) and `concordance` the s with |phi'''| <= s phi''; THEORY: c and S per unit row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gdcli.errors import UsageError
from gdcli.kernels.cache import derived
from gdcli.kernels.interpret import arrays, scalars


@dataclass(frozen=True, slots=True)
class Loss:
    """A loss: its name, its formula in p (the prediction) and y (the target), and what is proven of it."""

    name: str
    formula: str
    target: str
    curvature: float
    concordance: float


LOSSES = {
    loss.name: loss
    for loss in (
        Loss("squared", "(p - y)^2/2", target="real", curvature=1.0, concordance=0.0),
        Loss("logistic", "softplus(-y*p)", target="signs", curvature=0.25, concordance=1.0),
    )
}


@dataclass(frozen=True, slots=True)
class LossKernel:
    """phi, phi' and phi'' in p: over arrays, phi' over floats, and all as texts to show."""

    loss: Loss
    value: Callable[[Any, Any], Any]
    first: Callable[[Any, Any], Any]
    second: Callable[[Any, Any], Any]
    first_scalar: Callable[[float, float], float]
    shown: tuple[str, str, str]


def find(name: str) -> Loss:
    """The loss called `name`."""
    if name not in LOSSES:
        raise UsageError(f"unknown loss {name!r}", hint=f"the losses are {', '.join(LOSSES)}")
    return LOSSES[name]


def compile_loss(loss: Loss) -> LossKernel:
    """The loss's derivatives, ready to run."""
    found = derived(loss.formula, ("p", "y"), order=2)
    value, first, second = arrays(found)
    shown = (loss.formula, found.shown[1], found.shown[2])
    return LossKernel(loss, value, first, second, scalars(found)[1], shown)
