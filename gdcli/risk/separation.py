"""Separable rows of a two-class problem: where the logistic risk has an infimum and no minimiser.

A direction d with y_i x_i . d >= 0 for all rows and > 0 for some sends the loss of those rows to 0 and leaves the
others as they are: the infimum is that of the others, approached and not attained (THEORY, section 1).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gdcli.risk.empirical import EmpiricalRisk, Vector

Rows = NDArray[np.bool_]


def separates_all(risk: EmpiricalRisk, theta: Vector) -> bool:
    """All margins y_i x_i . theta > 0, which proves that the infimum is 0."""
    return bool(np.all(risk.y * (risk.X @ theta) > _noise(risk, theta)))


def separated_rows(risk: EmpiricalRisk, direction: Vector) -> Rows | None:
    """The rows with a positive margin along (a projection of) `direction`, the others' margins being exactly 0.

    `direction` is a Newton step far out, where the rows that cannot be told apart hold it still. It is projected on
    the null space of those rows; the margins of the rest are then checked, so a wrong guess gives None.
    """
    size = float(np.linalg.norm(direction))
    if size == 0.0:
        return None
    margins = risk.y * (risk.X @ (direction / size))
    for threshold in (1e-2, 1e-4, 1e-6):
        separated = margins > threshold * float(np.max(np.abs(margins)))
        if separated.all():
            return separated
        projected = _project_on_null_space(risk.X[~separated], direction / size)
        checked = risk.y * (risk.X @ projected)
        if np.any(separated) and np.all(checked[separated] > 1e-9):
            return separated
    return None


def _project_on_null_space(rows: NDArray[np.float64], direction: Vector) -> Vector:
    """direction minus its part in the row space of `rows`."""
    _, singular, Vt = np.linalg.svd(rows, full_matrices=False)
    basis = Vt[singular > max(rows.shape) * np.finfo(float).eps * singular[0]] if len(singular) else Vt
    return np.asarray(direction - basis.T @ (basis @ direction))


def _noise(risk: EmpiricalRisk, theta: Vector) -> Vector:
    """A bound on the rounding of each margin."""
    return np.asarray(risk.width * np.finfo(float).eps * (np.abs(risk.X) @ np.abs(theta)))
