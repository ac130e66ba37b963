"""Quadratic functions, whose Hessian is a constant matrix: its signs decide, exactly."""

from __future__ import annotations

from collections.abc import Sequence

import sympy

from gdcli.calculus.convexity.shapes import UNKNOWN, Curvature, Shape
from gdcli.calculus.curvature.inertia import inertia

LARGEST = 60
"""Variables up to which a quadratic is taken as a whole."""


def degree(node: sympy.Expr) -> int | None:
    """A bound on the degree of a polynomial in its free symbols, None for what is none."""
    if node.is_Symbol:
        return 1
    if not node.free_symbols:
        return 0
    if node.is_Pow and node.exp.is_Integer and node.exp > 0:
        inner = degree(node.base)
        return None if inner is None else inner * int(node.exp)
    if node.is_Add or node.is_Mul:
        parts = [degree(part) for part in node.args]
        known = [part for part in parts if part is not None]
        if len(known) == len(parts):
            return max(known) if node.is_Add else sum(known)
    return None


def coefficients(node: sympy.Expr, variables: Sequence[sympy.Symbol]) -> list[list[sympy.Expr]]:
    """The symmetric matrix M (d+1, d+1) with node = (x, 1)^T M (x, 1), for a polynomial of degree 2."""
    n = len(variables)
    matrix = [[sympy.S.Zero] * (n + 1) for _ in range(n + 1)]
    for exponents, coefficient in sympy.Poly(node, *variables).terms():
        places = [i for i, e in enumerate(exponents) for _ in range(e)]
        i, j = [n, n, *places][-2:]
        if i == j:
            matrix[i][i] += coefficient
        else:
            matrix[i][j] += coefficient / 2
            matrix[j][i] += coefficient / 2
    return matrix


def quadratic(node: sympy.Expr, variables: Sequence[sympy.Symbol]) -> Shape:
    """The shape of a polynomial of degree 2 in `variables`, by the inertia of its Hessian."""
    held = [v for v in variables if node.has(v)]
    if len(held) > LARGEST:
        return UNKNOWN
    matrix = [row[:-1] for row in coefficients(node, held)[:-1]]
    found = inertia(matrix)
    if found is None or (found.positive and found.negative):
        return UNKNOWN
    if not found.positive and not found.negative:
        return Shape(Curvature.AFFINE)
    place = [held.index(v) if v in held else None for v in variables]
    rows = [tuple(sympy.S.Zero if k is None else row[k] for k in place) for row in matrix]
    curvature = Curvature.CONVEX if found.positive else Curvature.CONCAVE
    return Shape(curvature, frozenset(rows), (f"its Hessian is constant and {found.definiteness}",))


def is_squared_norm(node: sympy.Expr, variables: Sequence[sympy.Symbol]) -> bool:
    """Whether a polynomial of degree 2 is ||A x + b||^2: its matrix in (x, 1) has no negative eigenvalue."""
    held = [v for v in variables if node.has(v)]
    if len(held) > LARGEST:
        return False
    found = inertia(coefficients(node, held))
    return found is not None and not found.negative
