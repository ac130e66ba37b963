"""The linear part of f at a point and what it leaves: f(x0 + h) = f(x0) + grad f(x0)^T h + r(h).

f is differentiable at x0 exactly when r(h)/||h|| -> 0 (the lecture's o(||h||)).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import mpmath
import sympy

from gdcli.calculus.definition import Local, Point, local, to_mpf
from gdcli.calculus.function import Function
from gdcli.calculus.numeric import Numeric
from gdcli.calculus.tidy import expanded, tidy
from gdcli.calculus.words import reason
from gdcli.errors import DomainError

DIGITS = 120
"""Working digits of the decay table: 50 and more are left of a remainder of order 10 at h = 10^-6."""
STEPS = 6
LETTERS = ("h", "k", "s", "t", "delta")
"""What the step is called: the first that no variable bears."""


@dataclass(frozen=True)
class Decay:
    """|r(t u)|/t for t = 10^-1 ... 10^-6 along unit directions u; None where f is not defined at x0 + t u."""

    directions: tuple[tuple[Any, ...], ...]
    steps: tuple[Any, ...]
    ratios: tuple[tuple[Any, ...], ...]

    @property
    def order(self) -> float | None:
        """p in max |r| ~ t^p, from the two smallest t; None where r vanishes there or f is not defined."""
        last = [[ratio for ratio in row if ratio] for row in self.ratios[-2:]]
        if not all(last):
            return None
        big, small = (max(row) for row in last)
        return float(1 + mpmath.log10(big / small))


@dataclass(frozen=True)
class Linearization:
    """f near x0: `value` f(x0), `gradient` grad f(x0) (d,), and the remainder they leave."""

    function: Function
    point: Point
    local: Local
    letters: Sequence[str] = LETTERS

    @classmethod
    def at(cls, function: Function, point: Point) -> Linearization:
        """The linearization at `point` (exact numbers by variable name).

        Raises DomainError where f has no value or no gradient there.
        """
        return cls.of(function, point, local(function, point))

    @classmethod
    def of(cls, function: Function, point: Point, found: Local, letters: Sequence[str] = LETTERS) -> Linearization:
        """The linearization where f at the point is known already; DomainError where it has no gradient."""
        for variable, slope in zip(function.variables, found.slopes, strict=True):
            if slope.kind != "value":
                raise DomainError(
                    f"f has no tangent here: in {variable} {reason(slope)}",
                    hint="a tangent needs a finite derivative in every variable; choose another point",
                )
        return cls(function, point, found, letters)

    @property
    def value(self) -> sympy.Expr:
        """f(x0)."""
        return self.local.value

    @property
    def gradient(self) -> tuple[sympy.Expr, ...]:
        """grad f(x0) as exact numbers, in the order of the variables."""
        return tuple(slope.value for slope in self.local.slopes)

    @cached_property
    def steps(self) -> tuple[sympy.Symbol, ...]:
        """The symbols of h: h for one variable, else h1, h2 for x1, x2 and h_x, h_y for x, y."""
        names = step_names([v.name for v in self.function.variables], self.letters)
        return tuple(sympy.Symbol(name, real=True) for name in names)

    def tangent(self, place: Sequence[sympy.Expr]) -> sympy.Expr:
        """f(x0) + grad f(x0)^T (x - x0)."""
        offsets = (x - self.point[v.name] for x, v in zip(place, self.function.variables, strict=True))
        return sympy.Add(self.value, *(g * h for g, h in zip(self.gradient, offsets, strict=True)))

    @cached_property
    def remainder(self) -> sympy.Expr:
        """r(h) = f(x0 + h) - f(x0) - grad f(x0)^T h in closed form."""
        place = {v: self.point[v.name] + h for v, h in zip(self.function.variables, self.steps, strict=True)}
        linear = (-g * h for g, h in zip(self.gradient, self.steps, strict=True))
        rest = sympy.Add(self.function.expr.xreplace(place), -self.value, *linear)
        if rest.is_polynomial(*self.steps):
            return expanded(rest)
        return min((tidy(rest), expanded(rest)), key=sympy.count_ops)

    def decay(self) -> Decay:
        """The table of |r(h)|/||h|| along `directions`."""
        units = directions(len(self.function.variables))
        return Decay(units, decay_steps(), self.errors(self.gradient, units))

    def errors(self, slope: Sequence[sympy.Expr], units: Sequence[Sequence[Any]]) -> tuple[tuple[Any, ...], ...]:
        """|f(x0 + t u) - f(x0) - t slope^T u|/t in 120 digits: a row for each step t, a column for each direction u."""
        numeric = Numeric(self.function.tree)
        names = [v.name for v in self.function.variables]
        with mpmath.workdps(DIGITS):
            start = [to_mpf(self.point[name]) for name in names]
            value, slopes = to_mpf(self.value), [to_mpf(c) for c in slope]

            def error(t: Any, unit: Sequence[Any]) -> Any:
                end = numeric.at({name: a + t * u for name, a, u in zip(names, start, unit, strict=True)})
                return None if end is None else _negligible(abs(end - value - t * mpmath.fdot(slopes, unit)) / t)

            return tuple(tuple(error(t, unit) for unit in units) for t in decay_steps())


def decay_steps() -> tuple[Any, ...]:
    """t = 10^-1 ... 10^-6 in 120 digits."""
    with mpmath.workdps(DIGITS):
        return tuple(mpmath.mpf(10) ** -k for k in range(1, STEPS + 1))


def directions(d: int) -> tuple[tuple[Any, ...], ...]:
    """h > 0 and h < 0 on the line; from two variables on the diagonal, (1, -1, 1, ...) and the first axis."""
    if d == 1:
        return (mpmath.mpf(1),), (mpmath.mpf(-1),)
    with mpmath.workdps(DIGITS):
        c = 1 / mpmath.sqrt(d)
    axis = (mpmath.mpf(1),) + (mpmath.mpf(0),) * (d - 1)
    return (c,) * d, tuple(c * (-1) ** i for i in range(d)), axis


def step_names(variables: Sequence[str], letters: Sequence[str] = LETTERS) -> list[str]:
    """Names for the components of h that no variable bears."""
    letter = free_letter(letters, variables)
    if len(variables) == 1:
        return [letter]
    numbers = [re.fullmatch(r"[A-Za-z]+(\d+)", v) for v in variables]
    if len({v.rstrip("0123456789") for v in variables}) == 1 and all(numbers):
        return [letter + match.group(1) for match in numbers if match]
    return [f"{letter}_{v}" for v in variables]


def free_letter(letters: Sequence[str], variables: Sequence[str]) -> str:
    """The first of `letters` that no variable bears, alone or with a subscript; the last where all are taken."""
    return next((name for name in letters if not any(_bears(v, name) for v in variables)), letters[-1])


def _bears(variable: str, letter: str) -> bool:
    return re.fullmatch(rf"{letter}(\d.*|_.*)?", variable) is not None


def _negligible(ratio: Any) -> Any:
    """Zero for what is only rounding at the working precision."""
    return mpmath.mpf(0) if ratio < mpmath.mpf(10) ** (20 - DIGITS) else ratio
