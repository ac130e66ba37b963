"""min_v [v . H v/2 - c . v + sum_j w_j |v_j|], exactly up to rounding, by active sets."""

from __future__ import annotations

import math

import numpy as np

from gdcli.risk.empirical import Matrix, Vector

EPS = float(np.finfo(float).eps)
# Pivots of a Cholesky factor of 1 on the diagonal below which rounding may speak, and what counts as 0 beside a norm.
NEAR_SINGULAR, NOTHING = 1e-7, 1e-9
# So many coordinates may enter for each that there is.
ENTRIES = 20
# Sweeps over the coordinates that find most zeros and signs cheaply.
SWEEPS = 30


def minimise_signed(H: Matrix, c: Vector, pull: Vector, start: Vector) -> Vector:
    """The minimiser v (k,) for H (k, k) positive semidefinite and w = `pull` (k,), from `start` on.

    On the coordinates that are not 0, with their signs, the objective is a quadratic: v goes towards its minimiser and
    drops what comes to 0 on the way; then those zeros enter whose slope |(H v - c)_j| exceeds w_j. The objective falls
    all the while, so no set comes twice (after Lee, Battle, Raina and Ng, 2007; Lawson and Hanson, 1974).
    """
    v = _swept(H, c, pull, start)
    signs = np.where(pull > 0.0, np.sign(v), 0.0)
    active = (v != 0.0) | (pull == 0.0)
    alone = False
    for _ in range(ENTRIES * len(v) + 100):
        _descend(H, c, pull, v, signs, active)
        slopes = H @ v - c
        noise = 32.0 * EPS * (np.abs(H) @ np.abs(v) + np.abs(c) + pull)
        excess = np.where(active, -math.inf, np.abs(slopes) - pull - noise)
        worst = float(np.max(excess, initial=-math.inf))
        if not worst > 0.0:
            break
        before = active.copy()
        # Several at a time save work; where none of them stayed the steepest one alone is sure to.
        entering = excess == worst if alone else excess >= 0.5 * worst
        signs[entering] = -np.sign(slopes[entering])
        active |= entering
        _descend(H, c, pull, v, signs, active)
        stuck = np.array_equal(active, before)
        if stuck and alone:
            break
        alone = stuck
    return v


def _swept(H: Matrix, c: Vector, pull: Vector, start: Vector) -> Vector:
    """Each v_j in turn where it is best with the others as they are, until a sweep leaves all signs."""
    v, bends = start.tolist(), np.diag(H).tolist()
    slopes = H @ start - c
    for _ in range(SWEEPS):
        before = [math.copysign(1.0, value) if value else 0.0 for value in v]
        for j, (bend, weight) in enumerate(zip(bends, pull.tolist(), strict=True)):
            if bend > 0.0:
                goal = bend * v[j] - float(slopes[j])
                moved = math.copysign(max(abs(goal) - weight, 0.0), goal) / bend
                if moved != v[j]:
                    slopes += (moved - v[j]) * H[j]
                    v[j] = moved
        if before == [math.copysign(1.0, value) if value else 0.0 for value in v]:
            break
    return np.array(v) + 0.0


def _descend(H: Matrix, c: Vector, pull: Vector, v: Vector, signs: Vector, active: Vector) -> None:
    """Take v to the minimiser of the quadratic on the active coordinates, dropping those that come to 0: in place."""
    while active.any():
        A = np.flatnonzero(active)
        own = v[A]
        force = c[A] - pull[A] * signs[A] - H[np.ix_(A, A)] @ own
        direction, most = direction_of(H[np.ix_(A, A)], force)
        length = _room(own, direction, signs[A])
        if not min(length.min(initial=math.inf), most) < math.inf:
            # Flat or falling without end: the caller looks at what came of it.
            return
        step = min(float(length.min(initial=math.inf)), most)
        v[A] = own + step * direction
        if step == most:
            return
        gone = A[length <= step]
        v[gone], signs[gone], active[gone] = 0.0, 0.0, False


def _room(own: Vector, direction: Vector, signs: Vector) -> Vector:
    """How far each coordinate may go before it changes its sign; infinite for one without a sign."""
    inward = signs * direction < 0.0
    length = np.full(len(own), math.inf)
    length[inward] = np.abs(own[inward]) / np.abs(direction[inward])
    return length


def direction_of(H: Matrix, force: Vector) -> tuple[Vector, float]:
    """H^-1 force and 1; where H is singular and force leaves its range a direction without curvature, and infinity."""
    size = np.sqrt(np.diag(H))
    size = np.where(size > 0.0, size, 1.0)
    scaled, pushed = H / size / size[:, None], force / size
    try:
        pivots = np.diag(np.linalg.cholesky(scaled))
    except np.linalg.LinAlgError:
        pivots = np.zeros(1)
    if float(np.min(pivots)) > NEAR_SINGULAR:
        return np.asarray(np.linalg.solve(scaled, pushed) / size), 1.0
    values, vectors = np.linalg.eigh(scaled)
    along = vectors.T @ pushed
    bent = values > len(values) * EPS * values[-1]
    flat = np.where(bent, 0.0, along)
    if float(np.linalg.norm(flat)) > NOTHING * float(np.linalg.norm(along)):
        return np.asarray(vectors @ flat / size), math.inf
    return np.asarray(vectors[:, bent] @ (along[bent] / values[bent]) / size), 1.0
