"""Signs of eigenvalues: by construction (S^T D S has the signs of D), and matrices worked by hand."""

from __future__ import annotations

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from gdcli.calculus.curvature.inertia import Inertia, _by_descartes, inertia

SIGNS = st.lists(st.sampled_from([-2, -1, 0, 1, 3]), min_size=1, max_size=5)


@settings(max_examples=60, deadline=None)
@given(SIGNS, st.randoms(use_true_random=False))
def test_sylvesters_law_gives_the_signs_that_were_put_in(signs: list[int], random) -> None:  # type: ignore[no-untyped-def]
    n = len(signs)
    lower = sympy.Matrix(n, n, lambda i, j: 1 if i == j else random.randint(-3, 3) if i > j else 0)
    upper = sympy.Matrix(n, n, lambda i, j: 1 if i == j else random.randint(-3, 3) if i < j else 0)
    s = lower * upper
    matrix = (s.T * sympy.diag(*signs) * s).tolist()
    expected = Inertia(sum(d > 0 for d in signs), sum(d < 0 for d in signs), signs.count(0))
    assert inertia(matrix) == expected
    assert _by_descartes(matrix) == expected


@pytest.mark.parametrize(
    ("matrix", "expected", "words"),
    [
        ([[2]], (1, 0, 0), "positive definite"),
        ([[0]], (0, 0, 1), "zero"),
        ([[0, 1], [1, 0]], (1, 1, 0), "indefinite"),
        ([[1, 1], [1, 1]], (1, 0, 1), "positive semidefinite"),
        ([[-1, 0], [0, 0]], (0, 1, 1), "negative semidefinite"),
        ([[-2, 1], [1, -2]], (0, 2, 0), "negative definite"),
        ([["sqrt(2)", 1], [1, "sqrt(2)/2"]], (1, 0, 1), "positive semidefinite"),
        ([["exp(1)", "pi"], ["pi", "exp(1)"]], (1, 1, 0), "indefinite"),
        ([["pi", "exp(1)"], ["exp(1)", "pi"]], (2, 0, 0), "positive definite"),
        ([[0, 0, 1], [0, 0, 0], [1, 0, 0]], (1, 1, 1), "indefinite"),
    ],
)
def test_matrices_worked_by_hand(matrix: list[list[object]], expected: tuple[int, int, int], words: str) -> None:
    found = inertia([[sympy.sympify(entry) for entry in row] for row in matrix])
    assert found is not None
    assert (found.positive, found.negative, found.zero) == expected
    assert found.definiteness == words


def test_large_matrices_of_irrational_numbers_are_left_open() -> None:
    assert inertia([[sympy.sqrt(2) if i == j else sympy.S.Zero for j in range(9)] for i in range(9)]) is None
