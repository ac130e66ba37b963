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
from fractions import Fraction
from typing import Any

import numpy as np
from numpy import inf
from numpy.typing import NDArray

from gdcli.data.room import room
from gdcli.errors import UsageError
from gdcli.kernels.cache import derived
from gdcli.kernels.derived import Derived
from gdcli.kernels.interpret import Functions, arrays, scalars
from gdcli.kernels.pieces import in_pieces
from gdcli.kernels.ranges import ranges
from gdcli.language.budget import USUAL, Budget, within
from gdcli.suggest import suggestion

Vector = NDArray[np.float64]
# Up to this many different targets a formula is judged for each of them.
FEW = 4

# The loss of K classes has K predictions; its formula stands in `models.softmax_kernel`.
SOFTMAX = "softmax"
# The name of a loss by a formula of the user's own.
CUSTOM = "custom"
ONE = Fraction(1)
HUBER = "(p - y)^2/2 if |p - y| <= {0} else {0}*|p - y| - {0}^2/2"


@dataclass(frozen=True, slots=True)
class Growth:
    """phi'' <= factor phi + offset(y), a formula in y: what bounds the curvature of R on {R <= R(theta0)}."""

    factor: float
    offset: str


@dataclass(frozen=True, slots=True)
class Loss:
    """A loss: its name, its formula in p (the prediction) and y (the target), and what is proven of it.

    `convex` in p, with the reason; `smooth`: phi' is continuous; `lipschitz` sup |phi'|. `pieces` are
    the slopes l <= 0 <= h of a loss with one kink, phi = max(l u, h u) in u = p - y, or u = 1 - y p for labels.
    """

    name: str
    formula: str
    target: str
    curvature: float
    concordance: float
    growth: Growth | None = None
    convex: bool = True
    smooth: bool = True
    reason: str = ""
    lipschitz: float = inf
    pieces: tuple[Fraction, Fraction] | None = None


def huber(delta: str = "1") -> Loss:
    """Squared up to |p - y| = delta, linear beyond (Huber, 1964)."""
    name = "huber" if delta == "1" else f"huber({delta})"
    formula = HUBER.format(delta) if delta != "1" else "(p - y)^2/2 if |p - y| <= 1 else |p - y| - 1/2"
    return Loss(name, formula, target="real", curvature=1.0, concordance=inf, lipschitz=float(delta))


def quantile(tau: str = "0.5") -> Loss:
    """tau times what lies above the prediction and 1 - tau times what lies below (Koenker and Bassett, 1978)."""
    level = float(tau)
    if not 0.0 < level < 1.0:
        raise UsageError(f"quantile({tau}) is not between 0 and 1", hint="write quantile(0.9)")
    formula = f"{tau}*relu(y - p) + (1 - {tau})*relu(p - y)"
    name = "quantile" if tau == "0.5" else f"quantile({tau})"
    steepest = max(level, 1.0 - level)
    pieces = (-Fraction(tau), 1 - Fraction(tau))
    return Loss(name, formula, "real", inf, inf, smooth=False, lipschitz=steepest, pieces=pieces)


LOSSES = {
    loss.name: loss
    for loss in (
        Loss("squared", "(p - y)^2/2", target="real", curvature=1.0, concordance=0.0),
        Loss("logistic", "softplus(-y*p)", target="signs", curvature=0.25, concordance=1.0, lipschitz=1.0),
        Loss("absolute", "|p - y|", "real", inf, inf, smooth=False, lipschitz=1.0, pieces=(-ONE, ONE)),
        quantile(),
        Loss("hinge", "relu(1 - y*p)", "signs", inf, inf, smooth=False, lipschitz=1.0, pieces=(0 * ONE, ONE)),
        huber(),
        Loss("logcosh", "log(cosh(p - y))", target="real", curvature=1.0, concordance=2.0, lipschitz=1.0),
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
PARAMETRIC: dict[str, Callable[[str], Loss]] = {"huber": huber, "quantile": quantile}
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
    derived: Derived = field(repr=False)


def find(name: str) -> Loss:
    """The loss called `name`, or the one of a family with its parameter: huber(0.5)."""
    if name in LOSSES:
        return LOSSES[name]
    if name == SOFTMAX:
        message = "softmax loss takes one prediction for each class, and this model makes one"
        raise UsageError(message, hint="leave --model away, or take another --loss")
    call = _CALL.fullmatch(name.strip())
    if call is not None and call[1] in PARAMETRIC:
        return PARAMETRIC[call[1]](_positive(call[2], name))
    known = (*LOSSES, SOFTMAX)
    near = suggestion(name.partition("(")[0].strip(), known)
    raise UsageError(f"unknown loss {name!r}", hint=f"{near}the losses are {', '.join(known)}")


def _positive(number: str, name: str) -> str:
    try:
        value = float(number)
    except ValueError:
        value = 0.0
    if not 1e-100 <= value <= 1e100:
        raise UsageError(f"the parameter of {name} is not a positive number", hint="write huber(0.5)")
    return f"{int(value)}" if value.is_integer() and value < 1e15 else number


def is_formula(name: str) -> bool:
    """Whether --loss is a formula of the user's own, not the name of a loss (or of none), with a number or without."""
    return name not in LOSSES and not name.isidentifier() and _CALL.fullmatch(name.strip()) is None


def compile_formula(formula: str, target: str, y: Vector, budget: Budget = USUAL) -> LossKernel:
    """A loss by a formula in p and y, with what is proven of it for the targets y.

    Raises FormulaError for another name in it, UsageError where p is absent, ExhaustedError beyond the budget.
    """
    from gdcli.language import parse
    from gdcli.language.tree import Variable, walk

    if "p" not in {
        node.name for node, _ in walk(parse(formula, variables=("p", "y")).tree) if isinstance(node, Variable)
    }:
        raise _without_p(formula)
    from gdcli.kernels.proof import derived_with_facts

    few = np.unique(y)
    ends = (few if len(few) <= FEW else few[[0, -1]]).tolist()
    found, facts = within(derived_with_facts, formula, ends, len(few) <= FEW, target == "signs", budget=budget)
    if found.shown[1] == "0":
        raise _without_p(formula)
    loss = Loss(
        name=CUSTOM,
        formula=formula,
        target=target,
        curvature=facts.curvature,
        concordance=inf,
        convex=facts.convex or facts.pieces is not None,
        smooth=facts.smooth,
        reason=facts.reason if facts.pieces is None else "two straight pieces, the slope rises at their kink",
        lipschitz=steepest(found, few),
        pieces=facts.pieces,
    )
    return ready(loss, found)


def steepest(found: Derived, y: Vector) -> float:
    """sup |phi'| over all p, for these targets."""
    return float(np.max(np.abs(_ranges(found)[1](np.full_like(y, -inf), np.full_like(y, inf), y))))


def _without_p(formula: str) -> UsageError:
    return UsageError(f"the loss {formula} does not depend on p", hint='p is the prediction: --loss "(p - y)^4"')


def _quiet(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function with an array for a constant, and nan or infinity, without a warning, where it is undefined."""

    def over(p: Any, y: Any) -> Any:
        with np.errstate(all="ignore"):
            return np.zeros_like(p) + function(p, y)

    return over


def _careful(
    function: Callable[[float, float], float], over: Callable[[Any, Any], Any]
) -> Callable[[float, float], float]:
    """The function; as arrays have it (with nan and infinity) where a piece of it is undefined or no double."""

    def at(p: float, y: float) -> float:
        try:
            return function(p, y)
        except (ArithmeticError, ValueError):
            return float(over(np.float64(p), np.float64(y)))

    return at


def compile_loss(loss: Loss, budget: Budget = USUAL) -> LossKernel:
    """The loss's derivatives, ready to run."""
    return ready(loss, derived(loss.formula, ("p", "y"), order=2, budget=budget))


def ready(loss: Loss, found: Derived) -> LossKernel:
    """The kernel of a loss from its derivatives: no formula is read, so that it costs little wherever it is needed."""
    own = loss.name == CUSTOM
    value, first, second = (in_pieces(_quiet(function) if own else function, room) for function in arrays(found))
    slope = scalars(found)[1]
    shown = (loss.formula, found.shown[1], found.shown[2])
    return LossKernel(
        loss, value, first, second, _careful(slope, first) if own else slope, shown, _ranges(found), found
    )


def _ranges(found: Derived) -> Functions:
    return tuple(in_pieces(function, room) for function in ranges(found))
