"""The extreme eigenvalues of a constant Hessian, exactly: L and mu of a quadratic."""

from __future__ import annotations

import sympy

from gdcli.calculus.curvature.hessian import Hessian
from gdcli.calculus.exact import sign_of

LARGEST = 16
"""Rows up to which the roots of a characteristic polynomial are isolated."""


def exact_extremes(hessian: Hessian) -> tuple[sympy.Expr, sympy.Expr] | None:
    """(lambda_min, lambda_max) of a constant H as exact numbers, None where they are not found exactly."""
    n = len(hessian.gradient)
    if n == 0:
        return None
    if all(i == j for i, j in hessian.entries):
        return _ends([hessian.entry(i, i) for i in range(n)])
    if n == 2:
        return _two(hessian.entry(0, 0), hessian.entry(0, 1), hessian.entry(1, 1))
    if n > LARGEST or not all(entry.is_Rational for entry in hessian.entries.values()):
        return None
    roots = sympy.real_roots(sympy.Matrix(n, n, hessian.entry).charpoly().as_expr())
    return roots[0], roots[-1]


def _ends(numbers: list[sympy.Expr]) -> tuple[sympy.Expr, sympy.Expr] | None:
    low = high = numbers[0]
    for number in numbers[1:]:
        below, above = sign_of(number - low), sign_of(number - high)
        if below is None or above is None:
            return None
        low, high = (number if below < 0 else low), (number if above > 0 else high)
    return low, high


def _two(a: sympy.Expr, b: sympy.Expr, d: sympy.Expr) -> tuple[sympy.Expr, sympy.Expr]:
    """(a + d)/2 -+ sqrt(((a - d)/2)^2 + b^2)."""
    root = sympy.sqrt(sympy.expand((a - d) ** 2 / 4 + b**2))
    return (a + d) / 2 - root, (a + d) / 2 + root
