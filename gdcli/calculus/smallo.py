"""The lecture's o(.): when a remainder is o(||h||), and the rules by which composed remainders stay o(||h||).

r(h) = o(||h||) means r(h)/||h|| -> 0 as h -> 0. Three rules carry the chain rule:

    c o(||h||) = o(||h||),   o(||h||) + o(||h||) = o(||h||),   o(||l(h)||) = o(||h||) where ||l(h)|| <= C ||h||.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

import sympy

from gdcli.calculus.definition import Local, Point
from gdcli.calculus.differentiability import words
from gdcli.calculus.differentiability.verdict import decide
from gdcli.calculus.function import Function
from gdcli.language.text import text


class Law(Enum):
    """A rule of the o(.) calculus as it is printed, {n} standing for ||h|| or |h|."""

    MULTIPLE = "c o({n}) = o({n})"
    SUM = "o({n}) + o({n}) = o({n})"
    LINEAR = "o(l(h)) = o({n}) where |l(h)| <= C {n}"
    BOUND = "r_f(h) = o({n}), so |r_f(h)| <= {n} near 0"


@dataclass(frozen=True)
class Step:
    """One line of the absorption of remainders, and the rule that gives it (None: it states what is known)."""

    statement: str
    law: str | None


@dataclass(frozen=True)
class Vanishing:
    """Whether r(h) = o(||h||), that is whether f is differentiable: "yes", "no" or "undecided", and why.

    `found` is f at the point, a partial that only the verdict could settle among its slopes.
    """

    answer: str
    reasons: tuple[str, ...]
    found: Local


def vanishing(function: Function, point: Point, found: Local) -> Vanishing:
    """The verdict on the remainder of f at `point`, where `found` is f there."""
    if found.smooth:
        return Vanishing("yes", (f"{words.SMOOTH}.",), found)
    verdict = decide(function, point)
    names = [v.name for v in function.variables]
    reasons = words.differentiability(verdict, names, [point[name] for name in names])
    waves = (pair for pair in zip(names, verdict.partials, strict=True) if pair[1].wave is not None)
    reasons = (*reasons, *(f"df/d{name}: {words.slope(partial)}." for name, partial in waves))
    settled = replace(found, slopes=tuple(partial.slope for partial in verdict.partials))
    return Vanishing(verdict.differentiable.answer, reasons, settled)


def absorption(
    inner: Sequence[Sequence[sympy.Expr]], outer: Sequence[Sequence[sympy.Expr]], variables: int
) -> tuple[Step, ...]:
    """How r(h) = B r_f(h) + r_g(A h + r_f(h)) becomes o(||h||), for A = Df(x0) (m, d) and B = Dg(f(x0)) (p, m)."""
    n = "|h|" if variables == 1 else "||h||"
    a, b = (text(_norm(matrix)) for matrix in (inner, outer))
    bound = text(_norm(inner) + 1)

    def step(statement: str, law: Law | None) -> Step:
        return Step(statement, None if law is None else law.value.format(n=n))

    return (
        step("r(h) = B r_f(h) + r_g(k) where k = A h + r_f(h)", None),
        step(f"B r_f(h) = o({n}), since |B r_f(h)| <= |B| |r_f(h)|, |B| = {b}", Law.MULTIPLE),
        step(f"|k| <= |A| {n} + |r_f(h)| <= C {n} near 0, |A| = {a}, C = {bound}", Law.BOUND),
        step(f"r_g(k) = o(|k|) = o({n})", Law.LINEAR),
        step(f"r(h) = o({n})", Law.SUM),
    )


def _norm(matrix: Sequence[Sequence[sympy.Expr]]) -> sympy.Expr:
    """The Frobenius norm, which bounds the norm of the linear map."""
    return sympy.sqrt(sympy.Add(*(entry**2 for row in matrix for entry in row)))
