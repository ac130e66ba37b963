"""Bounds on eigenvalues: never above what LAPACK finds for members of the interval matrix, and near it for points."""

from __future__ import annotations

import numpy as np
import pytest

from gdcli.calculus.curvature.spectrum import jacobi, least, lowest_direction, point_least, rayleigh


def symmetric(rng: np.random.Generator, n: int, scale: float = 1.0) -> np.ndarray:
    a = rng.normal(size=(n, n)) * scale
    return (a + a.T) / 2


def rows(middle: np.ndarray, radius: np.ndarray) -> list[dict[int, tuple[float, float]]]:
    n = len(middle)
    low, high = (middle - radius).tolist(), (middle + radius).tolist()
    return [{j: (low[i][j], high[i][j]) for j in range(n)} for i in range(n)]


@pytest.mark.parametrize("n", [1, 2, 3, 5, 8, 12, 15])
def test_no_member_of_an_interval_matrix_lies_below_its_bound(n: int) -> None:
    rng = np.random.default_rng(n)
    for scale in (0.0, 1e-6, 0.1, 3.0):
        middle = symmetric(rng, n, 5.0)
        radius = np.abs(symmetric(rng, n, scale))
        bound = least(rows(middle, radius))
        for _ in range(20):
            sign = rng.choice([-1.0, 1.0, 0.5], size=(n, n))
            member = middle + radius * (np.tril(sign) + np.tril(sign, -1).T)
            assert bound <= np.linalg.eigvalsh(member)[0] + 1e-13 * np.abs(member).max()


@pytest.mark.parametrize("n", [1, 2, 4, 9])
def test_the_bound_of_a_point_is_tight(n: int) -> None:
    rng = np.random.default_rng(n)
    for scale in (1e-8, 1.0, 1e8):
        matrix = symmetric(rng, n, scale)
        truth = np.linalg.eigvalsh(matrix)[0]
        assert truth - 1e-12 * scale * n <= point_least(matrix.tolist()) <= truth + 1e-14 * scale * n


def test_exact_matrices_have_exact_bounds() -> None:
    assert point_least([[3.0, 0.0], [0.0, -2.0]]) == -2.0
    assert least([{0: (0.0, 4.0)}]) == 0.0
    assert least([{}, {}]) == 0.0
    assert least([]) == 0.0


def test_jacobi_turns_a_matrix_diagonal() -> None:
    matrix = symmetric(np.random.default_rng(0), 6)
    v = np.array(jacobi(matrix.tolist()))
    turned = v @ matrix @ v.T
    assert np.abs(turned - np.diag(np.diag(turned))).max() < 1e-13
    assert np.abs(v @ v.T - np.eye(6)).max() < 1e-13


@pytest.mark.parametrize("n", [2, 6, 14])
def test_the_lowest_direction_bounds_the_least_eigenvalue_from_above(n: int) -> None:
    matrix = symmetric(np.random.default_rng(n), n)
    found = rows(matrix, np.zeros((n, n)))
    low, high = rayleigh(found, lowest_direction(found))
    eigenvalues = np.linalg.eigvalsh(matrix)
    assert eigenvalues[0] - 1e-13 <= high <= eigenvalues[-1]
    if n <= 12:
        assert low <= eigenvalues[0] + 1e-12
