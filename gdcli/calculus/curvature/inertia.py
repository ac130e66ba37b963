"""How many eigenvalues of an exact symmetric matrix are positive, negative and zero.

Rational matrices by congruence (Sylvester's law of inertia: S^T A S has the signs of A), in fractions. Others by the
signs of the characteristic polynomial: all its roots are real, so Descartes' rule of signs counts them exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import sympy

from gdcli.calculus.exact import sign_of

DENSE = 8
"""Rows up to which a characteristic polynomial of irrational numbers is worked out."""


@dataclass(frozen=True)
class Inertia:
    """The number of positive, negative and zero eigenvalues."""

    positive: int
    negative: int
    zero: int

    @property
    def definiteness(self) -> str:
        """positive definite, negative semidefinite, indefinite, zero, ..."""
        if self.positive and self.negative:
            return "indefinite"
        if not self.positive and not self.negative:
            return "zero"
        return f"{'positive' if self.positive else 'negative'} {'semidefinite' if self.zero else 'definite'}"


def inertia(matrix: Sequence[Sequence[sympy.Expr]]) -> Inertia | None:
    """The signs of the eigenvalues, exactly; None where the sign of an irrational constant cannot be proven."""
    if all(entry.is_Rational for row in matrix for entry in row):
        return _by_congruence([[Fraction(int(e.p), int(e.q)) for e in row] for row in matrix])
    return _by_descartes(matrix) if len(matrix) <= DENSE else None


def _by_congruence(a: list[list[Fraction]]) -> Inertia:
    """Eliminate one variable at a time; its pivot's sign is an eigenvalue's sign."""
    positive = negative = 0
    rows = list(range(len(a)))
    while rows:
        pivot = next((i for i in rows if a[i][i]), None)
        if pivot is None:
            pair = next(((i, j) for i in rows for j in rows if a[i][j]), None)
            if pair is None:
                break
            pivot = _add(a, *pair)
        positive, negative = (positive + 1, negative) if a[pivot][pivot] > 0 else (positive, negative + 1)
        rows.remove(pivot)
        for i in rows:
            if a[i][pivot]:
                factor = a[i][pivot] / a[pivot][pivot]
                for j in rows:
                    a[i][j] -= factor * a[pivot][j]
    return Inertia(positive, negative, len(a) - positive - negative)


def _add(a: list[list[Fraction]], i: int, j: int) -> int:
    """Add variable j to i where both diagonals are 0: the new a_ii is 2 a_ij."""
    for k in range(len(a)):
        a[i][k] += a[j][k]
    for k in range(len(a)):
        a[k][i] += a[k][j]
    return i


def _by_descartes(matrix: Sequence[Sequence[sympy.Expr]]) -> Inertia | None:
    """The roots of det(t I - A): zeros are its lowest coefficients that vanish, positive ones its changes of sign."""
    coefficients = sympy.Matrix(matrix).charpoly().all_coeffs()
    signs: list[int] = []
    for coefficient in coefficients:
        sign = sign_of(coefficient)
        if sign is None:
            return None
        signs.append(sign)
    while signs[-1] == 0:
        signs.pop()
    present = [sign for sign in signs if sign]
    positive = sum(a != b for a, b in pairwise(present))
    zero = len(coefficients) - len(signs)
    return Inertia(positive, len(matrix) - zero - positive, zero)
