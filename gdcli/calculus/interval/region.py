"""The set over which a claim is made: a box, or all of R^n, as doubles on both sides of its exact ends."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import cycle, islice, product

import mpmath
import sympy

from gdcli.calculus.exact import sign_of
from gdcli.calculus.interval.arithmetic import WHOLE, Interval, around
from gdcli.calculus.interval.box import End, Ranges
from gdcli.calculus.interval.functions import enclose
from gdcli.errors import UsageError
from gdcli.language.build import build
from gdcli.language.text import text

SAMPLES = 400
"""Places at which a formula is tried, at the most."""
FIRST = 16
"""Short places that come before the corners."""


@dataclass(frozen=True)
class Region:
    """`outer` holds the box, `inner` lies within it (they differ where an end is no double); `shown` names it."""

    outer: tuple[Interval, ...]
    inner: tuple[Interval, ...]
    shown: str

    @classmethod
    def of(cls, ranges: Ranges) -> Region:
        """The region of what the user typed. Raises UsageError for a range that is empty."""
        outer: list[Interval] = []
        inner: list[Interval] = []
        words: list[str] = []
        for name, (low, high) in ranges.ends.items():
            a, b = _number(low), _number(high)
            if a is not None and b is not None and sign_of(b - a) != 1:
                raise UsageError(
                    f"the range of {name} is empty: {text(a)}..{text(b)}",
                    hint=f"write the smaller end first: {name}=-2..2",
                )
            below = (-math.inf, -math.inf) if a is None else enclosure(a)
            above = (math.inf, math.inf) if b is None else enclosure(b)
            outer.append((below[0], above[1]))
            inner.append((below[1], above[0]))
            words.append(f"{name} in [{'-inf' if a is None else text(a)}, {'inf' if b is None else text(b)}]")
        free = all(low is None and high is None for low, high in ranges.ends.values())
        return cls(tuple(outer), tuple(inner), _space(len(outer)) if free else _joined(words))

    @property
    def whole(self) -> bool:
        """Whether it is all of R^n."""
        return all(part == WHOLE for part in self.outer)

    @property
    def bounded(self) -> bool:
        """Whether every range has both ends."""
        return all(math.isfinite(end) for part in self.outer for end in part)

    def holds(self, place: dict[sympy.Symbol, sympy.Expr], variables: tuple[sympy.Symbol, ...]) -> bool:
        """Whether a point of exact numbers is proven to lie in the region."""
        ends = zip(self.inner, (enclosure(place[v]) for v in variables), strict=True)
        return all(low <= point[0] and point[1] <= high for (low, high), point in ends)

    def samples(self) -> Iterator[tuple[float, ...]]:
        """Places with short coordinates, and corners: where a formula shows what it is."""
        n = len(self.inner)
        grids = [_short(part) for part in self.inner]
        if n > 8:
            yield from islice(zip(*map(cycle, grids), strict=False), SAMPLES)
            return
        depth = max(2, round(SAMPLES ** (1 / max(n, 1))))
        short = product(*(grid[:depth] for grid in grids))
        yield from islice(short, FIRST)
        yield from islice(product(*(corners(part) for part in self.inner)), SAMPLES // 4)
        yield from short


def corners(part: Interval) -> tuple[float, ...]:
    """The finite ends of a range, or a place in it."""
    ends = tuple(end for end in part if math.isfinite(end))
    return ends or (0.0,)


def enclosure(number: sympy.Expr) -> Interval:
    """Doubles on both sides of an exact real number."""
    if number.is_Rational:
        return around(Fraction(int(number.p), int(number.q)))
    return enclose(lambda: mpmath.mpf(number.evalf(60)._to_mpmath(mpmath.mp.prec)))


def _number(end: End) -> sympy.Expr | None:
    return None if end is None else build(end)


def _space(n: int) -> str:
    return "R" if n == 1 else f"R^{n}"


def _joined(words: list[str]) -> str:
    if len(words) > 3 and len({word.partition(" ")[2] for word in words}) == 1:
        return f"{words[0].partition(' ')[0]}, ..., {words[-1]}"
    return ", ".join(words)


def _short(part: Interval) -> list[float]:
    """Places in a range: small halves and integers, the middle, the ends, then wider."""
    low, high = part
    wanted = [0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, -3.0, 1.5, -1.5, 5.0, -5.0, 10.0, -10.0, 100.0, -100.0]
    if math.isfinite(low) and math.isfinite(high):
        wanted += [low + (high - low) * k / 8 for k in (4, 2, 6, 1, 7, 3, 5)]
    wanted += [end for end in part if math.isfinite(end)]
    inside = [x for x in dict.fromkeys(wanted) if low <= x <= high]
    return inside or [low if math.isfinite(low) else high - 1.0]
