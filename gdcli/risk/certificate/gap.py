"""The risk gap as an interval, and what every certificate offers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Protocol, TypeVar

from gdcli.risk.empirical import Vector
from gdcli.risk.optimum.found import Optimum

# An interval this narrow, relative to the gap, needs no better way.
DIGITS = 1e-9


@dataclass(frozen=True, slots=True)
class Gap:
    """A number known to lie in [lower, upper]; `value` is the best estimate in it."""

    lower: float
    value: float
    upper: float


def has_digits(gap: Gap) -> bool:
    """Whether the interval leaves the gap nine digits."""
    return gap.upper - gap.lower <= DIGITS * gap.value


def interval(centre: float, error: float, below: float) -> Gap:
    """[centre - error, centre + error + below], of a gap, which is never negative."""
    lower, upper = max(0.0, centre - error), max(0.0, centre) + error + below
    return Gap(lower, min(max(centre, lower), upper), upper)


C = TypeVar("C")


def remembered(gap: Callable[[C, Vector], Gap]) -> Callable[[C, Vector], Gap]:
    """A certificate's `gap` that keeps its last answer: theta_0 and where a run ends are asked for more than once."""

    @wraps(gap)
    def asked(certificate: C, theta: Vector) -> Gap:
        key, latest = theta.tobytes(), vars(certificate).get("_latest")
        if latest is None or latest[0] != key:
            latest = vars(certificate)["_latest"] = key, gap(certificate, theta)
        found: Gap = latest[1]
        return found

    return asked


def both(a: Gap, b: Gap) -> Gap:
    """What both say, with the value of the one that says more."""
    lower, upper = max(a.lower, b.lower), min(a.upper, b.upper)
    value = min((a, b), key=lambda gap: gap.upper - gap.lower).value
    return Gap(lower, min(max(value, lower), upper), upper)


class Certificate(Protocol):
    """The optimum found and its proof: R(theta_hat) - R* <= omega, infinite where nothing is proven.

    `decrement` nu and `concordance` S are nan where omega rests on something else.
    """

    @property
    def optimum(self) -> Optimum:
        """R* and a minimiser."""

    @property
    def decrement(self) -> float:
        """nu = ||g||_{H^-1} at theta_hat."""

    @property
    def concordance(self) -> float:
        """S of |D^3 R[d,d,d]| <= S ||d||_H D^2 R[d,d]."""

    @property
    def omega(self) -> float:
        """A bound on R(theta_hat) - R*."""

    def gap(self, theta: Vector) -> Gap:
        """The interval that contains R(theta) - R*."""
