"""Separable rows: where the logistic, the exponential or the Poisson risk has an infimum and no minimiser.

The loss of a row with the tail s_i = y_i (two classes) or -1 (a count of 0) falls to 0 as s_i p grows; a count above 0
has no tail, s_i = 0. A direction d with s_i x_i . d > 0 for some rows and x_i . d = 0 for the others sends the loss of
those rows to 0 and leaves the others as they are: the infimum is that of the others, approached and not attained
(THEORY, section 1).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gdcli.risk.empirical import Matrix, Vector
from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.optimum.solve import factorise
from gdcli.risk.passes import absolute, product

Rows = NDArray[np.bool_]
# The direction itself is rounded before its margins are: rows of a factorisation, a projection, a product.
_SAFETY = 16.0


def tails(risk: LinearRisk) -> Vector:
    """s_i for every row: y_i, or -1 for a count of 0 and 0 for the other counts."""
    return risk.y if risk.kernel.loss.target == "signs" else np.where(risk.y == 0.0, -1.0, 0.0)


def separates_all(risk: LinearRisk, theta: Vector, predictions: Vector) -> bool:
    """All margins s_i x_i . theta > 0, which proves that the infimum is 0; `predictions` are X theta."""
    for rows, part in risk.parts():
        margins = tails(part) * predictions[rows]
        if not (np.all(margins > 0.0) and np.all(margins > _noise(part, theta))):
            return False
    return True


def falls_without_end(risk: LinearRisk, theta: Vector) -> bool:
    """Whether every loss, a formula's, falls for ever along theta, so that the infimum is approached and not attained.

    It does if no slope points upwards from p = x_i . theta on; before p none does because phi is convex. A formula that
    is smooth everywhere is analytic: were its slope 0 from some p on, it would be 0 at p = 0, too.
    """
    predictions = risk.predictions(theta)
    if not (risk.loss.convex and risk.loss.smooth) or risk.penalty.any():
        return False
    up, far = predictions > 0.0, np.full_like(predictions, np.inf)
    at_0 = risk.kernel.first(0.0 * predictions, risk.y)
    if not np.all((np.abs(predictions) > _noise(risk, theta)) & (np.where(up, at_0, -at_0) < 0.0)):
        return False
    low, high = risk.kernel.over[1](np.where(up, predictions, -far), np.where(up, far, predictions), risk.y)
    # Outward rounding takes a bound of 0 to the least double beyond it.
    return bool(np.all(np.where(up, high, -low) <= np.finfo(float).tiny))


def separated_without_cost(risk: LinearRisk) -> Rows:
    """The rows that a penalised risk's one free column (the intercept) tells apart, as where all labels are one."""
    free = risk.penalty == 0.0
    if int(np.count_nonzero(free)) != 1:
        return np.zeros(risk.rows, dtype=bool)
    column = risk.X[:, free][:, 0]
    margins = tails(risk) * column
    moved = column != 0.0
    one_sided = np.all(margins[moved] > 0.0) or np.all(margins[moved] < 0.0)
    return np.asarray(moved & bool(one_sided))


def separated_rows(risk: LinearRisk, basis: Matrix, step: Vector) -> Rows | None:
    """The rows with a positive margin along (a projection of) `step`, the others' margins being exactly 0.

    `step` is a Newton step u far out, in the coordinates theta = theta0 + W u of `basis`; there the rows that cannot be
    told apart hold it still. It is projected on the null space of those rows; the margins of the rest are then
    checked against their rounding, so a wrong guess gives None.
    """
    size = float(np.linalg.norm(step))
    if size == 0.0:
        return None
    sides = tails(risk)
    margins = sides * risk.predictions(basis @ (step / size))
    for threshold in (1e-2, 1e-4, 1e-6):
        separated = margins > threshold * float(np.max(np.abs(margins)))
        if not separated.any():
            continue
        direction = basis @ _project_on_null_space(product(risk.X[~separated], basis), step / size)
        checked = sides * risk.predictions(direction)
        least = np.maximum(_SAFETY * _noise(risk, direction), 1e-9 * float(np.max(margins)))
        if np.all(checked[separated] > least[separated]):
            return separated
    return None


def _project_on_null_space(rows: Matrix, direction: Vector) -> Vector:
    """direction minus its part in the row space of `rows`."""
    if not len(rows):
        return direction
    span = np.linalg.qr(factorise(rows).basis)[0]
    return np.asarray(direction - span @ (span.T @ direction))


def _noise(risk: LinearRisk, theta: Vector) -> Vector:
    """A bound on the rounding of each margin."""
    return np.asarray(risk.width * np.finfo(float).eps * absolute(risk.X, np.abs(theta)))
