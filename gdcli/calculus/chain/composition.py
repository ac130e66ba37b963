"""The chain rule as composition of linear parts: D(g o f)(x0) = Dg(f(x0)) Df(x0).

With A = Df(x0) (m, d), B = Dg(f(x0)) (p, m) and f(x0 + h) = f(x0) + k, k = A h + r_f(h):
g(f(x0 + h)) = g(f(x0)) + B A h + r(h), r(h) = B r_f(h) + r_g(k) = o(||h||) (Rudin, "Principles of Mathematical
Analysis", theorem 9.15; `smallo` has the rules). The product is held against the derivative of the substituted formula.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import sympy

from gdcli.calculus.agreement import Agreement, DisagreementError, agreement
from gdcli.calculus.definition import Local, Point, Slope, local
from gdcli.calculus.exact import NoValueError, UndecidedError, sign_of
from gdcli.calculus.function import Function
from gdcli.calculus.gradient import gradient
from gdcli.calculus.linearization import LETTERS, Linearization, free_letter
from gdcli.calculus.smallo import vanishing
from gdcli.calculus.tidy import is_small
from gdcli.calculus.words import reason
from gdcli.errors import DomainError
from gdcli.language import Formula, parse
from gdcli.language.build import symbol
from gdcli.language.substitute import substituted
from gdcli.language.text import text

OUTER_LETTERS = ("k", "s", "t", "h", "delta")
"""The outer map's step is the inner map's increment: it needs a name of its own."""
Matrix = tuple[tuple[sympy.Expr, ...], ...]
DEFINED = "choose a point at which every inner formula, and the outer one there, is defined"
ELSEWHERE = (
    "the composition may have a derivative all the same: ask `gdcli differentiable` with the formula substituted"
)


@dataclass(frozen=True)
class Part:
    """One of the maps: its component functions, and their linear parts at a point."""

    labels: tuple[str, ...]
    functions: tuple[Function, ...]
    linear: tuple[Linearization, ...]

    @classmethod
    def at(cls, formulas: Mapping[str, Formula], point: Point, letters: Sequence[str] = LETTERS) -> Part:
        """The components by name, each proven differentiable at `point`; DomainError where one is not."""
        functions = {label: Function.of(formula) for label, formula in formulas.items()}
        linear = tuple(_linear(label, function, point, letters) for label, function in functions.items())
        return cls(tuple(functions), tuple(functions.values()), linear)

    @property
    def jacobian(self) -> Matrix:
        """The partials as formulas: a row a component, a column a variable."""
        return tuple(gradient(function.expr, function.variables) for function in self.functions)

    @property
    def matrix(self) -> Matrix:
        """The Jacobian at the point, in exact numbers."""
        return tuple(linear.gradient for linear in self.linear)

    @property
    def smooth(self) -> bool:
        """Whether every piece of every component is smooth at the point."""
        return all(linear.local.smooth for linear in self.linear)


@dataclass(frozen=True)
class Check:
    """The chain rule beside the direct derivative: proven equal at the point or only in 60 digits, and as formulas.

    `formulas` is None where they are too long to compare.
    """

    proven_at_point: bool
    formulas: Agreement | None


@dataclass(frozen=True)
class Composition:
    """g o f at x0: the outer formulas are written in the names of the inner components."""

    inner: Part
    outer: Part
    composite: tuple[Function, ...]
    point: Point

    @classmethod
    def at(cls, inner: Mapping[str, Formula], outer: Sequence[Formula], point: Point) -> Composition:
        """The composition at `point`, f and g each linear there up to o(.).

        Raises DomainError where a component has no value or is not proven differentiable.
        """
        variables = next(iter(inner.values())).variables
        first = Part.at(inner, point)
        middle = {name: linear.value for name, linear in zip(inner, first.linear, strict=True)}
        labels = output_names(len(outer), [*inner, *variables])
        second = Part.at(dict(zip(labels, outer, strict=True)), middle, OUTER_LETTERS)
        trees = {name: formula.tree for name, formula in inner.items()}
        composite = tuple(Function.of(substituted(formula, trees, variables)) for formula in outer)
        return cls(first, second, composite, point)

    @cached_property
    def product(self) -> Matrix:
        """B A, in exact numbers."""
        return _times(self.outer.matrix, self.inner.matrix)

    @cached_property
    def linear(self) -> tuple[Linearization, ...]:
        """The components of g o f with the chain rule's rows as their gradients."""
        smooth = self.inner.smooth and self.outer.smooth
        values = [linear.value for linear in self.outer.linear]
        slopes = [tuple(Slope("value", entry) for entry in row) for row in self.product]
        found = (Local(value, row, smooth) for value, row in zip(values, slopes, strict=True))
        return tuple(Linearization(f, self.point, at) for f, at in zip(self.composite, found, strict=True))

    def check(self) -> Check:
        """How far the chain rule is seen to agree with the derivative of the substituted formula.

        Raises DisagreementError where they differ, at the point or as formulas: that would be a mistake of ours.
        """
        at_point = [self._same_at_point(*pair) for pair in zip(self.composite, self.product, strict=True)]
        place = {symbol(name): f.expr for name, f in zip(self.inner.labels, self.inner.functions, strict=True)}
        rows = tuple(tuple(entry.xreplace(place) for entry in row) for row in self.outer.jacobian)
        assembled = _times(rows, self.inner.jacobian)
        direct = tuple(gradient(f.expr, f.variables) for f in self.composite)
        pairs = [
            (a, b) for left, right in zip(assembled, direct, strict=True) for a, b in zip(left, right, strict=True)
        ]
        if not is_small([entry for pair in pairs for entry in pair]):
            return Check(all(at_point), None)
        names = [variable.name for variable in self.composite[0].variables]
        found = [agreement(parse(text(a)).tree, b, names) for a, b in pairs]
        return Check(all(at_point), Agreement(all(f.proven for f in found), min(f.points for f in found)))

    def _same_at_point(self, function: Function, row: Sequence[sympy.Expr]) -> bool:
        """Whether the direct derivative at the point is proven to be the chain rule's."""
        proven = True
        for slope, entry in zip(local(function, self.point).slopes, row, strict=True):
            sign = None if slope.value is None else sign_of(slope.value - entry)
            if slope.kind in ("none", "infinite") or sign in (1, -1):
                raise DisagreementError(f"the chain rule gives {text(entry)}, the substituted formula {slope}")
            proven = proven and sign == 0
        return proven


def output_names(count: int, taken: Sequence[str]) -> list[str]:
    """g, or g1, g2, ...; another letter where g is taken."""
    letter = free_letter(("g", "z", "w", "G", "Z"), taken)
    return [letter] if count == 1 else [f"{letter}{i}" for i in range(1, count + 1)]


def _linear(label: str, function: Function, point: Point, letters: Sequence[str]) -> Linearization:
    here = ", ".join(f"{name} = {text(number)}" for name, number in point.items())
    try:
        found = local(function, point)
    except (NoValueError, UndecidedError) as error:
        cause = error.__cause__
        why = cause.message if isinstance(cause, DomainError) else error.message
        raise type(error)(f"{label} has no value at {here}: {why}", hint=DEFINED) from error
    verdict = vanishing(function, point, found)
    if verdict.answer == "yes":
        return Linearization.of(function, point, verdict.found, letters)
    for variable, slope in zip(function.variables, verdict.found.slopes, strict=True):
        if slope.kind != "value":
            raise DomainError(f"{label} has no linear part at {here}: in {variable} {reason(slope)}", hint=ELSEWHERE)
    state = "is not differentiable" if verdict.answer == "no" else "is not proven differentiable"
    raise DomainError(f"{label} {state} at {here}: {' '.join(verdict.reasons)}", hint=ELSEWHERE)


def _times(left: Matrix, right: Matrix) -> Matrix:
    """The product of an (p, m) and an (m, d) matrix."""
    columns = tuple(zip(*right, strict=True))
    return tuple(tuple(sympy.Add(*map(sympy.Mul, row, column)) for column in columns) for row in left)
