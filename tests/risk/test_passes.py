"""Passes in blocks against the whole at once: exactly where sums of whole numbers are exact, else to rounding."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from gdcli.data import room
from gdcli.kernels.pieces import PIECE, in_pieces
from gdcli.risk import passes
from gdcli.risk.constants import squared_condition
from gdcli.risk.losses import LOSSES, compile_loss
from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.optimum.whiten import whiten
from gdcli.risk.truth import establish

SMOOTH = [name for name, loss in LOSSES.items() if loss.smooth]
# Rows on both sides of the ends of blocks, of 7 columns and of pieces.
ROWS = [1, 5, room._BLOCK // 7, room._BLOCK // 7 + 1, 3 * (room._BLOCK // 7) - 1]


def whole_numbers(rows: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """X (N, 7), v (7,), w (N,) >= 0 and M (7, 3) of small whole numbers: sums of their products have no rounding."""
    rng = np.random.default_rng(rows)
    numbers = (rng.integers(-9, 10, size=shape).astype(float) for shape in ((rows, 7), 7, rows, (7, 3)))
    X, v, w, M = numbers
    return X, v, np.abs(w), M


PASSES: dict[str, tuple[Callable[..., object], Callable[..., object]]] = {
    "product": (lambda X, v, w, M: passes.product(X, v), lambda X, v, w, M: X @ v),
    "products": (lambda X, v, w, M: passes.product(X, M), lambda X, v, w, M: X @ M),
    "transposed": (lambda X, v, w, M: passes.transposed(X, w), lambda X, v, w, M: w @ X),
    "absolute": (lambda X, v, w, M: passes.absolute(X, v), lambda X, v, w, M: np.abs(X) @ v),
    "absolute transposed": (lambda X, v, w, M: passes.absolute_transposed(X, w), lambda X, v, w, M: w @ np.abs(X)),
    "gram": (lambda X, v, w, M: passes.gram(X), lambda X, v, w, M: X.T @ X),
    "weighted gram": (lambda X, v, w, M: passes.weighted_gram(X, w), lambda X, v, w, M: (X.T * w) @ X),
    "lengths": (lambda X, v, w, M: passes.lengths(X), lambda X, v, w, M: np.sqrt((X * X).sum(axis=1))),
    "lengths of products": (
        lambda X, v, w, M: passes.lengths(X, M),
        lambda X, v, w, M: np.sqrt(((X @ M) ** 2).sum(axis=1)),
    ),
    "longest": (lambda X, v, w, M: passes.longest_square(X), lambda X, v, w, M: (X * X).sum(axis=1).max()),
    "sizes": (lambda X, v, w, M: passes.sizes_of_columns(X), lambda X, v, w, M: np.abs(X).max(axis=0)),
}


@pytest.mark.parametrize("name", PASSES)
@pytest.mark.parametrize("rows", ROWS)
def test_a_pass_in_blocks_is_the_pass_over_all(name: str, rows: int) -> None:
    ours, direct = PASSES[name]
    numbers = whole_numbers(rows)
    assert np.array_equal(ours(*numbers), direct(*numbers))


@pytest.mark.parametrize("rows", [5, *ROWS[2:]])
@pytest.mark.parametrize("ones", [False, True])
def test_the_triangle_has_the_singular_values(rows: int, ones: bool) -> None:
    X = np.random.default_rng(rows).normal(size=(rows, 7)) * 10.0 ** np.arange(7) + 3.0
    A = np.column_stack([X, np.ones(rows)]) if ones else X
    found = np.linalg.svd(passes.triangle(X, ones), compute_uv=False)
    expected = np.linalg.svd(A, compute_uv=False)
    assert np.max(np.abs(found - expected)) <= 1e-14 * expected[0]
    if rows > 8:
        assert squared_condition(X, ones) == pytest.approx((expected[0] / expected[-1]) ** 2, rel=1e-8)


def test_a_column_that_depends_on_the_others_over_all_blocks() -> None:
    X = np.random.default_rng(1).normal(size=(60_000, 5))
    assert squared_condition(np.column_stack([X, X[:, 0] + X[:, 1]])) == np.inf
    assert squared_condition(np.column_stack([X, np.full(60_000, 0.1)]), ones=True) == np.inf


@pytest.mark.parametrize("name", SMOOTH)
def test_losses_of_long_arrays_are_those_of_their_pieces(name: str) -> None:
    kernel = compile_loss(LOSSES[name])
    rng = np.random.default_rng(2)
    rows = 2 * PIECE + 17
    p, y = rng.normal(size=rows), np.where(rng.uniform(size=rows) < 0.5, 1.0, 2.0)
    for function in (kernel.value, kernel.first, kernel.second):
        whole = np.broadcast_to(function(p, y), (rows,))
        for start in (0, PIECE, 2 * PIECE):
            piece = slice(start, start + PIECE)
            assert np.array_equal(whole[piece], np.broadcast_to(function(p[piece], y[piece]), whole[piece].shape))
    for function in kernel.over:
        low, high = function(p - 0.1, p + 0.1, y)
        low_end, high_end = function(p[-17:] - 0.1, p[-17:] + 0.1, y[-17:])
        assert (low[-17:].tobytes(), high[-17:].tobytes()) == (low_end.tobytes(), high_end.tobytes())


def test_pieces_of_numbers_and_of_short_arrays_are_left_alone() -> None:
    seen: list[object] = []
    identity = in_pieces(lambda x: seen.append(x) or x, np.empty)
    assert identity(3.0) == 3.0
    short = np.zeros(PIECE)
    assert identity(short) is short
    assert in_pieces(lambda x: 2.0, np.empty)(np.zeros(PIECE + 1)).tolist() == [2.0] * (PIECE + 1)


def risk(name: str, rows: int = 20_000) -> LinearRisk:
    rng = np.random.default_rng(3)
    X = np.column_stack([rng.normal(size=(rows, 7)), np.ones(rows)])
    signal = X @ rng.normal(size=8) / 4
    target = LOSSES[name].target
    y = signal + rng.normal(size=rows)
    if target == "signs":
        y = np.where(rng.uniform(size=rows) < 1 / (1 + np.exp(-signal)), 1.0, -1.0)
    elif target == "counts":
        y = rng.poisson(np.exp(signal)).astype(float)
    return LinearRisk(X, y, compile_loss(LOSSES[name]), np.zeros(8))


@pytest.mark.parametrize("name", SMOOTH)
def test_what_is_proven_in_blocks_is_what_is_proven_at_once(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both intervals hold the same gap, near the optimum and far from it, and are about as wide."""
    here = risk(name)
    assert len(list(here.parts())) > 1
    certificate = establish(here, np.zeros(8))
    monkeypatch.setattr(room, "_BLOCK", 1 << 30)
    there = risk(name)
    assert len(list(there.parts())) == 1
    whole = establish(there, np.zeros(8))
    assert certificate.optimum.risk_optimum == pytest.approx(whole.optimum.risk_optimum, rel=1e-13)
    for far in (0.3, 1e-4, 1e-9):
        theta = whole.optimum.theta + far * np.cos(np.arange(8.0))
        assert here.value(theta) == pytest.approx(there.value(theta), rel=1e-13)
        assert here.gradient(theta) == pytest.approx(there.gradient(theta), rel=1e-9, abs=1e-14)
        assert here.curvature(theta) == pytest.approx(there.curvature(theta), rel=1e-11, abs=1e-13)
        assert here.gradient_noise(theta) == pytest.approx(there.gradient_noise(theta), rel=1e-12)
        ours, theirs = certificate.gap(theta), whole.gap(theta)
        assert max(ours.lower, theirs.lower) <= min(ours.upper, theirs.upper)
        assert ours.value == pytest.approx(theirs.value, rel=1e-6)
        assert ours.upper - ours.lower <= 3.0 * (theirs.upper - theirs.lower) + 1e-12 * ours.value


@pytest.mark.parametrize("penalised", [False, True])
def test_rows_that_do_not_count_are_left_out_of_the_whitening(penalised: bool) -> None:
    X = np.random.default_rng(4).normal(size=(3000, 4))
    rows = np.arange(3000) % 3 > 0
    ridge = np.array([0.0, 1.0, 2.0, 3.0]) * penalised
    basis = whiten(X, ridge, rows).basis
    left = np.vstack([X[rows], np.diag(np.sqrt(ridge))]) @ basis
    assert left.T @ left == pytest.approx(np.eye(4), abs=1e-13)
    tied = np.column_stack([X, X[:, 0] + 1e-9 * X[:, 1] ** 2])
    found = whiten(tied, np.zeros(5), rows)
    assert found.left is not None
    assert found.left[rows].T @ found.left[rows] == pytest.approx(np.eye(5), abs=1e-12)
