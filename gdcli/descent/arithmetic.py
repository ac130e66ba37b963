"""What the formulas of several methods use."""

from __future__ import annotations

import math

import numpy as np

from gdcli.descent.method import Matrix, Vector
from gdcli.kernels.native.row import dot as ordered

EPS = float(np.finfo(float).eps)


def dot(a: Vector, b: Vector) -> float:
    """a . b, added in the order of compiled loops."""
    return ordered(len(a))(a, b)


def norm(a: Vector) -> float:
    """||a||."""
    return math.sqrt(dot(a, a))


def first_size(theta: Vector, g: Vector, share: float = 1.0) -> float:
    """eta that moves theta by `share` (1 + ||theta||) along g; 1 where g is 0."""
    length = norm(g)
    return share * (1.0 + norm(theta)) / length if length > 0.0 else 1.0


def downhill(H: Matrix, g: Vector) -> Vector:
    """-|H|^+ g: Newton's step, with |eigenvalues| of H so that it leads down where H is not positive definite.

    Eigenvalues below the rounding of the largest one count as 0: nothing is known along them (after Dauphin and others,
    2014). -g where H has an entry that no double holds.
    """
    if not np.all(np.isfinite(H)):
        return -g
    values, vectors = np.linalg.eigh(H)
    sizes = np.abs(values)
    kept = sizes > len(H) * EPS * np.max(sizes, initial=0.0)
    return np.asarray(-vectors[:, kept] @ ((vectors[:, kept].T @ g) / sizes[kept]))
