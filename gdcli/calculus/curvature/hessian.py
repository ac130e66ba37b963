"""The Hessian H_ij = d2f/dx_i dx_j: one reverse sweep for the gradient, and one for each of its entries.

Where f is twice continuously differentiable H is symmetric (Schwarz), so only i <= j is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import sympy

from gdcli.calculus.function import Function
from gdcli.calculus.gradient import gradient


@dataclass(frozen=True)
class Hessian:
    """grad f (d,), and the upper entries of H (i <= j) that are not identically 0."""

    gradient: tuple[sympy.Expr, ...]
    entries: Mapping[tuple[int, int], sympy.Expr]

    @classmethod
    def of(cls, function: Function) -> Hessian:
        """Valid where every piece of f is smooth."""
        slopes = gradient(function.expr, function.variables)
        place = {variable: i for i, variable in enumerate(function.variables)}
        entries: dict[tuple[int, int], sympy.Expr] = {}
        for i, slope in enumerate(slopes):
            held = sorted(place[v] for v in slope.free_symbols if place[v] >= i)
            second = gradient(slope, [function.variables[j] for j in held])
            entries |= {(i, j): entry for j, entry in zip(held, second, strict=True) if entry != 0}
        return cls(slopes, entries)

    def entry(self, i: int, j: int) -> sympy.Expr:
        """H_ij."""
        return self.entries.get((min(i, j), max(i, j)), sympy.S.Zero)

    def at(self, place: Mapping[sympy.Symbol, sympy.Expr]) -> list[list[sympy.Expr]]:
        """The matrix (d, d) at a point of exact numbers where f is smooth."""
        n = len(self.gradient)
        numbers = {key: entry.xreplace(dict(place)) for key, entry in self.entries.items()}
        return [[numbers.get((min(i, j), max(i, j)), sympy.S.Zero) for j in range(n)] for i in range(n)]

    @cached_property
    def constant(self) -> bool:
        """Whether H does not depend on x: f is a quadratic function (or affine)."""
        return all(entry.is_number for entry in self.entries.values())
