"""Which pairs (row, other class) a direction separates, proven by their margins (d_{y_i} - d_k) . x_i.

Far out along Newton's way the pairs that can be told apart gain about 1 a step, and the others stand still. The step is
projected on the directions that leave those others exactly alone; the margins of the rest are then checked against
their rounding, so a wrong guess gives None.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from gdcli.risk.empirical import Matrix, Vector
from gdcli.risk.models.softmax import SoftmaxRisk
from gdcli.risk.models.softmax_kernel import Codes, Pairs

if TYPE_CHECKING:
    from gdcli.risk.optimum.softmax_space import Contrasts

EPS = float(np.finfo(float).eps)
# The direction itself is rounded before its margins are: rows of a factorisation, a projection, a product.
_SAFETY = 16.0


def other_pairs(risk: SoftmaxRisk) -> Pairs:
    """The active pairs (k, i) with k != y_i, (K, N)."""
    pairs = np.ones((risk.classes, risk.rows), dtype=bool) if risk.active is None else risk.active.copy()
    pairs[risk.y, np.arange(risk.rows)] = False
    return pairs


def separates_all(risk: SoftmaxRisk, theta: Vector) -> bool:
    """All margins of active pairs > 0, which proves that the infimum is 0."""
    scores = risk.matrix(theta) @ risk.X.T
    # Most thetas fail at the first look, without the rounding.
    margins = _margins(scores, risk.y)
    pairs = other_pairs(risk)
    return bool(np.all(margins[pairs] > 0.0)) and bool(np.all((margins > _noise(risk, theta))[pairs]))


def separated_pairs(space: Contrasts, step: Vector) -> Pairs | None:
    """The pairs with a positive margin along (a projection of) the Newton step, the others' margins being exactly 0."""
    risk = space.risk
    flat = space.spread(step).ravel()
    size = float(np.linalg.norm(flat))
    if size == 0.0:
        return None
    pairs = other_pairs(risk)
    margins = _margins(space.C @ (flat / size).reshape(space.C.shape[1], -1) @ space.U.T, risk.y)
    largest = float(np.max(np.abs(margins[pairs])))
    for threshold in (1e-2, 1e-4, 1e-6):
        separated = pairs & (margins > threshold * largest)
        if not separated.any():
            continue
        direction = _leaving_alone(space, pairs & ~separated, flat / size)
        D = (space.C @ direction.reshape(space.C.shape[1], -1) @ space.W.T).ravel()
        checked = _margins(risk.matrix(D) @ risk.X.T, risk.y)
        least = np.maximum(_SAFETY * _noise(risk, D), 1e-9 * float(np.max(margins[pairs])))
        if np.all(checked[separated] > least[separated]):
            return separated
    return None


def span_of_pairs(U: Matrix, y: Codes, C: Matrix, active: Pairs, more: Matrix) -> Matrix:
    """W, whose columns span the row space of A, the active pairs' rows (c_{y_i} - c_k) (x) u_i and `more`.

    A W has orthonormal columns. U's columns have length 1 and its rounding is that of 1, so what is smaller is nothing.
    """
    _, singular, Vt = np.linalg.svd(_triangle(U, y, C, active, more))
    rows = int(np.count_nonzero(active)) + len(more)
    rank = int(np.count_nonzero(singular > max(rows, Vt.shape[0]) * EPS * max(float(singular[0]), 1.0)))
    return np.asarray(Vt[:rank].T / singular[:rank])


def _leaving_alone(space: Contrasts, pairs: Pairs, direction: Vector) -> Vector:
    """direction minus its part in the row space of these pairs and of the penalised coordinates."""
    penalised = space.W[space.risk.ridge > 0.0]
    penalised = penalised / np.linalg.norm(penalised, axis=1, keepdims=True)
    more = np.asarray(np.kron(np.eye(space.C.shape[1]), penalised))
    if not pairs.any() and not len(more):
        return direction
    basis = span_of_pairs(space.U, space.risk.y, space.C, pairs, more)
    span = np.linalg.qr(basis)[0]
    return np.asarray(direction - span @ (span.T @ direction))


def _triangle(U: Matrix, y: Codes, C: Matrix, pairs: Pairs, more: Matrix) -> Matrix:
    """R of a QR factorisation of all the pairs' rows and `more`.

    For two classes k and l the rows are (c_k - c_l) (x) u_i up to a sign: each two classes' u_i are factorised alone.
    """
    blocks = [more, np.zeros((1, C.shape[1] * U.shape[1]))]
    for k, other in combinations(range(len(C)), 2):
        rows = ((y == k) & pairs[other]) | ((y == other) & pairs[k])
        if rows.any():
            blocks.append(np.kron(C[k] - C[other], np.linalg.qr(U[rows])[1]))
    return np.asarray(np.linalg.qr(np.vstack(blocks))[1])


def _margins(scores: Matrix, y: Codes) -> Matrix:
    """Row i's own score less that of class k, (K, N)."""
    return np.asarray(scores[y, np.arange(len(y))] - scores)


def _noise(risk: SoftmaxRisk, theta: Vector) -> Matrix:
    """A bound on the rounding of each margin, (K, N)."""
    sizes = np.abs(risk.matrix(theta)) @ np.abs(risk.X).T
    return np.asarray((risk.X.shape[1] + 2) * EPS * (sizes + sizes[risk.y, np.arange(risk.rows)]))
