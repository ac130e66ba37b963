"""Methods side by side: their gaps at equal work, and which of them comes to an accuracy with the least."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby

from gdcli.descent.rates.curve import Curve, at_x
from gdcli.descent.rates.trials import LEVELS
from gdcli.results.rate import MethodRate, Reach, Standing, Winner
from gdcli.risk.bounds.promise import AVERAGE

UNITS = {"evaluations": "fewest passes", "steps": "fewest steps", "time": "least time"}


def reach_at(reach: Reach, at: str) -> float | None:
    """T(eps) on the axis."""
    return {"evaluations": reach.passes, "steps": reach.step, "time": reach.seconds}[at]


def standings(found: Sequence[tuple[MethodRate, Sequence[Curve]]], at: str) -> tuple[Standing, ...]:
    """All gaps at the powers of ten of the axis that the last of the curves has begun at, and the longest has come to.

    A run that is at its goal stays there.
    """
    curves = [(curve, rate.at_goal) for rate, own in found for curve in own]
    axes = [curve.axis(at) for curve, _ in curves]
    begun = [float(axis[axis > 0.0][0]) for axis in axes if (axis > 0.0).any()]
    if not begun:
        return ()
    first = math.ceil(math.log10(max(begun)) - 1e-9)
    last = math.floor(math.log10(max(float(axis[-1]) for axis in axes)) + 1e-9)
    places = [10.0**power for power in range(first, last + 1)]
    return tuple(_standing(x, [at_x(curve, at, x, ended=goal) for curve, goal in curves]) for x in places)


def _standing(x: float, gaps: Sequence[tuple[float | None, bool]]) -> Standing:
    return Standing(x, tuple(gap for gap, _ in gaps), tuple(below for _, below in gaps))


def winners(methods: Sequence[MethodRate], at: str) -> tuple[Winner, ...]:
    """For each eps the first of the curves that need the least of the axis."""
    found = []
    for place, eps in enumerate(LEVELS):
        reached = [
            (x, rate.method, curve.of)
            for rate in methods
            for curve in rate.curves
            if (x := reach_at(curve.reaching[place], at)) is not None
        ]
        best = min(reached, key=lambda each: each[0], default=(None, None, None))
        found.append(Winner(eps, best[1], best[2], best[0]))
    return tuple(found)


def verdict(best: Sequence[Winner], at: str) -> str:
    """Which curve is best at which accuracy, in a sentence."""
    parts = []
    for (method, of), group in groupby(best, key=lambda winner: (winner.method, winner.of)):
        levels = [f"{winner.eps:.0e}" for winner in group]
        ends = levels[0] if len(levels) == 1 else f"{levels[0]} to {levels[-1]}"
        if method is None:
            parts.append(f"none comes to {levels[0]}" if len(levels) < len(best) else "no method comes to 1e-01")
        else:
            parts.append(f"{method}{' (average)' if of == AVERAGE else ''} for eps = {ends}")
    return f"{UNITS[at]}: {'; '.join(parts)}"
