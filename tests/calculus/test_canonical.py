"""`add` and `multiply` return exactly what sympy's own sums and products are, argument by argument."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from gdcli.calculus.canonical import add, multiply
from gdcli.language.atoms import sigmoid, softplus
from gdcli.language.order import negated

X = sympy.symbols("x1:4 x10 a_2", real=True)
NUMBERS = [sympy.S.Zero, sympy.S.One, sympy.S.NegativeOne, sympy.S.Half, sympy.Rational(-7, 3), sympy.Integer(12)]
PIECES = [
    *X,
    *(sympy.sin(v) for v in X),
    *(sympy.exp(c * v) for v in X for c in (1, -2)),
    *(v**e for v in X[:2] for e in (2, -1, sympy.Rational(1, 2), X[2])),
    *(sigmoid(2 * v + X[0]) for v in X),
    softplus(X[0] * X[1]),
    X[0] + X[1],
    2 * X[0] + 1,
    (X[0] + 1) ** 2,
    sympy.sqrt(2),
    sympy.Integer(2) ** X[0],
    sympy.pi,
    sympy.E,
    sympy.Max(X[0], X[1]),
    sympy.Piecewise((X[0], X[0] > 0), (X[1], True)),
]
pieces = st.sampled_from(PIECES)
factors = st.lists(pieces | st.sampled_from(NUMBERS), max_size=6)
products = factors.map(lambda chosen: sympy.Mul(*chosen))


def _same(found: sympy.Expr, expected: sympy.Expr) -> None:
    assert found == expected
    assert found.args == expected.args
    assert found.is_commutative == expected.is_commutative


@given(st.lists(products, max_size=12))
def test_a_sum_is_sympys(terms: Sequence[sympy.Expr]) -> None:
    _same(add(terms), sympy.Add(*terms))


@given(st.lists(pieces | st.sampled_from(NUMBERS) | products, max_size=8))
def test_a_product_is_sympys(chosen: Sequence[sympy.Expr]) -> None:
    _same(multiply(chosen), sympy.Mul(*chosen))


@given(products.filter(lambda term: term.is_Mul and term.args[0].is_Rational))
def test_the_opposite_is_sympys(term: sympy.Expr) -> None:
    _same(negated(term), -term)


@pytest.mark.parametrize("special", [sympy.nan, sympy.zoo, sympy.oo, -sympy.oo, sympy.Float("0.5"), sympy.I])
def test_what_is_no_plain_piece_is_left_to_sympy(special: sympy.Expr) -> None:
    _same(add([X[0], special, special]), sympy.Add(X[0], special, special))
    _same(multiply([X[0], special, special]), sympy.Mul(X[0], special, special))


def test_a_long_sum_stands_in_sympys_order() -> None:
    terms = [sympy.Rational(k % 17 - 8, k % 5 + 1) * sigmoid(k * X[0] - X[1]) for k in range(1, 300) if k % 17 != 8]
    _same(add(terms), sympy.Add(*terms))
