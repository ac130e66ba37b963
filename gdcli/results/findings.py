"""What is found of a run at its end: what the theory promised, its average, the kinks it met, its times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bound:
    """A theorem's promise for the gap after T steps, and whether this run meets its `condition` (`why` not).

    `value` bounds the gap `of` the last or the averaged iterate, `ratio` = value/measured gap, and `holds` says whether
    it is at least 1 (None for a value below the rounding of R, which doubles cannot reach); all None where the
    condition is not met, or the gap is 0. `expected`: the promise is for the mean
    over all draws, so a single run may lie above it.
    """

    name: str
    condition: str
    met: bool
    why: str
    of: str
    expected: bool
    value: float | None
    ratio: float | None
    holds: bool | None


@dataclass(frozen=True, slots=True)
class Averaged:
    """The weighted average of the iterates: its gap in [gap_lower, gap_upper], theta in the file's units."""

    gap: float
    gap_lower: float
    gap_upper: float
    theta: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Kinks:
    """What happens at theta_T where the loss has kinks (THEORY, section 6).

    `rows`: how many predictions sit at one; `left` and `right`: the least and the greatest one-sided derivative of
    their losses, and `used` the least and the greatest slope taken there, None for no row; `gradient_norm` of the
    subgradient of R so made, `least_norm` of the shortest, None where it is not worked out; `proven_zero`: 0 is proven
    to be a subgradient at the optimum.
    """

    rows: int
    left: float | None
    right: float | None
    used: tuple[float, float] | None
    gradient_norm: float
    least_norm: float | None
    proven_zero: bool


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds: `reading` the data, `preparing` the run (R*, its proof, the constants), `descent`, and their sum.

    `reading` and `preparing` are None where nobody took them.
    """

    reading: float | None
    preparing: float | None
    descent: float
    total: float | None
