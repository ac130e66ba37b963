"""What a theorem promises, and what it needs to know of a run."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from gdcli.risk.constants import Smoothness
from gdcli.risk.empirical import Vector

LAST = "last iterate"
AVERAGE = "averaged iterate"


@dataclass(frozen=True, slots=True)
class Promise:
    """A bound on the gap of the iterate `of`, its name and its condition.

    Where the condition is not `met` the value is infinite, and `why` says what is missing.
    """

    value: float
    name: str
    condition: str
    of: str = LAST
    met: bool = True
    why: str = ""


@dataclass(frozen=True, slots=True)
class StepSizes:
    """What the bounds need of eta_0, ..., eta_{T-1}: T, their sum, that of their squares, the least and the largest.

    `slopes` is sum eta_t^2 ||g_t||^2 over the gradients that were taken, not a number where nobody added them up.
    """

    count: int
    total: float
    squares: float
    least: float
    largest: float
    slopes: float = math.nan

    @classmethod
    def of(cls, etas: Vector, slopes: float = math.nan) -> StepSizes:
        """The sums over eta_0, ..., eta_{T-1}."""
        total, squares = float(np.sum(etas)), float(np.dot(etas, etas))
        return cls(len(etas), total, squares, float(np.min(etas)), float(np.max(etas)), slopes)

    @property
    def constant(self) -> bool:
        """Whether all are the same."""
        return self.least == self.largest


@dataclass(frozen=True, slots=True)
class Course:
    """A run so far and what is known of its risk.

    `distance` D from theta0 to a minimiser, infinite where there is none; `gap0` R(theta0) - R*; `omega` what R at that
    minimiser may be above R*, infinite where nothing is proven; `ridge` the largest lambda; `origin`: theta0 = 0.
    For drawn rows: `sigma2` the mean ||grad phi_i(theta*)||^2 over the size of a batch, `b` the constant of the
    averaging weights (nan: weights eta_t), `uniform`: rows are drawn with replacement. `wobble` bounds the distance by
    which rounding moves one step. `averaging`: the kind of average that is kept; `doubt`: why what a theorem says of
    the method no longer holds.
    """

    constants: Smoothness
    sizes: StepSizes
    convex: bool
    distance: float
    gap0: float
    omega: float = 0.0
    ridge: float = 0.0
    origin: bool = True
    sigma2: float = math.nan
    b: float = math.nan
    uniform: bool = True
    wobble: float = 0.0
    averaging: str | None = "weighted"
    doubt: str = ""

    @property
    def largest_h(self) -> float:
        """The largest eta_t L."""
        return self.sizes.largest * self.constants.L


Check = tuple[bool, str]


def promise(name: str, condition: str, checks: Iterable[Check], value: Callable[[], float], of: str = LAST) -> Promise:
    """The bound where all checks hold, else the first reason why not."""
    why = next((reason for holds, reason in checks if not holds), "")
    found = math.inf if why else value()
    if not (why or math.isfinite(found)):
        found, why = math.inf, "it is no number that a double holds"
    return Promise(found, name, condition, of, not why, why)


def times(name: str, product: float) -> str:
    """eta L or eta L_max = `product`, as a reason has it."""
    return f"{name} = {product:.4g}" if math.isfinite(product) else f"{name} is too large for a double"


def begun(course: Course) -> Check:
    """A bound speaks of what steps have done."""
    return course.sizes.count >= 1, "no step has been taken"


def is_convex(course: Course) -> Check:
    """R is proven convex."""
    return course.convex, "R is not known to be convex"


def has_minimiser(course: Course) -> list[Check]:
    """There is a minimiser to have a distance from, and it is proven to be one up to omega."""
    return [
        (math.isfinite(course.distance), "no minimiser exists"),
        (math.isfinite(course.omega), "the minimiser is computed, not proven"),
    ]


def is_proven(course: Course) -> Check:
    """R* is known up to omega."""
    return math.isfinite(course.omega), "R* is computed, not proven"


def is_constant(course: Course) -> Check:
    """One step size."""
    return course.sizes.constant, "eta_t is not constant"


def unbroken(course: Course) -> Check:
    """The method went on as its theorem has it."""
    return not course.doubt, course.doubt


def is_weighted(course: Course) -> Check:
    """The average has the weights of the bounds."""
    return course.averaging == "weighted", _other_average(course)


def is_plain(course: Course) -> Check:
    """The average is that of all iterates with equal weights, as any is whose weights follow from a constant eta."""
    return course.averaging in ("weighted", "polyak"), _other_average(course)


def _other_average(course: Course) -> str:
    return "no average is kept" if course.averaging is None else "the average kept has other weights"


def starts_at_zero(course: Course) -> Check:
    """theta0 = 0."""
    return course.origin, "theta0 is not 0"
