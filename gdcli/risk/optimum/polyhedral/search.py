"""From the end of the central path to the face of optima: which rows stand on their kink."""

from __future__ import annotations

import math

import numpy as np

from gdcli.kernels.pairs import Pair, add, times
from gdcli.risk.empirical import Vector
from gdcli.risk.optimum.polyhedral.face import Face, Faults, Space, settle, split_rows
from gdcli.risk.optimum.polyhedral.interior import Inside, Piecewise, follow
from gdcli.risk.optimum.polyhedral.kinks import SURE, Mask, dot

# After so many exchanges of rows the problem near the kinks is solved anew, and that so many times.
SWAPS, ZOOMS = 4, 3
# Rows this many times farther from their kink than what is wrong stay on their side of it.
FAR = 1e3
# The slope against changing sides, times sqrt(N).
STEEP = 1e3


def search(space: Space, theta0: Vector, found: Inside) -> Face:
    """The face on which the path ended, put right until nothing is wrong with it; else the best that was seen."""
    kinks = space.kinks
    start = _moved((theta0, np.zeros_like(theta0)), space.W @ found.u)
    rows = classify(found, kinks.width)
    a = _with_ends(space, found.t > 0.0, rows, found.a)
    face = best = settle(space, start, a, rows)
    least = face.t.size + 1
    for attempt in range(1, (SWAPS + 1) * ZOOMS + 1):
        faults = face.faults()
        if len(faults) <= least:
            best, least = face, len(faults)
        further = _next(face, faults, attempt)
        if further is None:
            break
        face = further
    return best


def _next(face: Face, faults: Faults, attempt: int) -> Face | None:
    """What may put right what is wrong; None where nothing is."""
    if not len(faults):
        return _slide(face)
    if faults.apart.any() or attempt % (SWAPS + 1) == 0:
        return _zoom(face, faults)
    return _swap(face, faults)


def interpolate(space: Space, theta0: Vector, u: Vector) -> Face | None:
    """The face of all rows, where least squares puts every one on its kink: R* = 0."""
    kinks = space.kinks
    theta = _moved((theta0, np.zeros_like(theta0)), space.W @ u)
    if np.any(np.abs(kinks.X @ theta[0] - kinks.kink) > SURE * kinks.size(theta[0])):
        return None
    everyone = np.ones(len(kinks.kink), dtype=bool)
    nothing = np.zeros(len(kinks.kink))
    face = settle(space, theta, (nothing, nothing), everyone)
    return None if len(face.faults()) else face


def classify(found: Inside, width: Vector) -> Mask:
    """The rows whose a_i has more room than their t_i, each measured against its size."""
    room = np.minimum(found.above, found.below) / width
    return np.asarray(room > np.abs(found.t) / found.scale)


def _moved(theta: Pair, step: Vector) -> Pair:
    high, low = add(theta, (step, np.zeros_like(step)))
    return high, low


def _with_ends(space: Space, right: Mask, rows: Mask, inside: Vector) -> Pair:
    """a as given on these rows, on the others at the end that their side of the kink asks for."""
    high, tail = space.kinks.end(right)
    return np.where(rows, inside, high), np.where(rows, 0.0, tail)


def _swap(face: Face, faults: Faults) -> Face:
    """Rows on the wrong side go onto their kink, rows whose a_i left its interval go to the end that it passed."""
    kinks = face.space.kinks
    rows = (face.rows | faults.wrong) & ~faults.outside
    end = kinks.end(kinks.room(face.a)[1] < 0.0)
    high, tail = (np.where(faults.outside, e, a) for e, a in zip(end, face.a, strict=True))
    return settle(face.space, face.theta, (high, tail), rows)


def _zoom(face: Face, faults: Faults) -> Face:
    """The same problem for the rows near their kink, in the unit of the largest distance that is wrong.

    phi is homogeneous, so distances of 1e-17 can be told apart as well as any others (iterative refinement of linear
    programs: Gleixner, Steffy and Wolter, 2016).
    """
    space = face.space
    kinks = space.kinks
    unit = max(float(np.max(np.abs(face.t[faults.rows | face.rows]))), float(np.finfo(float).tiny))
    near = face.rows | faults.rows | (np.abs(face.t) <= FAR * unit)
    far = ~near
    slope = add(dot(kinks.X[far], (face.a[0][far], face.a[1][far])), times(face.theta, kinks.weight))
    low, high = kinks.low[0][near], kinks.high[0][near]
    found = follow(Piecewise(space.U[near], face.t[near] / unit, low, high, space.W.T @ slope[0], space.M * unit))
    rows, right, inside = near.copy(), face.t > 0.0, face.a[0].copy()
    rows[near], right[near], inside[near] = classify(found, kinks.width[near]), found.t > 0.0, found.a
    theta = _moved(face.theta, space.W @ (unit * found.u))
    return settle(space, theta, _with_ends(space, right, rows, inside), rows)


def _slide(face: Face) -> Face | None:
    """Where theta is free to move but the slope there is 1e-17 and not 0: the point at which rows stop it.

    Over the directions Z that the rows on their kink leave free, min e.z so that no other row changes sides. A penalty
    of slope K on changing sides, in units of |e|, makes it a sum of kinks.
    """
    space = face.space
    kinks, others = space.kinks, ~face.rows
    Z = split_rows(space.U[face.rows]).Z
    residual, error = kinks.stationarity(face.theta, face.a)
    slope = Z.T @ (space.W.T @ residual)
    # Of slopes of 1e-200 the squares would be 0.
    size = math.hypot(*slope)
    if space.M.any() or not np.any(np.abs(slope) > 2.0 * np.abs(space.W @ Z).T @ error):
        return None
    right = face.t[others] > 0.0
    K = STEEP * math.sqrt(len(face.t))
    low, high = np.where(right, -K, 0.0), np.where(right, 0.0, K)
    flat = np.zeros((Z.shape[1], Z.shape[1]))
    found = follow(Piecewise(space.U[others] @ Z, face.t[others], low, high, slope / size, flat))
    stopping = classify(found, high - low)
    rows, change = face.rows.copy(), np.zeros_like(face.t)
    rows[others], change[others] = stopping, np.where(stopping, size * found.a, 0.0)
    a = add(face.a, (change, np.zeros_like(change)))
    return settle(space, _moved(face.theta, space.W @ (Z @ found.u)), a, rows, held=face.rows)
