"""The norm ||g||_{H^-1} in which a gradient says how far below R can still fall."""

from __future__ import annotations

import numpy as np

from gdcli.risk.empirical import Matrix, Vector
from gdcli.risk.optimum.whiten import Whitening

EPS = float(np.finfo(float).eps)


def half_inverse(space: Whitening, weights: Vector) -> Matrix | None:
    """Q (k, r) with Q Q^T = M^+ for M = (1/N) sum m_i x_i x_i^T + diag(lambda), m = `weights`, on the row space.

    None where M is singular there to rounding, or no number (phi'' may be infinite, or undefined at a kink).
    """
    return half_of(space.curvature(weights) / len(weights), space.basis)


def half_of(metric: Matrix, basis: Matrix) -> Matrix | None:
    """Q = W V with V V^T = metric^-1, for W = `basis`; None where the metric is singular to rounding, or no number."""
    if not np.all(np.isfinite(metric)):
        return None
    values, vectors = np.linalg.eigh(metric)
    if not np.all(values > len(values) * EPS * np.maximum(values[-1:], np.finfo(float).tiny)):
        return None
    return np.asarray(basis @ (vectors / np.sqrt(values)))


def decrement(half: Matrix, residual: Vector, error: Vector) -> float:
    """sqrt(g . M^+ g) for every g within `error` of `residual`, at the most."""
    return float(np.linalg.norm(half.T @ residual)) + float(np.linalg.norm(np.abs(half).T @ error))
