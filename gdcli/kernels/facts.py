"""What is proven of a loss given by a formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Facts:
    """Of phi as a function of p: convex (with the reason), phi' continuous, and c = sup phi'' or infinity.

    `pieces`: the slopes (l, h) of phi = max(l u, h u) in u = p - y, or u = 1 - y p for labels, if it is that.
    """

    convex: bool
    reason: str
    smooth: bool
    curvature: float
    pieces: tuple[Fraction, Fraction] | None = None


def together(parts: Sequence[Facts]) -> Facts:
    """What holds of all of them; the reason is that of the first that is not convex, else of the first."""
    spoiler = next((part for part in parts if not part.convex), parts[0])
    return Facts(
        convex=spoiler.convex,
        reason=spoiler.reason,
        smooth=all(part.smooth for part in parts),
        curvature=max(part.curvature for part in parts),
    )
