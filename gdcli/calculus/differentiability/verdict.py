"""Continuity, partials and differentiability of f at a point, each with its proof, its witness, or neither.

A. Every piece of the formula is smooth there: the partials are continuous, so f is differentiable.
B. The partials, from two-sided limits of the difference quotient; on the line that is the answer.
C. A bound |r(h)| <= C ||h||^p with p > 1 and a proven C: yes.
D. A path along which f or the quotient goes elsewhere: no.
E. Otherwise undecided. Samples pick the paths that are looked at; they never give a yes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

import sympy

from gdcli.calculus.definition import Local, Point, Slope, local
from gdcli.calculus.differentiability.check import check
from gdcli.calculus.differentiability.expansion import Expansion
from gdcli.calculus.differentiability.oscillation import Oscillation
from gdcli.calculus.differentiability.paths import axis, lines, paths
from gdcli.calculus.differentiability.proof import Bound, Proof, prove
from gdcli.calculus.differentiability.witness import Search, Witness
from gdcli.calculus.function import Function

Answer = Literal["yes", "no", "undecided"]
How = Literal["smooth", "bound", "limit", "differentiable", "witness", "edge", "partials", "discontinuous", "numbers"]


@dataclass(frozen=True)
class Finding:
    """An answer and what it rests on."""

    answer: Answer
    how: How
    bound: Bound | None = None
    witness: Witness | None = None


@dataclass(frozen=True)
class Partial:
    """A partial derivative at the point; `wave` shows the oscillation of a quotient that has no limit."""

    slope: Slope
    wave: Oscillation | None = None


@dataclass(frozen=True)
class Verdict:
    """The three findings, with f and its partials at the point."""

    local: Local
    partials: tuple[Partial, ...]
    continuous: Finding
    partials_exist: Finding
    differentiable: Finding

    @property
    def gradient(self) -> tuple[sympy.Expr, ...] | None:
        """The partials, where all of them exist."""
        slopes = [partial.slope for partial in self.partials]
        return tuple(s.value for s in slopes) if all(s.kind == "value" for s in slopes) else None


UNDECIDED = Finding("undecided", "numbers")


def decide(function: Function, point: Point) -> Verdict:
    """The verdict on f at `point` (exact numbers by variable name).

    Raises NoValueError where f is not defined there, UndecidedError where its value cannot be settled.
    """
    found = local(function, point, ())
    ordered = {v.name: point[v.name] for v in function.variables}
    if found.smooth:
        found, yes = local(function, point), Finding("yes", "smooth")
        return Verdict(found, tuple(map(Partial, found.slopes)), yes, yes, yes)
    proof = prove(function, ordered, found.value)
    if proof.remainder is None:
        return _without_bound(function, ordered, local(function, point), proof)
    check(function, ordered, found.value, proof.gradient, proof.remainder, list(lines(len(ordered))))
    slopes = tuple(Slope("value", g) for g in proof.gradient)
    return Verdict(
        replace(found, slopes=slopes),
        tuple(map(Partial, slopes)),
        Finding("yes", "bound", proof.continuous),
        Finding("yes", "differentiable"),
        Finding("yes", "bound", proof.remainder),
    )


def _without_bound(function: Function, point: Point, found: Local, proof: Proof) -> Verdict:
    search = _search(function, point, found)
    partials = tuple(_settled(search, i, slope) for i, slope in enumerate(found.slopes))
    exist = _existence(partials)
    edge = search.undefined()
    continuous = _continuity(search, proof, exist)
    verdict = Verdict(found, partials, continuous, exist, UNDECIDED)
    return replace(verdict, differentiable=_differentiability(search, verdict, edge))


def _search(function: Function, point: Point, found: Local) -> Search:
    d = len(function.variables)
    candidates = [axis(0, 1, d), axis(0, -1, d)] if d == 1 else paths(function, Expansion(point, Fraction(1, 4)))
    return Search(function, point, found.value, candidates)


def _settled(search: Search, i: int, slope: Slope) -> Partial:
    """An undecided partial, settled as missing where one side has no finite limit, f jumps, or it oscillates."""
    if slope.kind != "undecided":
        return Partial(slope)
    d = len(search.function.variables)
    for side, found in ((1, slope.right), (-1, slope.left)):
        if found is None or found.kind == "value":
            continue
        if found.kind != "undecided":
            return Partial(replace(slope, kind="none"))
        along = axis(i, side, d)
        wave = search.wave(along)
        if wave is not None:
            return Partial(replace(slope, kind="none"), wave)
        if search.jump_along(along) is not None:
            return Partial(replace(slope, kind="none", right=replace(found, jump=True)))
    return Partial(slope)


def _existence(partials: Sequence[Partial]) -> Finding:
    kinds = {partial.slope.kind for partial in partials}
    if kinds & {"none", "infinite"}:
        return Finding("no", "partials")
    return UNDECIDED if "undecided" in kinds else Finding("yes", "limit")


def _continuity(search: Search, proof: Proof, exist: Finding) -> Finding:
    if proof.continuous is not None:
        return Finding("yes", "bound", proof.continuous)
    jump = search.jump()
    if jump is not None:
        return Finding("no", "witness", witness=jump)
    if len(search.function.variables) > 1:
        return UNDECIDED
    if exist.answer == "yes":
        return Finding("yes", "differentiable")
    return Finding("yes", "limit") if search.settles() else UNDECIDED


def _differentiability(search: Search, verdict: Verdict, edge: Witness | None) -> Finding:
    if edge is not None:
        return Finding("no", "edge", witness=edge)
    if verdict.continuous.answer == "no":
        return Finding("no", "discontinuous", witness=verdict.continuous.witness)
    if verdict.partials_exist.answer == "no":
        return Finding("no", "partials")
    if verdict.gradient is None:
        return UNDECIDED
    if len(search.function.variables) == 1:
        return Finding("yes", "limit")
    kink = search.kink(verdict.gradient)
    return UNDECIDED if kink is None else Finding("no", "witness", witness=kink)
